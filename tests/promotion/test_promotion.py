"""A version with its approvals goes from one environment to another, and is refused when anything was touched."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.attestations.build import Build
from miniprogram.attestations.envelope import NotBelieved
from miniprogram.attestations.key_texts import key_text
from miniprogram.attestations.provenance import provenance_of
from miniprogram.attestations.source_revision import SourceRevision
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.errors import DocumentError, MiniProgramError, PublishError, StoreError
from miniprogram.identity.roles import Role
from miniprogram.promotion.arrival import open_arrival
from miniprogram.promotion.exporting import export_version
from miniprogram.promotion.promotion_file import read_promotion_file, write_promotion_file
from miniprogram.promotion.taking_over import Wishes
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import State
from miniprogram.testing import NOON, FaultyStore, sample_bundle, sample_screens
from testbed.promotion_world import PRODUCTION, Border, Place
from testbed.trust_world import MemoryKey

Forge = Callable[..., bytes]
COMMIT = SourceRevision("ab" * 20, dirty=False)


def refused(rule: str, act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.rule == rule
    return str(caught.value)


def untouched(border: Border, act: Callable[[], object], error: type[Exception] = MiniProgramError) -> str:
    """`act` is refused, and nothing is written."""
    before = border.here.objects()
    with pytest.raises(error) as caught:
        act()
    assert border.here.objects() == before
    return str(caught.value)


def with_promotions(border: Border) -> Any:
    document = border.here.document
    assert document is not None
    return document


# what goes well


def test_a_version_arrives_let_through_with_its_approvals(border: Border) -> None:
    imported = border.bring(border.export())

    assert imported.release.state is State.APPROVED
    assert imported.release.review is not None
    assert [each.reviewer for each in imported.release.review.approvals] == ["rea"]
    document = with_promotions(border)
    assert document.trail.latest[-1].command == "bundle import"
    assert document.trail.latest[-1].details["approvals"][0]["reviewer"] == "rea"
    there = border.there.document
    assert there is not None
    assert there.trail.latest[-1].command == "bundle export"
    assert document.promotions[0].hash == there.trail.hash


def test_nobody_is_served_it_before_it_goes_on_here(border: Border) -> None:
    border.bring(border.export())
    assert with_promotions(border).otherwise == "refuse"
    border.here.finish("1.0.0")
    assert with_promotions(border).full(PRODUCTION).version == "1.0.0"


def test_what_hosts_get_stays_where_something_is_served(border: Border) -> None:
    border.here.publish("0.9.0")
    pointer = border.here.storage.keys.catalog_pointer_key("shop")
    before = border.here.objects()[pointer]
    border.bring(border.export())
    assert border.here.objects()[pointer] == before
    assert with_promotions(border).otherwise == "legacy"


def test_the_same_export_gives_the_same_bytes(border: Border) -> None:
    statement, members = read_promotion_file(border.export(), name="it")
    assert write_promotion_file(statement, members) == write_promotion_file(statement, members)


def test_a_dry_run_says_the_same_and_writes_nothing(border: Border) -> None:
    body = border.export()
    before = border.here.objects()
    planned = border.bring(body, dry_run=True)
    assert border.here.objects() == before
    done = border.bring(body)
    assert (planned.release.state, set(planned.written)) == (done.release.state, set(done.written))
    assert {key for key in border.here.objects() if key not in before} <= set(planned.written)


def test_the_next_version_follows(border: Border) -> None:
    border.bring(border.export())
    border.here.finish("1.0.0")
    border.there.finish("1.0.0")
    border.there.publish("1.1.0")
    border.there.approve("1.1.0")
    border.bring(border.export("1.1.0"), hours=2)
    border.here.finish("1.1.0")
    assert [each.length for each in with_promotions(border).promotions] == [len_of(border)]


def len_of(border: Border) -> int:
    document = border.there.document
    assert document is not None
    return document.trail.length


def test_provenance_travels_and_is_judged_here(border: Border) -> None:
    builder, thief = MemoryKey("builder"), MemoryKey("thief")
    bundle = sample_bundle("shop", "1.0.0")
    key = border.there.storage.keys.key(PROVENANCE, "shop", "1.0.0")
    border.here.rules(provenance_keys=[key_text(builder.public())])

    said = untouched(border, lambda: border.bring(border.export()), Refused)
    assert "has no provenance" in said
    for signer in (thief, builder):
        statement = provenance_of(bundle, Build(COMMIT, NOON, NOON), [signer])
        border.there.store.put(key, statement, **PROVENANCE.headers())
        if signer is thief:
            assert "key that counts" in untouched(border, lambda: border.bring(border.export()), Refused)
    border.bring(border.export())
    assert border.here.objects()[key] == statement


def test_the_digest_is_compared_with_the_sources(border: Border) -> None:
    body = border.export()
    other = sample_bundle("shop", "1.0.0", screens=sample_screens(text="Other"))
    assert "the sources give" in untouched(border, lambda: border.bring(body, wishes=Wishes(sources=other)))
    foreign = sample_bundle("other", "1.0.0")
    assert "not of shop" in untouched(border, lambda: border.bring(body, wishes=Wishes(sources=foreign)))
    done = border.bring(body, wishes=Wishes(sources=sample_bundle("shop", "1.0.0")))
    assert "Sources: they give the same digest" in done.checked


# who is believed


def test_only_keys_the_target_takes_count(border: Border) -> None:
    body = border.export(key=MemoryKey("thief"))
    untouched(border, lambda: border.bring(body), NotBelieved)


def test_a_target_that_takes_nothing_over_refuses(border: Border) -> None:
    body = border.export()
    border.here.rules(promotion_keys=[])
    refused("promotion_accepted", lambda: border.bring(body))


def test_what_was_opened_with_another_key_is_not_taken_over(border: Border) -> None:
    """Whoever calls the use case cannot bring a key of his own."""
    from miniprogram.promotion import importing
    from miniprogram.publish.layouts.cloud import cloud_layout
    from miniprogram.seams.publish_target import Release

    thief = MemoryKey("thief")
    for trusted in ([key_text(thief.public())], None):
        arrival = open_arrival(border.export(key=thief), trusted, name="it")
        layout = cloud_layout(Release(arrival.bundle, NOON), border.here.location)
        refused(
            "promotion_accepted",
            lambda arrival=arrival, layout=layout: importing.import_version(
                border.here.context, arrival, layout, wishes=Wishes()
            ),
        )


def test_it_takes_the_role(border: Border) -> None:
    body = border.export()
    here = border.here.as_seen_by(border.here.person("eve", Role.DEVELOPER))
    with pytest.raises(Denied, match="may not bundle import"):
        border.bring(body, place=here)
    with pytest.raises(Denied, match="may not bundle export"):
        export_version(border.there.person("eve", Role.DEVELOPER), "shop", "1.0.0", PRODUCTION, keys=[border.key])


# what was touched


def test_every_single_changed_byte_is_noticed(border: Border) -> None:
    body = border.export()
    hint = body.index(b'"keyid":"') + len(
        b'"keyid":"'
    )  # says whose signature it may be, and is believed by nobody
    step = max(1, len(body) // 400)
    for position in range(0, len(body), step):
        if hint <= position < hint + 64:
            continue
        changed = bytearray(body)
        changed[position] ^= 1
        with pytest.raises(MiniProgramError):
            border.bring(bytes(changed))
    assert border.here.document is None


@pytest.mark.parametrize("cut", [1, 512, 1024, 5000], ids=str)
def test_a_file_that_is_cut_off_is_refused(border: Border, cut: int) -> None:
    body = border.export()
    untouched(border, lambda: border.bring(body[:-cut]), DocumentError)


@pytest.mark.parametrize("more", [b"\0", b"\0" * 1024, b"x"], ids=["a byte", "blocks", "text"])
def test_a_file_that_goes_on_is_refused(border: Border, more: bytes) -> None:
    body = border.export()
    untouched(border, lambda: border.bring(body + more), DocumentError)


def test_members_in_another_order_or_left_out_are_refused(border: Border) -> None:
    statement, members = read_promotion_file(border.export(), name="it")
    names = list(members)
    turned = write_promotion_file(statement, {name: members[name] for name in reversed(names)})
    assert "in another order" in untouched(border, lambda: border.bring(turned), DocumentError)
    fewer = write_promotion_file(statement, {name: members[name] for name in names[:-1]})
    assert "not those it lists" in untouched(border, lambda: border.bring(fewer), DocumentError)
    more = write_promotion_file(statement, {**members, "extra.json": b"{}"})
    assert "not those it lists" in untouched(border, lambda: border.bring(more), DocumentError)


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for member, body in members:
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def _link(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no tar",
        _tar((tarfile.TarInfo("../out"), b"x")),
        _tar((tarfile.TarInfo("/etc/out"), b"x")),
        _tar((_link("statement.json", tarfile.SYMTYPE), b"")),
        _tar((_link("statement.json", tarfile.LNKTYPE), b"")),
        _tar((tarfile.TarInfo("statement.json"), b"{}"), (tarfile.TarInfo("statement.json"), b"{}")),
        _tar((tarfile.TarInfo("statement.json"), b"x" * (5 * 1024 * 1024))),
        _tar((tarfile.TarInfo("trust/big"), b"x" * (9 * 1024 * 1024))),
        _tar(*((tarfile.TarInfo(f"trust/{number}"), b"") for number in range(5_000))),
    ],
    ids=[
        "empty",
        "no tar",
        "path out",
        "path from the root",
        "symlink",
        "hard link",
        "twice",
        "large statement",
        "large member",
        "too many",
    ],
)
def test_what_is_no_such_file_is_refused(border: Border, body: bytes) -> None:
    untouched(border, lambda: border.bring(body), DocumentError)


def test_a_member_that_claims_to_be_huge_is_not_read(border: Border) -> None:
    member = tarfile.TarInfo("trust/huge")
    member.size = 1 << 40
    body = member.tobuf() + b"\0" * 1024
    untouched(border, lambda: border.bring(body), DocumentError)


# approvals that do not fit


def test_a_version_nobody_let_through_is_not_exported(border: Border) -> None:
    border.there.finish("1.0.0")
    border.there.publish("1.1.0")
    dev = border.there.person("dev", Role.ADMIN)
    perform(dev, "shop", "create", "1.1.0", PRODUCTION)
    refused("state", lambda: border.export("1.1.0"))


def test_a_halted_release_is_not_exported(border: Border) -> None:
    border.there.finish("1.0.0")
    perform(border.there.context, "shop", "halt", "1.0.0", PRODUCTION, reason="broken")
    refused("state", border.export)


FORGED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no approval": (lambda said: said["release"]["review"].update(approvals=[], reviewer=None), "takes 1 more"),
    "not approved": (lambda said: said["release"]["review"].update(approved=None), "not approved there"),
    "no review": (lambda said: said["release"].update(review=None), "not approved there"),
    "by who applied": (
        lambda said: said["release"]["review"]["approvals"][0].update(reviewer="dev"),
        "somebody else than dev",
    ),
    "by nobody the trail knows": (
        lambda said: said["release"]["review"]["approvals"][0].update(reviewer="mallory"),
        "trail knows nothing",
    ),
    "for another configuration": (
        lambda said: said["release"]["configuration"].update(serverDomains=["https://evil.example.com"]),
        "for something else",
    ),
    "for another kind": (lambda said: said["release"].update(kind="trial"), "for something else"),
    "for another digest": (lambda said: said["release"]["review"].update(digest="0" * 64), "for something else"),
    "under weaker rules": (
        lambda said: said["rules"].update(requiresReview=False, name="sandbox"),
        "rules of another environment",
    ),
}


@pytest.mark.parametrize(("change", "why"), FORGED.values(), ids=list(FORGED))
def test_approvals_that_do_not_fit_are_refused_whoever_signed(
    border: Border, forge: Forge, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    body = forge(border.export(), change)
    assert why in untouched(border, lambda: border.bring(body))


def test_rules_that_are_weaker_than_here_are_refused(border: Border) -> None:
    border.here.rules(extra_reviewers=1)
    said = untouched(border, lambda: border.bring(border.export()), Refused)
    assert "0 more people approve there" in said


def test_what_may_do_more_here_takes_as_many_approvals_as_here(border: Border) -> None:
    """The same rules in both places, made after one person approved it there; here all it may do is new."""
    for place in (border.there, border.here):
        place.rules(extra_reviewers=1)
    said = untouched(border, lambda: border.bring(border.export()), Refused)
    assert "takes 1 more by somebody else than dev" in said

    border.there.finish("1.0.0")
    border.there.publish("1.1.0")
    border.there.approve("1.1.0", "rea", "ron", server_domains=["https://a.example.com", "https://b.example.com"])
    imported = border.bring(border.export("1.1.0"))
    assert imported.release.state is State.APPROVED


def test_another_version_or_program_under_the_statement_is_refused(border: Border, forge: Forge) -> None:
    from miniprogram.packages.archive import write_archive

    body = border.export()
    _, members = read_promotion_file(body, name="it")
    for bundle in (
        sample_bundle("other", "1.0.0"),
        sample_bundle("shop", "1.0.1"),
        sample_bundle("shop", "1.0.0", screens=sample_screens(text="Other")),
    ):
        forged = forge(body, members={**members, "version.tar": write_archive(bundle)})
        assert "not what it says it is" in untouched(border, lambda forged=forged: border.bring(forged))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0].replace(b'"ann"', b'"eve"').replace(b'"dev"', b'"eve"'), *lines[1:]],
        lambda lines: [*lines, lines[-1]],
        lambda _lines: [],
    ],
    ids=["end cut off", "beginning cut off", "moved", "changed", "surplus", "empty"],
)
def test_a_trail_that_is_not_whole_is_refused_whoever_signed(border: Border, forge: Forge, spoil: Any) -> None:
    body = border.export()
    _, members = read_promotion_file(body, name="it")
    lines = members["audit.jsonl"].splitlines()
    forged = forge(body, members={**members, "audit.jsonl": b"".join(line + b"\n" for line in spoil(lines))})
    untouched(border, lambda: border.bring(forged), DocumentError)


# replay and order


def test_the_same_file_is_not_imported_twice(border: Border) -> None:
    body = border.export()
    border.bring(body)
    assert "imported before" in untouched(border, lambda: border.bring(body), Refused)


def test_an_older_export_is_refused_after_a_newer_one(border: Border) -> None:
    older, newer = border.export(), border.export()
    border.bring(newer)
    assert "is older than what was imported" in untouched(border, lambda: border.bring(older), Refused)


def test_a_version_below_the_full_one_takes_a_word(border: Border) -> None:
    border.here.publish("2.0.0")
    border.here.approve("2.0.0")
    border.here.finish("2.0.0")
    body = border.export()
    assert "is below 2.0.0" in untouched(border, lambda: border.bring(body), Refused)
    assert border.bring(body, wishes=Wishes(allow_older=True)).release.version == "1.0.0"


def test_another_history_is_not_mixed_with_the_one_that_came_before(border: Border) -> None:
    border.bring(border.export())
    border.here.finish("1.0.0")
    elsewhere = Place("elsewhere")
    elsewhere.publish("1.1.0")
    elsewhere.approve("1.1.0")
    other = replace(border, there=elsewhere)
    body = other.export("1.1.0")
    assert "say --new-origin" in untouched(border, lambda: border.bring(body), Refused)
    border.bring(body, wishes=Wishes(new_origin=True))
    assert len(with_promotions(border).promotions) == 2


def test_a_trail_that_was_rewritten_since_is_refused(border: Border) -> None:
    """The environment there was put back from a copy: its trail goes on otherwise than what was imported."""
    saved = dict(border.there.store._objects)  # type: ignore[attr-defined]
    border.bring(border.export())
    border.here.finish("1.0.0")
    border.there.store._objects.clear()  # type: ignore[attr-defined]
    border.there.store._objects.update(saved)  # type: ignore[attr-defined]
    perform(border.there.context, "shop", "pilot skip", "1.0.0", PRODUCTION)
    perform(border.there.context, "shop", "finish", "1.0.0", PRODUCTION, final=True)
    border.there.publish("1.1.0")
    border.there.approve("1.1.0")
    assert "differs" in untouched(border, lambda: border.bring(border.export("1.1.0")), Refused)


def test_what_was_exported_in_the_future_is_refused(border: Border) -> None:
    assert "still to come" in untouched(border, lambda: border.bring(border.export(), hours=-2), Refused)


def test_a_version_an_inspector_removed_does_not_come_back(border: Border) -> None:
    border.here.publish("1.0.0")
    border.here.approve("1.0.0")
    perform(border.here.context, "shop", "force-remove", "1.0.0", PRODUCTION, reason="law")
    with pytest.raises(Refused):
        border.bring(border.export())


def test_other_content_under_the_same_version_is_refused(border: Border) -> None:
    border.here.publish("1.0.0", screens=sample_screens(text="Other"))
    untouched(border, lambda: border.bring(border.export()), PublishError)


# crashes


def test_cut_off_at_any_write_nothing_is_half_visible_and_the_same_import_completes_it(border: Border) -> None:
    body = border.export()
    pointer = border.here.storage.keys.catalog_pointer_key("shop")
    for fail_at in range(100):
        here = Place("vault")
        here.rules(promotion_keys=[key_text(border.key.public())])
        storage = replace(here.storage, store=FaultyStore(here.store, fail_at=fail_at))
        faulty = here.as_seen_by(replace(here.context, storage=storage))
        try:
            border.bring(body, place=faulty)
        except StoreError:
            document = here.document
            if document is None:
                assert here.store.get(pointer) is None, fail_at
            else:
                assert document.live("1.0.0", PRODUCTION).state is State.APPROVED, fail_at  # type: ignore[union-attr]
                assert document.otherwise == "refuse", fail_at
        else:
            assert fail_at > 5
            break
        with suppress(Refused):  # all was written but what only tells of it
            border.bring(body, place=here)
        assert here.store.get(pointer) is not None, fail_at
        assert here.document is not None
        assert here.document.live("1.0.0", PRODUCTION) is not None, fail_at
