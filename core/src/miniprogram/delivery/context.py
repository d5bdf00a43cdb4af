"""The delivery context: what a host says about itself in the query (contract, section 3)."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram.delivery.documents import content_tag
from miniprogram.delivery.envelopes import Refusal, invalid_request, to_json
from miniprogram.delivery.segments import is_safe_segment, percent_decode
from miniprogram.delivery.semver import Version

SCALARS = ("hostApp", "sdkVersion", "hostVersion", "platform", "locale", "tenantId", "pinnedVersion")
"""Parameters with one value, in the order they are validated and echoed."""

CAPABILITIES = "capabilities"
_KNOWN = {*SCALARS, CAPABILITIES}


class DeliveryContext:
    """A validated context. Values are safe segments or None; `capabilities` ascending, each once."""

    __slots__ = (
        "_host_version",
        "_sdk_version",
        "capabilities",
        "encoded",
        "host_app",
        "host_version",
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
        self._host_version: Version | None = None
        self._sdk_version: Version | None = None

    def echo(self) -> dict[str, Any]:
        """All eight parameters, absent ones as null."""
        return {**{name: self.values.get(name) for name in SCALARS}, CAPABILITIES: list(self.capabilities)}

    def has(self, parameter: str) -> bool:
        """Whether the parameter was given. An unknown one never is."""
        return bool(self.capabilities) if parameter == CAPABILITIES else parameter in self.values

    def parsed_host_version(self) -> Version:
        """Raises ValueError when `hostVersion` is no version, or not given."""
        if self._host_version is None:
            self._host_version = Version.parse(self.host_version or "")
        return self._host_version

    def parsed_sdk_version(self) -> Version:
        """Raises ValueError when `sdkVersion` is no version, or not given."""
        if self._sdk_version is None:
            self._sdk_version = Version.parse(self.sdk_version or "")
        return self._sdk_version


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


def _prefixes(locale: str | None) -> tuple[str, ...]:
    if locale is None:
        return ()
    parts = locale.lower().split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))
