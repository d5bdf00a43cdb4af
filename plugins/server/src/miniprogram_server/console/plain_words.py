"""What the core says, in the words of the pages: buttons and fields instead of commands and options."""

from __future__ import annotations

import re

from miniprogram.releases.verbs import BY_NAME

_PAGES = {
    "app": "Host apps",
    "segment": "Segments",
    "switch": "Switches",
    "audit": "Audit",
    "member": "People",
    "member remove": "See them off",
    "token": "Tokens",
    "qr": "QR codes",
    "release why": "Who gets what",
    "release lint": "Check",
    "release simulate": "What would change",
    "release deny": "Overrides",
    "release pin": "Overrides",
    "release lift": "Overrides",
    "release otherwise": "Overrides",
}
"""Where the pages do what a command does, by the first words of the command."""

_SENTENCES = {
    "whole_or_final": "not everybody has it yet; raise the share to 100 % first, or tick “For everybody now”",
    "earlier_full_release": (
        "no release is full on this target yet, so there is nobody to share with; “Finish” makes this the first"
    ),
    "destination_known": "there is no such version to go back to; choose one of the list",
    "ratio_in_range": "say a share from 0.01 to 100 %; only a release with a time window can start without one",
    "target_supports_pilot": "this target has no pilot; go on with “Skip the pilot”",
    "as_seen": "the release has moved on since you looked at it; look at where it stands now",
}
"""Instead of what the guard says, by its code."""

_commands = re.compile(r"`(?:miniprogram )?([^`]+)`").sub
_possible = re.compile(r"^Possible now: (.*)\.$").match
_not_possible = re.compile(r"^([a-z -]+) is not possible: ").match


def plain(text: str, rule: str | None = None) -> str:
    """`text`, a message or a hint of the core, for somebody in front of a page."""
    if rule in _SENTENCES:
        return _SENTENCES[rule]
    listed = _possible(text)
    if listed:
        return f"Possible now: {', '.join(label(name) for name in listed[1].split(', '))}."
    refused = _not_possible(text)
    if refused and refused[1] in BY_NAME:
        text = f"“{BY_NAME[refused[1]].label}” is not possible now: {text[refused.end() :]}"
    return _commands(lambda found: f"“{_named(found[1])}”", text).replace(" is in_review", " is in review")


def label(verb: str) -> str:
    """What the button of a verb says, for the middle of a sentence."""
    return BY_NAME[verb].label if verb in BY_NAME else verb


def _named(command: str) -> str:
    words = command.split()
    for count in (3, 2):
        name = " ".join(words[1:count])
        if words[0] == "release" and name in BY_NAME:
            return BY_NAME[name].label
    for first in (" ".join(words[:2]), words[0]):
        if first in _PAGES:
            return _PAGES[first]
    return command


NAMES_FIRST = frozenset(
    {"administrator_left", "own_rights", "role", "role_left", "maker_is_not_checker", "approves_once"}
)
"""Rules whose sentences begin with somebody's name, which stays as it is written."""


def told(text: str, rule: str | None) -> str:
    """What a rule says, as a sentence in the words of the pages."""
    words = plain(text, rule)
    return f"{words}." if rule in NAMES_FIRST else sentence(words)


def sentence(text: str) -> str:
    """`text` with a full stop, and with a capital letter unless it begins with a name: an id, a version."""
    first = text.partition(" ")[0]
    text = text[:1].upper() + text[1:] if first.isalpha() else text
    return text if text.endswith((".", "?", "!")) else text + "."
