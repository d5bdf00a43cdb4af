"""Rollout rules, compiled once and looked up by what they ask for (contract, section 4.2)."""

from __future__ import annotations

from typing import NamedTuple

from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.decision import Decision, EvaluatedRules
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import Members
from miniprogram.delivery.evaluation.versions.semver import VersionRange

_Key = tuple[str | None, str | None, str | None, str | None]


class Rule(NamedTuple):
    """One rule. A condition that is None is not asked; all others must hold."""

    id: str | None
    host_app: str | None
    platform: str | None
    locale: str | None
    tenant_id: str | None
    host_version_range: str | None
    version: str
    enabled: bool

    def echo(self) -> Members:
        """As `matchedRule` and inspections show it."""
        return {
            "id": self.id,
            "hostApp": self.host_app,
            "hostVersionRange": self.host_version_range,
            "platform": self.platform,
            "locale": self.locale,
            "tenantId": self.tenant_id,
            "version": self.version,
            "enabled": self.enabled,
        }


class InvalidHostVersion(Exception):  # noqa: N818 - the caller's mistake, answered with 400
    """The request's `hostVersion` had to be compared and is not a version."""


class Rollout:
    """The rules of one program and the decision each of them leads to."""

    def __init__(self, key: str, default_version: str, rules: tuple[Rule, ...]) -> None:
        self.key = key
        self.default_version = default_version
        self.rules = rules
        self.declared_hosts = sorted({rule.host_app for rule in rules if rule.host_app is not None})
        self._host_names = frozenset(self.declared_hosts)
        self.evaluated = EvaluatedRules([rule.id for rule in rules if rule.id is not None])
        live = {default_version} | {rule.version for rule in rules if rule.enabled}
        self._withdrawn = frozenset(rule.version for rule in rules if not rule.enabled) - live
        self._ranges = [_compile_range(rule.host_version_range) for rule in rules]
        self._buckets = _buckets(rules)
        self._shapes = sorted({_shape(key) for key in self._buckets})
        self._decisions: dict[int, Decision] = {}
        self.default_decision = Decision(
            "default_version",
            "no_rule_matched",
            default_version,
            {"declaredDefaultVersion": default_version},
            self.evaluated,
        )

    def first_match(self, context: DeliveryContext) -> int | None:
        """Position of the first rule that matches.

        Raises InvalidHostVersion or BrokenDocument when a version or range that must be compared cannot be read.
        """
        for position in self._candidates(context):
            if self.range_allows(position, context) is not False:
                return position
        return None

    def range_allows(self, position: int, context: DeliveryContext) -> bool | None:
        """Whether the host's version is in the rule's range; None when the rule has no range.

        False without a host version. Raises as `first_match` does.
        """
        compiled = self._ranges[position]
        if compiled is None:
            return None
        if context.host_version is None:
            return False
        try:
            version = context.parsed_host_version()
        except ValueError as error:
            raise InvalidHostVersion(f"hostVersion {context.host_version} is not a version.") from error
        if isinstance(compiled, str):
            raise BrokenDocument(self.key, f"rules[{position}].hostVersionRange: {compiled}")
        return compiled.allows(version)

    def decision(self, position: int) -> Decision:
        """What the rule at `position` leads to. Also describes a disabled rule, for the refusal's details."""
        made = self._decisions.get(position)
        if made is None:
            made = self._decisions[position] = self._decide(self.rules[position])
        return made

    def declares_host(self, host_app: str | None) -> bool:
        """Whether a rule names this host."""
        return host_app in self._host_names

    def has_withdrawn(self, version: str) -> bool:
        """Whether `version` is named by disabled rules only: switched off for everybody."""
        return version in self._withdrawn

    def shuts_out(self, host_app: str) -> bool:
        """Whether no context of this host can get a version, whatever else it says."""
        rules = [rule for rule in self.rules if rule.host_app in {None, host_app}]
        if not rules:
            return bool(self.declared_hosts)
        return not any(rule.enabled for rule in rules) and any(_asks_host_at_most(rule) for rule in rules)

    def _decide(self, rule: Rule) -> Decision:
        further: Members = {"declaredDefaultVersion": self.default_version}
        if rule.id is not None:
            further["matchedRuleId"] = rule.id
        further["matchedRule"] = rule.echo()
        reason = "matched_enabled_rule" if rule.enabled else "matched_disabled_rule"
        return Decision("matched_rule", reason, rule.version, further, self.evaluated)

    def _candidates(self, context: DeliveryContext) -> list[int]:
        """Ascending positions of rules all of whose conditions but the version range hold."""
        found: list[int] = []
        lookup = self._buckets.get
        for by_host, by_platform, by_tenant, by_locale in self._shapes:
            host = context.host_app if by_host else None
            platform = context.platform if by_platform else None
            tenant = context.tenant_id if by_tenant else None
            for locale in context.locale_prefixes if by_locale else (None,):
                found += lookup((host, platform, tenant, locale), ())
        found.sort()
        return found


def _compile_range(text: str | None) -> VersionRange | str | None:
    """The range, or why it cannot be read."""
    if text is None:
        return None
    try:
        return VersionRange.parse(text)
    except ValueError as error:
        return str(error)


def _key(rule: Rule) -> _Key:
    return rule.host_app, rule.platform, rule.tenant_id, rule.locale and rule.locale.lower()


def _shape(key: _Key) -> tuple[bool, bool, bool, bool]:
    host, platform, tenant, locale = key
    return host is not None, platform is not None, tenant is not None, locale is not None


def _buckets(rules: tuple[Rule, ...]) -> dict[_Key, tuple[int, ...]]:
    """Positions by exact conditions. Nothing after a rule without a range can be reached in its bucket."""
    buckets: dict[_Key, list[int]] = {}
    closed: set[_Key] = set()
    for position, rule in enumerate(rules):
        key = _key(rule)
        if key in closed:
            continue
        buckets.setdefault(key, []).append(position)
        if rule.host_version_range is None:
            closed.add(key)
    return {key: tuple(positions) for key, positions in buckets.items()}


def _asks_host_at_most(rule: Rule) -> bool:
    return rule.platform is rule.locale is rule.tenant_id is rule.host_version_range is None
