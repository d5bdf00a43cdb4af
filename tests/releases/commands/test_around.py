"""What stands around releases: segments, switches, simulation, lint, members and tokens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.evaluation.policy import model, parse
from miniprogram.identity.denials import read_denials
from miniprogram.identity.host_apps import add_app, set_environment
from miniprogram.identity.members import add_member, list_members, remove_member
from miniprogram.identity.roles import Grant, Role
from miniprogram.identity.tokens import authenticate, create_token, list_tokens, revoke_token
from miniprogram.refusals import Denied, Refused, Unacceptable
from miniprogram.releases.commands.id_files import read_ids
from miniprogram.releases.commands.segments import change_ids, put_ids, put_patterns, remove_segment, show_segment
from miniprogram.releases.commands.switches import export_switches, import_switches, set_switch, turn_switch
from miniprogram.releases.lint.lint import lint
from miniprogram.releases.simulation.population import made_up, read_visitors
from miniprogram.releases.simulation.simulate import Proposal, simulate
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import ANY_HOST, Kind, Stage

NAMES = ("ann", "Bob", "cleo", "eve", "nobody")
VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}


def codes(world: Any) -> list[str]:
    return [each.code for each in lint(world.storage, "shop", now=world.context.now).findings]


def test_a_segment_is_versioned_and_holds_no_ids(world: Any) -> None:
    put_ids(world.context, "shop", "vip", (f"user-{number}" for number in range(20_000)), create=True)
    report = put_ids(world.context, "shop", "vip", ["Ann", "ann", "bob"], ignore_case=True)

    assert (report.subject["version"], report.subject["count"]) == (2, 2)
    assert show_segment(world.storage, "shop", "vip", asked="ANN").contains
    assert not show_segment(world.storage, "shop", "vip", asked="eve").contains
    stored = world.store.get("metadata/segments/shop/vip/2.ids")
    assert b"ann" not in stored.body.lower()
    assert world.store.get("metadata/segments/shop/vip/1.ids") is not None


def test_a_segment_in_use_stays(world: Any) -> None:
    put_ids(world.context, "shop", "vip", ["ann"])
    rules = [{"value": True, "audience": VIP}]
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False, "rules": rules})

    with pytest.raises(Refused, match="used by switch new"):
        remove_segment(world.context, "shop", "vip")
    with pytest.raises(Refused, match="already"):
        put_ids(world.context, "shop", "vip", ["bob"], create=True)


def test_some_ids_go_and_others_come_without_the_rest(world: Any) -> None:
    put_ids(world.context, "shop", "vip", ["Ann", "bob", "cleo"], ignore_case=True)

    report = change_ids(world.context, "shop", "vip", add=["EVE", "bob", "eve"], remove=["ann", "nobody", "bob"])

    assert (report.subject["version"], report.subject["count"]) == (2, 3)
    inside = {name: show_segment(world.storage, "shop", "vip", asked=name).contains for name in NAMES}
    assert inside == {"ann": False, "Bob": True, "cleo": True, "eve": True, "nobody": False}
    event = require_releases(world.storage, "shop").trail.latest[-1]
    assert (event.command, event.details["added"], event.details["removed"]) == ("segment change", 1, 1)
    emptied = change_ids(world.context, "shop", "vip", remove=["bob", "cleo", "eve"])
    assert emptied.subject["count"] == 0


@pytest.mark.parametrize(
    ("ids", "code"), [({"add": ["ann"], "remove": ["eve"]}, "segment_changes"), ({}, "segment_changes")]
)
def test_a_change_that_is_none_is_refused_and_makes_no_version(world: Any, ids: Any, code: str) -> None:
    put_ids(world.context, "shop", "vip", ["ann"])
    with pytest.raises(Refused) as refused:
        change_ids(world.context, "shop", "vip", **ids)
    assert refused.value.rule == code
    assert show_segment(world.storage, "shop", "vip").segment.version == 1


def test_ids_go_into_no_patterns(world: Any) -> None:
    put_patterns(world.context, "shop", "staff", ["@corp$"])
    with pytest.raises(Refused, match="patterns"):
        change_ids(world.context, "shop", "staff", add=["ann"])


def test_a_segment_says_why_somebody_is_in_it(world: Any) -> None:
    put_patterns(world.context, "shop", "staff", ["^a", "@corp$"], ignore_case=True)
    put_ids(world.context, "shop", "vip", ["Ann"])

    def why(name: str, asked: str) -> str | None:
        return show_segment(world.storage, "shop", name, asked=asked).because

    assert why("staff", "eve@CORP") == "the pattern '@corp$' matches it; capital and small letters are the same"
    assert why("staff", "eve") == "none of its 2 patterns matches it; capital and small letters are the same"
    assert why("vip", "Ann") == "it is one of the 1 ids of version 1; capital letters count"
    assert why("vip", "ann") == "it is none of the 1 ids of version 1; capital letters count"


def test_patterns_that_may_not_end_are_refused(world: Any) -> None:
    put_patterns(world.context, "shop", "staff", [r"@corp\.example$"])
    assert show_segment(world.storage, "shop", "staff", asked="ann@corp.example").contains

    with pytest.raises(Unacceptable, match=r"\(a\+\)\+"):
        put_patterns(world.context, "shop", "staff", ["(a+)+"])


def test_ids_come_from_lines_and_columns(tmp_path: Path) -> None:
    lines, table = tmp_path / "ids.txt", tmp_path / "ids.csv"
    lines.write_text("\ufeff# people\nann\n\n  bob \n", "utf-8")
    table.write_text("name,userId\nAnn,a-1\nBob,b-2\n", "utf-8")

    assert list(read_ids(lines)) == ["ann", "bob"]
    assert list(read_ids(table, column="userId")) == ["a-1", "b-2"]
    with pytest.raises(Unacceptable, match="no column 'id'"):
        list(read_ids(table, column="id"))
    with pytest.raises(Unacceptable, match="does not exist"):
        list(read_ids(tmp_path / "none.txt"))


def test_switches_travel(world: Any) -> None:
    rule = {"value": True, "basisPoints": 5000}
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False, "rules": [rule]})
    salt = world.document.switch("new").rules[0].salt
    turn_switch(world.context, "shop", "new", on=False)
    exported = export_switches(world.storage, "shop")
    assert world.document.policy["switches"]["new"]["enabled"] is False

    document = {
        "switches": [{**exported["switches"][0], "enabled": True}, {"key": "b", "type": "number", "default": 1}]
    }
    skipped = import_switches(world.context, "shop", document, existing="skip")
    assert skipped.subject == {"written": ["b"], "skipped": ["new"]}
    import_switches(world.context, "shop", document, existing="overwrite")
    switch = world.document.switch("new")
    assert (switch.enabled, switch.rules[0].salt) == (True, salt)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"key": "a", "type": "boolean", "default": 1}, "default must be a boolean"),
        ({"key": "a", "type": "number", "default": True}, "default must be a number"),
        ({"key": "a b", "type": "number", "default": 1}, "key"),
        ({"key": "a", "type": "number", "default": 1, "rules": [{"value": "x"}]}, r"rules\[0\]\.value"),
        ({"key": "a", "type": "number", "default": 1, "colour": "red"}, "colour"),
    ],
    ids=["boolean", "number", "key", "rule", "unknown"],
)
def test_switches_that_do_not_fit_are_named(world: Any, members: dict[str, Any], said: str) -> None:
    with pytest.raises(Unacceptable, match=said):
        set_switch(world.context, "shop", members)


def test_simulation_counts_who_moves(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 1000)

    report = simulate(
        world.storage, "shop", Proposal("1.1.0", world.target, basis_points=3000),
        made_up(5000, host_app="wallet"), now=world.context.now,
    )  # fmt: skip

    assert report.visitors == 5000
    assert 850 < report.moving < 1150
    assert [(move.before, move.after) for move in report.moves] == [("1.0.0", "1.1.0")]
    assert world.document.live("1.1.0", world.target).grayscale.basis_points == 1000


def test_simulation_over_a_file(world: Any, tmp_path: Path) -> None:
    world.full("1.0.0", "1.1.0")
    people = tmp_path / "people.jsonl"
    people.write_text('{"userId": "ann", "country": "de"}\n{"userId": "bob"}\n', "utf-8")

    report = simulate(
        world.storage,
        "shop",
        Proposal("1.1.0", world.target, halted=True),
        read_visitors(people),
        now=world.context.now,
    )
    assert (report.moving, report.after) == (2, {"1.0.0": 2})


@pytest.mark.parametrize(
    ("audience", "code"),
    [
        ({"any": []}, "condition-never-matches"),
        ({"all": [{"attribute": "platform", "operator": "in", "values": ["ios"]},
                  {"attribute": "platform", "operator": "in", "values": ["android"]}]}, "condition-never-matches"),
        ({"all": [{"attribute": "custom.n", "operator": "num_gt", "values": [5]},
                  {"attribute": "custom.n", "operator": "num_lt", "values": [3]}]}, "condition-never-matches"),
        ({"all": [{"attribute": "hostVersion", "operator": "semver_gt", "values": ["2.0.0"]},
                  {"attribute": "hostVersion", "operator": "semver_lt", "values": ["1.0.0"]}]},
         "release-reaches-nobody"),
        ({"attribute": "now", "operator": "date_before", "values": ["2020-01-01"]}, "release-reaches-nobody"),
        ({"attribute": "hostApp", "operator": "in", "values": ["bank"]}, "release-reaches-nobody"),
        ({"attribute": "network", "operator": "cidr", "values": ["10.0.0.0/8"]}, "release-reaches-nobody"),
    ],
    ids=["any", "lists", "numbers", "versions", "past", "other app", "no address"],
)  # fmt: skip
def test_lint_finds_what_never_matches(world: Any, audience: dict[str, Any], code: str) -> None:
    world.drafted("1.0.0", audience=audience)

    assert code in codes(world)


def test_lint_is_silent_about_what_can_happen(world: Any) -> None:
    numbers = [{"attribute": "custom.n", "operator": "num_gte", "values": [3]},
               {"attribute": "custom.n", "operator": "num_lte", "values": [3]}]  # fmt: skip
    address = {"attribute": "ip", "operator": "cidr", "values": ["10.0.0.0/8"]}
    elsewhere = {"attribute": "network", "operator": "cidr", "values": ["10.0.0.0/8"], "inverted": True}
    named_so = {"attribute": "custom.gateway", "operator": "cidr", "values": ["10.0.0.0/8"]}
    parts = [{"all": numbers}, {"not": {"any": []}}, address, elsewhere, named_so]
    world.full("1.0.0", audience={"any": parts})

    assert [code for code in codes(world) if code != "condition-never-matches"] == []


def test_lint_finds_entries_nobody_reaches(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 10_000)
    rules = [{"value": True}, {"value": False}]
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False, "rules": rules})
    put_ids(world.context, "shop", "vip", ["ann"])

    assert codes(world) == ["full-release-unreachable", "rule-unreachable", "segment-unused"]


def test_tokens_stand_for_members(world: Any) -> None:
    add_member(world.context, "ann@example.com", [Grant(role=Role.REVIEWER, host_app="wallet")])
    made = create_token(world.context, "ann@example.com", days=1)
    assert made.token not in world.store.get(world.storage.keys.environment_document_key).body.decode()

    actor = authenticate(world.storage, made.token, now=world.context.now)

    assert (actor.name, actor.authenticated) == ("ann@example.com", True)
    assert actor.has(frozenset({Role.REVIEWER}), world.target)
    assert not actor.has(frozenset({Role.REVIEWER}), world.target.model_copy(update={"host_app": "bank"}))
    with pytest.raises(Denied, match="not known"):
        authenticate(world.storage, "mpt_x_y", now=world.context.now)


def test_no_token_is_more_than_its_member(world: Any) -> None:
    add_member(world.context, "ann", [Grant(role=Role.ADMIN, host_app="wallet")])

    with pytest.raises(Unacceptable, match="does not have the role"):
        create_token(world.context, "ann", grants=[Grant(role=Role.REVIEWER)])
    assert create_token(world.context, "ann", grants=[Grant(role=Role.DEVELOPER, host_app="wallet")]).grants == (
        "developer on wallet:*",
    )


def test_tokens_end(world: Any) -> None:
    add_member(world.context, "ann", [Grant(role=Role.REVIEWER)])
    made, other = create_token(world.context, "ann", days=1), create_token(world.context, "ann")

    with pytest.raises(Denied, match="expired"):
        authenticate(world.storage, made.token, now=world.later(25).now)

    revoke_token(world.context, made.id)
    with pytest.raises(Denied, match="revoked"):
        authenticate(world.storage, made.token, now=world.context.now)
    remove_member(world.context, "ann", reason="left")
    with pytest.raises(Denied, match="revoked"):
        authenticate(world.storage, other.token, now=world.context.now)
    assert {each.state for each in list_tokens(world.storage, now=world.context.now).tokens} == {"revoked"}
    assert list_members(world.storage).members == ()


def test_only_an_admin_manages(world: Any) -> None:
    developer = world.as_person("dev", Role.DEVELOPER)

    with pytest.raises(Denied, match="takes the role admin"):
        add_member(developer, "eve", [Grant(role=Role.ADMIN)])
    assert [each.event.command for each in read_denials(world.storage).denials] == ["member add"]


def test_rules_of_environments(world: Any) -> None:
    with pytest.raises(Unacceptable, match="production is always reviewed"):
        set_environment(world.context, "wallet", Stage.PRODUCTION, {"requires_review": False})
    with pytest.raises(Unacceptable, match="test is never reviewed"):
        set_environment(world.context, "wallet", Stage.TEST, {"requires_review": True})
    with pytest.raises(Refused, match="already"):
        add_app(world.context, "wallet")
    changed = set_environment(replace(world.context), "wallet", Stage.SANDBOX, {"requires_review": False})
    assert changed.subject["requiresReview"] is False


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"userId": ', "line 2 is not JSON"),
        ('["userId"]', "line 2 must hold a JSON object"),
        ('{"userId": "a", "userId": "b"}', "line 2 is not acceptable JSON"),
        ('{"userId": NaN}', "line 2 is not acceptable JSON"),
        ("[" * 100_000, "line 2 is nested too deeply"),
    ],
    ids=["torn", "no object", "twice", "no number", "deep"],
)
def test_visitors_of_a_file_are_read_strictly(line: str, said: str, tmp_path: Path) -> None:
    people = tmp_path / "people.jsonl"
    people.write_text(f'{{"userId": "ann"}}\n{line}\n')

    with pytest.raises(Unacceptable, match=said):
        list(read_visitors(people))


def test_engine_and_commands_know_the_same_words() -> None:
    assert tuple(Stage) == model.ENVIRONMENTS
    assert tuple(Kind) == parse.KINDS
    assert model.ANY_HOST == ANY_HOST
