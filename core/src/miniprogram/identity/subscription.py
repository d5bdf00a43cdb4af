"""A subscription: which notices go to which address, and what proves that they are ours."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from miniprogram.identity.roles import EVERYWHERE, covers_programs
from miniprogram.models import FrozenModel
from miniprogram.names import why_no_name
from miniprogram.person_text import PersonText
from miniprogram.strict_json import STORED

NoticeType = Literal[
    "review.waits",
    "review.approved",
    "review.rejected",
    "pilot.completed",
    "release.full",
    "release.halted",
    "release.resumed",
    "release.rolled_back",
    "release.removed",
    "window.ended",
    "token.expires",
    "notice.test",
]
NOTICE_WORDS: dict[NoticeType, str] = {
    "review.waits": "a release, or the wish to take one offline, waits for a reviewer",
    "review.approved": "a reviewer let it through, or the target asks for no review",
    "review.rejected": "a reviewer refused it",
    "pilot.completed": "a pilot was signed off",
    "release.full": "a release goes to everybody",
    "release.halted": "a release is served to nobody until it is resumed",
    "release.resumed": "a release goes on after a pause or a halt",
    "release.rolled_back": "a release was taken back",
    "release.removed": "a release was taken offline, or removed by an inspector",
    "window.ended": "the time window of a release is over",
    "token.expires": "a token ends soon",
    "notice.test": "somebody tries whether notices arrive",
}
"""What there is to tell, and when."""
CHOSEN_TYPES: tuple[NoticeType, ...] = tuple(name for name in NOTICE_WORDS if name != "notice.test")
"""What a subscription may ask for; a test goes to whoever it is for."""

MAX_URL = 2_000


class SigningSecret(FrozenModel):
    """`whsec_` and the key in Base64. `ends_at`: until when a secret that was replaced signs as well."""

    text: str = Field(repr=False)
    created_at: str
    ends_at: str | None = None


class Subscription(FrozenModel):
    """Who is told. `since`: what happened before is not told."""

    id: str
    url: str = Field(max_length=MAX_URL, repr=False)
    """Many receivers take whoever knows it for us: it is shown to administrators only, and never logged."""
    events: tuple[NoticeType, ...] = ()
    """What it is told of; everything when empty."""
    program: str = Field(default=EVERYWHERE, max_length=129)
    """An id, or the beginning of ids with `*` at its end."""
    description: PersonText = Field(default="", max_length=200)
    secrets: tuple[SigningSecret, ...] = Field(default=(), repr=False)
    """The newest first."""
    created_by: str
    created_at: str
    since: str
    off_since: str | None = None
    off_because: str | None = None
    """Why nothing is sent; None while it is on."""

    @field_validator("url")
    @classmethod
    def _can_be_asked(cls, value: str, info: ValidationInfo) -> str:
        problem = None if info.context == STORED else why_no_receiver(value)
        if problem is not None:
            raise ValueError(problem)
        return value

    @field_validator("program")
    @classmethod
    def _names_programs(cls, value: str, info: ValidationInfo) -> str:
        if (
            value != EVERYWHERE
            and info.context != STORED
            and (problem := why_no_name("program", value.removesuffix("*")))
        ):
            raise ValueError(problem)
        return value

    @property
    def host(self) -> str:
        """What may be said of its address in records: paths of receivers are often secrets."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_on(self) -> bool:
        return self.off_because is None

    def wants(self, notice_type: str, program_id: str | None) -> bool:
        """Whether it is for this subscription. What is about no mini-program is for those of all."""
        if self.events and notice_type not in self.events:
            return False
        return self.program == EVERYWHERE or (program_id is not None and covers_programs(self.program, program_id))

    def signing_at(self, now: str) -> tuple[str, ...]:
        """The secrets that sign at the time stamp `now`, the newest first."""
        return tuple(each.text for each in self.secrets if each.ends_at is None or now < each.ends_at)


def why_no_receiver(url: str) -> str | None:
    """Why nothing can be sent to `url`; None when it can. Which addresses may be asked is the server's to know."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it must be an address such as https://hooks.example.com/miniprogram"
    if re.search(r"[^\x21-\x7e]", url) or not host or parts.scheme not in ("https", "http"):
        return "it must be an address such as https://hooks.example.com/miniprogram"
    if parts.username is not None or parts.password is not None:
        return "it must not hold a name or a password: the signature says who sends"
    if parts.fragment:
        return "it must not hold a fragment: nothing of it would be sent"
    if parts.scheme == "http" and not is_loopback_name(host):
        return "it must begin with https://, unless it is on this machine"
    return None


def is_loopback_name(host: str) -> bool:
    """Whether `host` says in itself that it is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
