"""`preview.toml`: states of a mini-program that its author needs again and again, by name."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from miniprogram.files import is_inside, real_path
from miniprogram.misfit_words import misfit_words
from miniprogram.project.findings import BuildError, BuildFinding
from miniprogram.suggestions import did_you_mean

FILE_NAME = "preview.toml"
CODE = "preview_file"
MOST_BYTES = 1024 * 1024

Capability = Literal["analytics", "auth", "native_navigation", "secure_api"]
_SEGMENT = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class Table(BaseModel):
    """Keys that are not known are refused: a misspelt one would change nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MockAnswer(Table):
    """An answer in the place of a server's."""

    match: str = Field(min_length=1)
    """`GET coupons/list` for the mini-program's backend, `POST https://…` for others, `POST secure_api:orders/pay`
    for the host's secure API; without a method any counts, and `*` stands for any text."""
    status: int = Field(default=200, ge=0, le=599)
    """Of the answer; 0 is no connection."""
    body: Any = None
    """Any value; it is answered as JSON."""
    body_file: str | None = None
    """A JSON file beside preview.toml, or below it, that holds the body instead."""
    delay_ms: int = Field(default=0, ge=0, le=60_000)
    """How long the answer takes, in milliseconds."""


class Scenario(Table):
    """Where the mini-program starts, and what it finds there. What is left out stays as it is in the page."""

    title: str | None = None
    """What it is called in the page, instead of its name."""
    screen: str | None = None
    """The first screen, instead of the manifest's entry."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Values of `{{name}}`, as `setValue` sets them, that are there from the start."""
    context: dict[str, str] = Field(default_factory=dict)
    """What the host says about itself besides: `userId`, `tenantId`, `platform` and other delivery parameters."""
    signed_in: bool | None = None
    """Whether somebody is signed in."""
    capabilities: tuple[Capability, ...] | None = None
    """What the host can do."""
    device: str | None = None
    """The device it is shown on: `pixel`, `iphone`, `small`, `se`, `max`, `fold`, `tablet`, `ipad`."""
    theme: Literal["light", "dark"] | None = None
    locale: str | None = None
    direction: Literal["auto", "ltr", "rtl"] | None = None
    """The direction of text; `auto` follows the locale."""
    text_scale: Annotated[float, Field(ge=0.5, le=4)] | None = None
    mocks: tuple[MockAnswer, ...] = ()
    """Answers in the place of servers'. The first that matches counts."""


class PreviewFile(Table):
    scenarios: dict[Annotated[str, Field(pattern=_SEGMENT)], Scenario] = Field(default_factory=dict)
    """By name."""


def load_scenarios(root: Path, program_id: str, screens: Collection[str]) -> tuple[dict[str, Any], ...]:
    """The scenarios of the mini-program at `root` as pages are told them; none without the file.

    Raises BuildError with the file, and the line where it is known, for what is wrong in it.
    """
    path = root / FILE_NAME
    try:
        with path.open("rb") as stream:
            body = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return ()
    findings: list[BuildFinding] = []
    try:
        text = body.decode("utf-8-sig")
        if len(body) > MOST_BYTES:
            raise ValueError("the file is larger than 1 MiB")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, ValueError) as error:  # TOMLDecodeError is one
        raise BuildError(program_id, [_unreadable(error)]) from error
    try:
        file = PreviewFile.model_validate(raw)
    except ValidationError as error:
        findings = [_misfit(each, text) for each in error.errors(include_url=False, include_input=False)]
        raise BuildError(program_id, findings) from error
    told = []
    for name, scenario in file.scenarios.items():
        findings += _wrong_references(name, scenario, screens, text)
        mocks, wrong = _mocks(name, scenario, root, text)
        findings += wrong
        shown = scenario.model_dump(mode="json", exclude={"mocks"}, exclude_none=True, by_alias=False)
        told.append({"name": name, **{_camel(key): value for key, value in shown.items()}, "mocks": mocks})
    if findings:
        raise BuildError(program_id, findings)
    return tuple(told)


def _unreadable(error: Exception) -> BuildFinding:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    message = re.sub(r" \(at .*\)$", "", str(error))
    return BuildFinding("error", CODE, FILE_NAME, f"this is no TOML: {message}", line=line, column=column)


def _misfit(error: Mapping[str, Any], text: str) -> BuildFinding:
    loc = [part for part in error["loc"] if part != "[key]"]
    known = _known_at(loc)
    advice = None
    if error["type"] == "extra_forbidden":
        advice = did_you_mean(str(loc[-1]), known) or f"known are {', '.join(known)}"
    words = misfit_words(error) or str(error["msg"]).removeprefix("Value error, ")
    written = ".".join(str(part) for part in loc) or "the file"
    line = _line_of(text, loc)
    return BuildFinding("error", CODE, FILE_NAME, f"{written} {words}", suggestion=advice, line=line)


def _known_at(loc: list[Any]) -> list[str]:
    """The keys that may stand where the last part of `loc` does."""
    if len(loc) <= 1:
        return list(PreviewFile.model_fields)
    return list(MockAnswer.model_fields if "mocks" in loc[2:-1] else Scenario.model_fields)


def _wrong_references(
    name: str, scenario: Scenario, screens: Collection[str], text: str
) -> Iterator[BuildFinding]:
    if scenario.screen is not None and scenario.screen not in screens:
        loc = ["scenarios", name, "screen"]
        advice = did_you_mean(scenario.screen, screens) or f"there are {', '.join(sorted(screens))}"
        message = f"{'.'.join(loc)}: there is no screen {scenario.screen!r}"
        yield BuildFinding("error", CODE, FILE_NAME, message, suggestion=advice, line=_line_of(text, loc))


def _mocks(
    name: str, scenario: Scenario, root: Path, text: str
) -> tuple[list[dict[str, Any]], list[BuildFinding]]:
    told, wrong = [], []
    for index, mock in enumerate(scenario.mocks):
        loc = ["scenarios", name, "mocks", index, "body_file" if mock.body_file else "body"]
        try:
            body = _body(mock, root)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            message = f"scenarios.{name}.mocks.{index}: {mock.body_file or 'body'}: {reason}"
            wrong.append(BuildFinding("error", CODE, FILE_NAME, message, line=_line_of(text, loc)))
            continue
        told.append({"match": mock.match, "status": mock.status, "body": body, "delayMs": mock.delay_ms})
    return told, wrong


def _body(mock: MockAnswer, root: Path) -> Any:
    if mock.body_file is None:
        return json.loads(json.dumps(mock.body, default=_iso, allow_nan=False))
    if mock.body is not None:
        raise ValueError("there is a body beside it; one of both counts")
    path = real_path(root / mock.body_file)
    if not is_inside(path, root):
        raise ValueError("it lies outside of the mini-program")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"it is no JSON: {error}") from error


def _iso(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def _line_of(text: str, loc: list[Any]) -> int | None:
    """The line on which a key is written, found by looking for it below the names that lead there."""
    lines, at, is_below = text.splitlines(), 0, False
    for part in (part for part in loc if isinstance(part, str)):
        key = re.compile(rf"""(^|[\s.\[{{,"'])["']?{re.escape(part)}["']?\s*($|[.\]=])""")
        found = next((n for n in range(at, len(lines)) if key.search(lines[n].partition("#")[0])), None)
        if found is None:
            break
        at, is_below = found, True
    return at + 1 if is_below else None
