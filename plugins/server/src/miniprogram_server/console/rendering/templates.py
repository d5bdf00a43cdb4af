"""Templates and what they may call."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from miniprogram.documents.audit_event import Event
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import FINISHED, State
from miniprogram.releases.queries.reports import ReleaseSummary
from miniprogram.releases.verbs import BY_COMMAND, BY_NAME
from miniprogram_server.console.page_request import BASE, program_url, release_url
from miniprogram_server.console.plain_words import told
from miniprogram_server.console.rendering.audience_text import OPERATOR_WORDS, audience_lines

STATIC = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
"""Files the console sends as they are, and their types."""

_UNTOLD = frozenset({"releaseId", "attempt"})
"""Details of events that only programs need."""

DONE = {
    "app add": "added the host app",
    "app update": "changed the host app",
    "app remove": "removed the host app",
    "app environment set": "changed the rules of",
    "member add": "gave roles to",
    "member revoke": "took roles from",
    "member remove": "removed the member",
    "member offboard": "saw off",
    "member sign-in": "gave, by their groups, roles to",
    "token create": "made the token",
    "token revoke": "revoked the token",
    "segment change": "changed the ids of the segment",
    "session end": "ended the sessions of",
    "notice add": "sends notices by the subscription",
    "notice rotate": "replaced the secret of the subscription",
    "notice enable": "switched on the subscription",
    "notice disable": "switched off the subscription",
    "notice remove": "removed the subscription",
    "segment create": "made the segment",
    "segment import": "imported the segment",
    "segment remove": "removed the segment",
    "switch set": "saved the switch",
    "switch on": "turned on",
    "switch off": "turned off",
    "switch remove": "removed the switch",
    "switch import": "imported switches",
    "release deny": "kept people from",
    "release pin": "pinned people to",
    "release lift": "lifted the override",
    "release otherwise": "decided what other hosts get:",
    "release repair": "mended the releases",
    "qr": "made a link to",
    "qr revoke": "took back a link to",
}
"""What somebody did, by commands that are no verbs of a release."""

_BAD = frozenset({State.REJECTED, State.SUSPENDED})


@cache
def static_file(name: str) -> bytes:
    """A file of STATIC."""
    return files("miniprogram_server.console").joinpath("static", name).read_bytes()


@cache
def stamp() -> str:
    """Changes when a static file does, so that browsers may keep them."""
    return hashlib.sha256(b"".join(map(static_file, STATIC))).hexdigest()[:12]


@cache
def templates() -> Environment:
    """The template environment. Everything is escaped, and an unknown name is an error."""
    found = Environment(
        loader=PackageLoader("miniprogram_server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(
        as_json=lambda value: json.dumps(value, ensure_ascii=False),
        attributes=_attributes,
        audience_lines=audience_lines,
        bytes=_bytes,
        every_audience_line=lambda tree: audience_lines(tree, shown=None),
        words=lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize(),
        command_text=command_text,
        details_text=details_text,
        utc_time=_utc_time,
        percent=_percent,
        program_url=program_url,
        release_url=_release_url,
        state_text=state_text,
        told_plainly=told,
        tone=_tone,
    )
    found.globals.update(base=BASE, operator_words=OPERATOR_WORDS, stamp=stamp(), verbs=BY_NAME)
    return found


def csrf_field(token: str) -> Markup:
    """The hidden field every form that changes something has."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def _release_url(release: Release | ReleaseSummary, program_id: str) -> str:
    return release_url(program_id, release.version, release.target)


def _attributes(members: Mapping[str, object]) -> Markup:
    """HTML attributes: true ones by their name alone, false and null ones not at all."""
    said = ((name, value) for name, value in members.items() if value is not None and value is not False)
    return Markup("").join(
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
        for name, value in said
    )


def _bytes(size: int) -> str:
    """`12.3 kB`."""
    return (
        f"{size:,} B" if size < 1000 else f"{size / 1000:,.1f} kB" if size < 10**6 else f"{size / 10**6:,.1f} MB"
    )


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def _utc_time(text: str) -> str:
    """`2030-01-02 03:04 UTC`."""
    return f"{text[:10]} {text[11:16]} UTC" if "T" in text else text


def state_text(release: Release | ReleaseSummary) -> str:
    """Where it stands: `grayscale 5 %, paused`."""
    if release.offline_requested:
        return "asked to go offline"
    state = release.state.replace("_", " ")
    if release.state is State.GRAYSCALE:
        state = f"grayscale {_percent(release.grayscale.basis_points)}"
    return f"{state}, {release.overlay}" if release.overlay else state


def _tone(release: Release | ReleaseSummary) -> str:
    if release.overlay == "halted" or release.state in _BAD:
        return "bad"
    if release.overlay == "paused" or release.state is State.IN_REVIEW or release.offline_requested:
        return "warn"
    if release.state is State.FULL:
        return "good"
    return "" if release.state in FINISHED or release.state is State.CREATED else "going"


def command_text(command: str) -> str:
    """What somebody did: `halted` for `release halt`."""
    verb = BY_COMMAND.get(command)
    return DONE.get(command, command.removeprefix("release ")) if verb is None else verb.done


def details_text(event: Event) -> str:
    """An event's details in a line."""
    told = (
        (name, value) for name, value in event.details.items() if name not in _UNTOLD and value not in (None, [])
    )
    return ", ".join(_detail(name, value) for name, value in told)


def _detail(name: str, value: Any) -> str:
    if name.endswith("BasisPoints") and isinstance(value, int):
        return f"{name.removesuffix('BasisPoints')} {_percent(value)}"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return f"{words} {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value[:8]) + (f" and {len(value) - 8} more" if len(value) > 8 else "")
    if isinstance(value, str):
        return value if len(value) < 60 else f"{value[:16]}…"
    return json.dumps(value) if isinstance(value, Mapping | list | bool) else str(value)
