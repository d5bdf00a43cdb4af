"""One visitor at one moment: everything a release decision looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from miniprogram.delivery.evaluation.buckets import stickiness_key
from miniprogram.delivery.evaluation.delivery_context import DEFAULT_ENVIRONMENT
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import AdmissionLedger, ledger_key
from miniprogram.delivery.evaluation.links import InvalidLink, Link
from miniprogram.delivery.evaluation.policy.model import CompiledRelease, CompiledWindow

ReadLink = Callable[[str], Link]
"""The link behind a token. Raises `links.InvalidLink`."""


def refuse_links(_token: str) -> Link:
    """For places without link keys."""
    raise InvalidLink("unknown key")


class Visit:
    """A visitor. `attributes` as conditions read them, with `now`; `link` is the token sent, if any.

    `admits`: whether this is the visit itself, which takes places in windows, or only a look.
    """

    __slots__ = ("_ledger", "_read_link", "_token", "admits", "attributes", "current_version", "key", "now_ms")

    def __init__(
        self,
        attributes: Mapping[str, Any],
        *,
        token: str | None = None,
        read_link: ReadLink = refuse_links,
        ledger: AdmissionLedger | None = None,
        admits: bool = False,
    ) -> None:
        self.attributes = attributes
        self.now_ms: int = attributes["now"]
        self.key = stickiness_key(attributes)
        self.current_version: str | None = attributes.get("currentVersion")
        self.admits = admits
        self._token = token
        self._read_link = read_link
        self._ledger = ledger

    @property
    def environment(self) -> str:
        return self.attributes.get("environment") or DEFAULT_ENVIRONMENT

    def is_on(self, release: CompiledRelease) -> bool:
        """Whether the visitor says it has the release's version."""
        return self.current_version == release.version.text

    def why_no_link(self, host_app: str, environment: str, release_id: str) -> str | None:
        """None when the visitor came by a valid link to the release; the program is the reader's to check."""
        if self._token is None:
            return "no_link"
        try:
            link = self._read_link(self._token)
        except InvalidLink as error:
            return f"link_{str(error).replace(' ', '_')}"
        is_for_it = link[1:4] == (host_app, environment, release_id)
        return None if is_for_it else "link_for_something_else"

    def why_not_admitted(self, window: CompiledWindow, release: CompiledRelease, *, is_open: bool) -> str | None:
        """None when the visitor is in the window, or gets in now: nobody new does unless `is_open`."""
        if self.key is None:
            return "no_stickiness_key"
        if self._ledger is None:
            return "no_ledger"
        key = ledger_key(window.id, self.key)
        try:
            if is_open and self.admits:
                is_in = self._ledger.admit(window.id, key, window.max_users, self.now_ms)
            else:
                is_in = self._ledger.has_admitted(window.id, key)
                is_in = is_in or (is_open and self._ledger.count(window.id) < window.max_users)
        except SourceUnavailable:
            return None if self.is_on(release) else "ledger_unavailable"
        return None if is_in else "window_full" if is_open else "window_closed"
