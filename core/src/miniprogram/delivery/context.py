"""The delivery context: what a host says about itself in the query (contract, section 3)."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from miniprogram.delivery.documents import content_tag
from miniprogram.delivery.envelopes import Refusal, invalid_request, to_json
from miniprogram.delivery.segments import is_safe_segment, percent_decode
from miniprogram.delivery.semver import Version, parse_sent

SCALARS = ("hostApp", "sdkVersion", "hostVersion", "platform", "locale", "tenantId", "pinnedVersion")
"""Parameters with one value, in the order they are validated and echoed."""

CAPABILITIES = "capabilities"
_KNOWN = {*SCALARS, CAPABILITIES}

EXTRAS = (
    "userId", "deviceId", "deviceBrand", "deviceModel", "osVersion", "network", "country", "region", "city",
    "environment", "currentVersion",
)  # fmt: skip
"""What release audiences may ask beside the scalars; any text, not only segments. So are `custom.NAME`."""

LINK = "link"
"""The parameter that carries the token of a signed link."""

MAX_EXTRA_CHARACTERS = 256
MAX_CUSTOM = 32

_MAX_LINK_CHARACTERS = 1024
_EXTRA_NAMES = {*EXTRAS, LINK}
_custom = re.compile(r"custom\.[A-Za-z0-9_.-]{1,64}").fullmatch
_has_controls = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


class DeliveryContext:
    """A validated context. Values are safe segments or None; `capabilities` ascending, each once.

    `extras` and `link` differ from visitor to visitor and belong to a copy (`for_visitor`); the rest is shared.
    """

    __slots__ = (
        "attributes",
        "capabilities",
        "encoded",
        "extras",
        "host_app",
        "host_version",
        "link",
        "locale",
        "locale_prefixes",
        "pinned_version",
        "platform",
        "sdk_version",
        "tag",
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
        self.encoded = to_json(self.echo())
        """The echo form as JSON."""
        self.tag = content_tag(self.encoded)[:16]
        self.extras: dict[str, str] = {}
        """Further attributes by parameter name."""
        self.link: str | None = None
        """The token of a signed link."""
        self.attributes: dict[str, Any] = _attributes(values, capabilities)
        """What conditions of release audiences ask, but for the time and the address."""

    def for_visitor(self, extras: dict[str, str], link: str | None) -> DeliveryContext:
        """This context with what one visitor adds."""
        twin = DeliveryContext.__new__(DeliveryContext)
        for name in DeliveryContext.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.extras, twin.link = extras, link
        twin.attributes = {**self.attributes, **extras}
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


class Query(NamedTuple):
    """A raw query, sorted out. `shared` is what many visitors send alike, still encoded."""

    shared: str
    extras: dict[str, str]
    link: str | None


def split_query(query: str, *, repeated: Literal["last", "joined"]) -> Query:
    """Tell what visitors have in common from what is each one's own; drop what nobody knows.

    Extras that are blank, too long or hold control characters count as not sent: audiences then do not match.
    """
    shared: list[str] = []
    given: dict[str, str] = {}
    for pair in query.split("&"):
        raw_name, _, raw_value = pair.partition("=")
        name = raw_name if raw_name in _KNOWN else percent_decode(raw_name.replace("+", " "))
        if name in _KNOWN:
            shared.append(pair)
        elif name in _EXTRA_NAMES or (name.startswith("custom.") and _custom(name)):
            text = percent_decode(raw_value.replace("+", " "))
            given[name] = f"{given[name]},{text}" if repeated == "joined" and name in given else text
    link = given.pop(LINK, "").strip()
    return Query("&".join(shared), _usable(given), link if 0 < len(link) <= _MAX_LINK_CHARACTERS else None)


def parse_context(query: str, *, repeated: Literal["last", "joined"]) -> DeliveryContext | Refusal:
    """The context in the raw `query`, or the refusal naming the first parameter that is not a safe segment.

    `repeated`: of a name that is given twice, take the last value or all of them joined by `,`.
    """
    given = _known_parameters(query, repeated)
    values = {name: text for name in SCALARS if (text := given.get(name, "").strip())}
    tokens = [token for part in given.get(CAPABILITIES, "").split(",") if (token := part.strip())]
    for name, text in (*values.items(), *((CAPABILITIES, token) for token in tokens)):
        if not is_safe_segment(text):
            return invalid_request(f"The query parameter {name} may hold letters, digits, '.', '_' and '-' only.")
    return DeliveryContext(values, tuple(sorted(set(tokens))))


def _known_parameters(query: str, repeated: Literal["last", "joined"]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in query.split("&"):
        raw_name, _, raw_value = pair.partition("=")
        name = percent_decode(raw_name.replace("+", " "))
        if name in _KNOWN:
            text = percent_decode(raw_value.replace("+", " "))
            given[name] = f"{given[name]},{text}" if repeated == "joined" and name in given else text
    return given


def _usable(given: dict[str, str]) -> dict[str, str]:
    extras: dict[str, str] = {}
    custom = 0
    for name, sent in given.items():
        text = sent.strip()
        if not text or len(text) > MAX_EXTRA_CHARACTERS or _has_controls(text):
            continue
        custom += name.startswith("custom.")
        if custom <= MAX_CUSTOM or not name.startswith("custom."):
            extras[name] = text
    return extras


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
