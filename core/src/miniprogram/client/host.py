"""Who loads: the host as delivery is told of it, and where it loads from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from miniprogram.client.verifier import Verifier
from miniprogram.errors import UsageError
from miniprogram.sealing.keys import PrivateKeys

DEFAULT_TIMEOUT_S = 5.0
KEY_HEADER = "x-mini-program-access-key"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a mini-program is delivered: an API base URL, and the access key if it is protected.

    Raises UsageError for a URL that is none, and for a key that is blank.
    """

    base_url: str
    access_key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    verifier: Verifier | None = field(default=None, repr=False, compare=False)
    """What knows what was signed. With one the host takes nothing else, and keeps versions apart from others."""
    opens: PrivateKeys | None = field(default=None, repr=False, compare=False)
    """Keys of this host app. With them the host takes sealed versions only, and keeps them apart from others."""
    timeout_s: float = DEFAULT_TIMEOUT_S
    """For a connection, and for each pause between bytes."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(f"{self.base_url!r} is not the address of a delivery: an http or https URL is")
        if self.access_key is not None and not self.access_key.strip():
            raise UsageError(f"the access key for {self.base_url} is blank: leave it out for a public endpoint")

    def url(self, path: str) -> str:
        """The address of `path`, which is relative and quoted already."""
        return f"{self.base_url.rstrip('/')}/{path}"

    def sent_headers(self) -> dict[str, str]:
        """What goes with every request for a manifest, a screen or a package."""
        key = {KEY_HEADER: self.access_key.strip()} if self.access_key is not None else {}
        return {**self.headers, **key}


@dataclass(frozen=True, slots=True)
class HostContext:
    """The host. Delivery chooses the version by it, and the client refuses what the host cannot run."""

    host_app: str
    host_version: str
    sdk_version: str = "1.0.0"
    capabilities: tuple[str, ...] = ()
    feature_flags: tuple[str, ...] = ()
    """Those that are switched on."""
    platform: str | None = None
    locale: str | None = None
    tenant_id: str | None = None
    visitor: Mapping[str, str] = field(default_factory=dict)
    """Who looks, for audiences: `userId`, `deviceId`, `region`, `custom.plan`, …"""

    def query(self, *, network: str, current_version: str | None) -> dict[str, str]:
        """What the latest manifest is asked with."""
        told = {
            "hostApp": self.host_app,
            "sdkVersion": self.sdk_version,
            "hostVersion": self.host_version,
            "capabilities": ",".join(sorted(set(self.capabilities))),
        }
        others = {
            "platform": self.platform,
            "locale": self.locale,
            "tenantId": self.tenant_id,
            "currentVersion": current_version,
            "network": network,
        }
        return {**{name: value for name, value in others.items() if value}, **self.visitor, **told}
