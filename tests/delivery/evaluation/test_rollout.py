"""Rules: found through the index exactly as by trying one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.documents.cache.document import Document, to_json
from miniprogram.delivery.documents.contents.control_documents import compile_rollout
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.rules.rollout_rules import InvalidHostVersion, Rule
from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange
from miniprogram.delivery.http.query import parse_context

some = st.sampled_from
rule_documents = st.fixed_dictionaries(
    {"version": some(["1.0.0", "2.0.0"])},
    optional={
        "hostApp": some(["a", "b", " ", None]),
        "platform": some(["ios", "android"]),
        "tenantId": some(["t", "u", 7]),
        "locale": some(["zh", "ZH-cn", "pt-BR", "zh-"]),
        "hostVersionRange": some([">=2.0.0", "<2.0.0", "1.5.0"]),
        "enabled": st.booleans(),
    },
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "hostApp": some(["a", "b", "c"]),
        "platform": some(["ios", "android", "web"]),
        "tenantId": some(["t", "7"]),
        "locale": some(["zh", "zh-CN", "zh-cn-x", "zho", "pt", "zh--x"]),
        "hostVersion": some(["1.5.0", "2.0.0", "2.0.0-dev"]),
    },
)


def compile_rules(rules: Any, **members: Any) -> Any:
    return compile_rollout(Document("rollout", to_json({"defaultVersion": "1.0.0", "rules": rules, **members})))


def context(values: dict[str, str]) -> DeliveryContext:
    parsed = parse_context("&".join(f"{name}={value}" for name, value in values.items()), repeated="last")
    assert isinstance(parsed, DeliveryContext)
    return parsed


def matches(rule: Rule, given_context: DeliveryContext) -> bool:
    """The contract's sentences, one by one."""
    if rule.host_app is not None and rule.host_app != given_context.host_app:
        return False
    if rule.platform is not None and rule.platform != given_context.platform:
        return False
    if rule.locale is not None:
        asked, found = rule.locale.lower(), (given_context.locale or "").lower()
        if not given_context.locale or not (found == asked or found.startswith(asked + "-")):
            return False
    if rule.tenant_id is not None and rule.tenant_id != given_context.tenant_id:
        return False
    if rule.host_version_range is None:
        return True
    if given_context.host_version is None:
        return False
    return VersionRange.parse(rule.host_version_range).allows(Version.parse(given_context.host_version))


@given(st.lists(rule_documents, max_size=12), contexts)
def test_the_index_finds_what_trying_each_rule_finds(rules: list[dict[str, Any]], values: dict[str, str]) -> None:
    rollout, asked = compile_rules(rules), context(values)

    expected = next((index for index, rule in enumerate(rollout.rules) if matches(rule, asked)), None)

    assert rollout.first_match(asked) == expected


@given(st.lists(rule_documents, max_size=8), contexts)
def test_a_host_that_is_shut_out_gets_nothing_in_any_context(
    rules: list[dict[str, Any]], values: dict[str, str]
) -> None:
    rollout, asked = compile_rules(rules), context({**values, "hostApp": "a"})
    if not rollout.shuts_out("a"):
        return

    position = rollout.first_match(asked)

    undeclared = bool(rollout.declared_hosts) and not rollout.declares_host("a")
    assert undeclared if position is None else not rollout.rules[position].enabled


def test_versions_are_parsed_only_when_it_matters() -> None:
    rollout = compile_rules(
        [
            {"hostApp": "b", "hostVersionRange": "nonsense", "version": "1.0.0"},
            {"hostApp": "a", "version": "1.0.0"},
            {"hostApp": "a", "hostVersionRange": "nonsense", "version": "1.0.0"},
            {"platform": "ios", "hostVersionRange": "any", "version": "1.0.0"},
        ]
    )

    assert rollout.first_match(context({"hostApp": "a", "hostVersion": "x"})) == 1
    with pytest.raises(BrokenDocument, match=r"rules\[0\].hostVersionRange"):
        rollout.first_match(context({"hostApp": "b", "hostVersion": "1.0.0"}))
    assert rollout.first_match(context({"hostApp": "b"})) is None
    with pytest.raises(InvalidHostVersion):
        rollout.first_match(context({"platform": "ios", "hostVersion": "x"}))


def test_aliases_and_spellings() -> None:
    rollout = compile_rules(
        None,
        hostRules=[{"ruleId": " r ", "hostApp": " a ", "tenantId": True, "version": " 2.0.0 ", "enabled": None}],
    )

    assert rollout.rules == (Rule("r", "a", None, None, "true", None, "2.0.0", True),)


BROKEN = [
    ({"rules": {}}, "rules must be a list"),
    ({"rules": [1]}, r"rules\[0\] must be an object"),
    ({"rules": [{}]}, r"rules\[0\].version"),
    ({"rules": [{"version": 1}]}, r"rules\[0\].version"),
    ({"rules": [{"version": "1.0.0", "enabled": "no"}]}, r"rules\[0\].enabled"),
    ({"defaultVersion": 1}, "defaultVersion"),
    ({"defaultVersion": " "}, "defaultVersion"),
]


@pytest.mark.parametrize(("members", "reason"), BROKEN, ids=str)
def test_structural_errors_name_the_place(members: dict[str, Any], reason: str) -> None:
    document = Document("rollout-rules/x.json", to_json({"defaultVersion": "1.0.0", "rules": [], **members}))

    with pytest.raises(BrokenDocument, match=reason):
        compile_rollout(document)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000, b'{"a":NaN}'], ids=repr
)
def test_other_bytes_are_broken_documents(body: bytes) -> None:
    with pytest.raises(BrokenDocument):
        compile_rollout(Document("rollout-rules/x.json", body))
