"""The only writer to stdout: lines for people, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from miniprogram.cli.framework.terminal import is_live, painted, takes_colour, width_of, with_colours
from miniprogram.logs import is_verbose
from miniprogram.plugins.loading.contained import write_document
from miniprogram.progress import listening

if TYPE_CHECKING:
    from miniprogram.cli.framework.life_line import LifeLine


class Report(Protocol):
    def model_dump(self, *, mode: str, by_alias: bool, exclude_unset: bool = ...) -> dict[str, Any]: ...


STDOUT = "what was to be printed cannot be written"
"""Names stdout in an error."""

R = TypeVar("R", bound=Report)

_state = {
    "quiet": False,
    "muted": False,
    "document": False,
    "coloured": False,
    "coloured errors": False,
    "live": False,
}

_lines: list[LifeLine] = []


def begin(environ: Mapping[str, str], *, quiet: bool = False) -> None:
    """Forget the run before. With `quiet` nothing is told about what is going on."""
    _state.update(quiet=quiet, muted=False, document=False)
    _state["coloured"] = takes_colour(sys.stdout, environ)
    _state["coloured errors"] = takes_colour(sys.stderr, environ)
    _state["live"] = is_live(sys.stderr, environ)


@contextmanager
def life_line(environ: Mapping[str, str]) -> Iterator[None]:
    """While this lasts, a terminal sees that the command lives. For commands that end by themselves."""
    if not _state["live"] or _state["quiet"] or is_verbose() or sys.stderr is None:
        yield
        return
    from miniprogram.cli.framework.life_line import LifeLine  # deferred: imports threading

    line = LifeLine(sys.stderr, width_of(sys.stderr, environ)).start()
    _lines.append(line)
    try:
        with listening(line.told):
            yield
    finally:
        _lines.remove(line)
        line.end()


def _clear() -> None:
    for line in _lines:
        line.clear()


def be_quiet() -> None:
    """Tell nothing about what is going on, from now on."""
    _state["quiet"] = True


def mute_lines() -> None:
    """Leave out lines for people if quiet was asked for: the exit code says that something was changed."""
    _state["muted"] = _state["quiet"]


def has_document() -> bool:
    """Whether this run has written its JSON document."""
    return _state["document"]


def emit(report: R, *, as_json: bool, lines: Callable[[R], Iterable[str]]) -> None:
    """Write `report` as JSON (two-space indent, camelCase keys), or as `lines` makes it."""
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    else:
        emit_lines(lines(report))


def emit_json(document: dict[str, Any]) -> None:
    """Write one JSON document: UTF-8, two-space indent, non-ASCII as it is, trailing newline."""
    _state["document"] = True
    _clear()
    _write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def emit_lines(lines: Iterable[str]) -> None:
    """Write `lines`, each with a newline; none after `mute_lines` of a quiet run."""
    for line in lines:
        if not _state["muted"]:
            _clear()
            _write((with_colours(line) if _state["coloured"] else line) + "\n")


def _write(text: str) -> None:
    try:
        write_document(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, STDOUT) from error


def flush() -> None:
    """Have everything written before the exit code is chosen. Raises OSError naming stdout."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, STDOUT) from error


def end_line() -> None:
    """Leave the line in which a terminal shows `^C`."""
    if _state["live"]:
        sys.stderr.write("\n")


def tell_failure(message: str, hint: str | None, *, as_error: bool = True) -> None:
    """Write to stderr what went wrong, and what to do about it; in colour when it is an error."""
    if _state["coloured errors"] and as_error:
        lines = [with_colours(line) for line in message.splitlines()]
        message = painted(message, "error") if lines == message.splitlines() else "\n".join(lines)
    sys.stderr.write(f"{message}\n" + (f"{hint}\n" if hint else ""))


def tell(line: str) -> None:
    """Write a line about what is going on to stderr: it is no part of the result."""
    if _state["quiet"]:
        return
    _clear()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def emit_slowly(lines: Iterable[str]) -> None:
    """Write `lines` as they come, each at once: whoever reads from a pipe sees what is going on."""
    for line in lines:
        emit_lines([line])
        sys.stdout.flush()
