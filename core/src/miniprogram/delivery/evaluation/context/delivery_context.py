"""The delivery context: what a host says about itself in the query (contract, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.evaluation.versions.semver import Version, parse_sent

SCALARS = ("hostApp", "sdkVersion", "hostVersion", "platform", "locale", "tenantId", "pinnedVersion")
"""Parameters with one value, in the order they are validated and echoed."""

CAPABILITIES = "capabilities"

DEFAULT_ENVIRONMENT = "production"
"""Whose releases a request gets that names no environment."""


class DeliveryContext:
    """A validated context. Values are safe segments or None; `capabilities` ascending, each once.

    `extras` and `link` differ from visitor to visitor and belong to a copy (`for_visitor`); the rest is shared.
    """

    __slots__ = (
        "attributes",
        "capabilities",
        "extras",
        "host_app",
        "host_version",
        "link",
        "locale",
        "locale_prefixes",
        "pinned_version",
        "platform",
        "rendered",
        "sdk_version",
        "tenant_id",
        "values",
    )

    def __init__(self, values: dict[str, str], capabilities: tuple[str, ...]) -> None:
        self.values = values
        """Scalars by parameter name; absent ones are not in it."""
        self.host_app = values.get("hostApp")
        self.sdk_version = values.get("sdkVersion")
        self.host_version = values.get("hostVersion")
        self.platform = values.get("platform")
        self.locale = values.get("locale")
        self.tenant_id = values.get("tenantId")
        self.pinned_version = values.get("pinnedVersion")
        self.capabilities = capabilities
        self.locale_prefixes = _prefixes(self.locale)
        """Lower-case locales a rule may name to match: `zh-hans-cn`, `zh-hans`, `zh`."""
        self.extras: dict[str, str] = {}
        """Further attributes by parameter name."""
        self.link: str | None = None
        """The token of a signed link."""
        self.attributes: dict[str, Any] = _attributes(values, capabilities)
        """What conditions of release audiences ask, but for extras, the time and the address."""
        self.rendered: Any = None
        """A transport's own form of the echo, made once and kept here."""

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any]) -> DeliveryContext:
        """The context of a visitor of whom only attributes are known. Nothing is validated."""
        values = {name: attributes[name] for name in SCALARS if attributes.get(name)}
        shared = cls(values, tuple(sorted(attributes.get("capability", ()))))
        own = {*values, "capability", "now", "ip"}
        extras = {name: value for name, value in attributes.items() if name not in own}
        return shared.for_visitor(extras, None)

    def for_visitor(self, extras: dict[str, str], link: str | None) -> DeliveryContext:
        """This context with what one visitor adds."""
        twin = DeliveryContext.__new__(DeliveryContext)  # name by name: this is made for every visitor
        twin.values, twin.capabilities, twin.rendered = self.values, self.capabilities, self.rendered
        twin.host_app, twin.host_version = self.host_app, self.host_version
        twin.sdk_version, twin.platform, twin.tenant_id = self.sdk_version, self.platform, self.tenant_id
        twin.locale, twin.locale_prefixes = self.locale, self.locale_prefixes
        twin.pinned_version = self.pinned_version
        twin.attributes, twin.extras, twin.link = self.attributes, extras, link
        return twin

    def echo(self) -> dict[str, Any]:
        """All eight parameters, absent ones as null."""
        return {**{name: self.values.get(name) for name in SCALARS}, CAPABILITIES: list(self.capabilities)}

    def has(self, parameter: str) -> bool:
        """Whether the parameter was given. An unknown one never is."""
        if parameter == CAPABILITIES:
            return bool(self.capabilities)
        return parameter in self.values or parameter in self.extras

    def parsed_host_version(self) -> Version:
        """Raises ValueError when `hostVersion` is no version, or not given."""
        return parse_sent(self.host_version or "")

    def parsed_sdk_version(self) -> Version:
        """Raises ValueError when `sdkVersion` is no version, or not given."""
        return parse_sent(self.sdk_version or "")


def _attributes(values: dict[str, str], capabilities: tuple[str, ...]) -> dict[str, Any]:
    attributes: dict[str, Any] = {name: value for name, value in values.items() if name != "pinnedVersion"}
    if capabilities:
        attributes["capability"] = capabilities
    return attributes


def _prefixes(locale: str | None) -> tuple[str, ...]:
    if locale is None:
        return ()
    parts = locale.lower().split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))
