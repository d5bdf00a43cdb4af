"""What may be a name, by the kind of thing it names. Models, commands, paths of the web API and pages share it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, ValidationInfo

from miniprogram.json_schema import WrittenAs
from miniprogram.refusals import Unacceptable
from miniprogram.strict_json import STORED

NameKind = Literal[
    "program",
    "version",
    "host app",
    "stage",
    "segment",
    "switch",
    "member",
    "token",
    "session",
    "override",
    "subscription",
]


class NameRule(NamedTuple):
    """A rule. `pattern` is a whole match, in the syntax that JSON Schema knows too."""

    pattern: str
    max_length: int
    wanted: str
    """What to use, for people."""


_LETTERS = "letters, digits, dots, underscores and hyphens"
_NO_NAMES = (".", "..")
_SEGMENT = r"^[A-Za-z0-9._-]+$"

RULES: dict[NameKind, NameRule] = {
    "program": NameRule(_SEGMENT, 128, _LETTERS),
    "version": NameRule(_SEGMENT, 128, f"a version such as 1.2.0, of {_LETTERS}"),
    "host app": NameRule(r"^(\*|[A-Za-z0-9._-]+)$", 128, f"{_LETTERS}, or `*` for all others"),
    "stage": NameRule(r"^(development|test|sandbox|production)$", 11, "development, test, sandbox or production"),
    "segment": NameRule(r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$", 64, f"{_LETTERS}, with no dot in front"),
    "switch": NameRule(_SEGMENT, 128, _LETTERS),
    "member": NameRule(r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$", 128, "an e-mail address, or letters, digits, . _ @ + -"),
    "token": NameRule(r"^[0-9a-f]+$", 64, "the id as the list of tokens shows it"),
    "session": NameRule(r"^[0-9a-f]+$", 64, "the id as the list of sessions shows it"),
    "subscription": NameRule(r"^[0-9a-f]+$", 64, "the id as the list of subscriptions shows it"),
    "override": NameRule(r"^o-[0-9]+$", 32, "the id as the list of overrides shows it, such as o-7"),
}
"""By kind. Nothing is trimmed: a name with a blank or a line end around it is another text."""


def why_no_name(kind: NameKind, text: str) -> str | None:
    """Why `text` cannot name a thing of `kind`; None when it can."""
    rule = RULES[kind]
    if len(text) > rule.max_length:
        return f"{text[:40]!r}… cannot name a {kind}: it is longer than {rule.max_length} characters"
    if re.search(rule.pattern, text) is None or text.endswith("\n") or text in _NO_NAMES:
        return f"{text!r} cannot name a {kind}: use {rule.wanted}"
    return None


def check_name(kind: NameKind, text: str) -> str:
    """`text`, which names a thing of `kind`. Raises Unacceptable saying what to use."""
    problem = why_no_name(kind, text)
    if problem is not None:
        raise Unacceptable(problem)
    return text


def name_schema(kind: NameKind) -> dict[str, Any]:
    """The rule as members of a JSON schema."""
    rule = RULES[kind]
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": rule.max_length,
        "pattern": rule.pattern,
        "not": {"enum": list(_NO_NAMES)},
    }


def _validator(kind: NameKind) -> AfterValidator:
    def check(text: str, info: ValidationInfo) -> str:
        if info.context == STORED:
            return text
        problem = why_no_name(kind, text)
        if problem is not None:
            raise ValueError(problem)
        return text

    return AfterValidator(check)


MemberName = Annotated[str, _validator("member"), WrittenAs(lambda: name_schema("member"))]
VersionName = Annotated[str, _validator("version"), WrittenAs(lambda: name_schema("version"))]
HostAppName = Annotated[str, _validator("host app"), WrittenAs(lambda: name_schema("host app"))]
SegmentName = Annotated[str, _validator("segment"), WrittenAs(lambda: name_schema("segment"))]
SwitchKey = Annotated[str, _validator("switch"), WrittenAs(lambda: name_schema("switch"))]
