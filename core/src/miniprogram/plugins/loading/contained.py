"""Running the code of plugins, so that what it does to the process stays without effect on the command.

Plugins share our process. Whatever they raise is an answer of theirs, stdout belongs to the command, and a command
ends when it is done. Imports the standard library only and little of it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO


def pass_on_interrupt(error: BaseException) -> None:
    """Raises `error` again when it is a person's Ctrl-C: that is for the command, whoever was running.

    A plugin that raises KeyboardInterrupt itself has failed like any other.
    """
    if isinstance(error, KeyboardInterrupt) and not _is_raised_by_statement(error):
        raise error


def _is_raised_by_statement(error: BaseException) -> bool:
    from opcode import opname  # deferred: only an interrupt needs it

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    return opname[trace.tb_frame.f_code.co_code[trace.tb_lasti]] == "RAISE_VARARGS"


class stdout_guarded:  # noqa: N801 - reads as what it is: a context manager, without importing contextlib
    """While a plugin's code runs, what is written to stdout goes to stderr: stdout belongs to the command."""

    def __enter__(self) -> stdout_guarded:
        self._stdout: TextIO | None = sys.stdout
        self._copy: int | None = None
        if sys.stdout is not None and sys.stderr is not None:
            sys.stdout.flush()
            self._turn_away()
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()

    def write(self, text: str) -> None:
        """Write `text` to what stdout was, all of it at once."""
        self._give_back()
        try:
            if sys.stdout is not None:
                sys.stdout.write(text)
                sys.stdout.flush()
        finally:
            self._turn_away()

    def _turn_away(self) -> None:
        sys.stdout = sys.stderr
        try:
            self._copy = os.dup(1)
            os.dup2(2, 1)
        except OSError:  # closed by whoever started us
            pass

    def _give_back(self) -> None:
        if self._copy is not None:
            os.dup2(self._copy, 1)
            os.close(self._copy)
            self._copy = None
        sys.stdout = self._stdout


_json_only: list[stdout_guarded] = []


class only_the_document:  # noqa: N801 - as above
    """While a command runs that prints one JSON document: `write_document` is the only way to stdout."""

    def __enter__(self) -> None:
        _json_only.append(stdout_guarded().__enter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _json_only.pop().__exit__(kind, error, trace)


def write_document(text: str) -> None:
    """Write what a command prints to stdout, wherever stdout leads to at the moment."""
    if _json_only:
        _json_only[-1].write(text)
    else:
        sys.stdout.write(text)
