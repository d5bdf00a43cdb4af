"""What an author is told when their Python fails: the line, Python's reason, and what was meant."""

from __future__ import annotations

import builtins
import re
import sys
import traceback
from collections.abc import Collection
from pathlib import Path
from types import FrameType
from typing import Any

from miniprogram.stac.generation.naming import snake
from miniprogram.suggestions import did_you_mean

_KEYWORD = re.compile(r"(?:[\w.<>]*\.)?(\w+)\(\) got an unexpected keyword argument '(\w+)'")
_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_CONSTRUCTORS = ("miniprogram.stac.ui", "miniprogram.stac.actions", "miniprogram.stac.values")


def explain(error: BaseException, path: Path, folder: Path, sentence: str | None = None) -> dict[str, Any]:
    """`{error, mark, calls}`: one sentence, `[file, line, column]`, and the author's lines that led there.

    The place is the innermost line below `folder`; without one it is `path` as a whole.
    """
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return {"error": error.msg, "mark": (error.filename, error.lineno or 1, error.offset or None), "calls": []}
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(folder)
    ]
    calls = [f"{Path(each.filename).relative_to(folder.parent)}:{each.lineno} in {each.name}" for each in frames]
    mark: tuple[str, int, int | None] = (str(path), 1, None)
    if frames:
        last = frames[-1]
        mark = (last.filename, last.lineno or 1, None if last.colno is None else last.colno + 1)
    return {"error": sentence or _sentence(error, folder), "mark": mark, "calls": calls}


def _sentence(error: BaseException, folder: Path) -> str:
    """`NameError: name 'titel' is not defined; did you mean "title"?`"""
    told = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {told[0]}" if told else type(error).__name__
    meant = None if "did you mean" in text.lower() else _meant(error, text, folder)
    return f"{text}; {meant}" if meant else text


def _meant(error: BaseException, text: str, folder: Path) -> str | None:
    """What our constructors, or the author's own names and files, have instead."""
    if isinstance(error, AttributeError) and error.name:
        return _closest(error.name, _names(error.obj))
    if isinstance(error, NameError) and error.name:
        frame = _innermost(error)
        return _closest(error.name, {**vars(builtins), **frame.f_globals, **frame.f_locals} if frame else ())
    if (found := _KEYWORD.search(text)) and isinstance(error, TypeError):
        return _closest(found[2], _parameters(found[1], error))
    if (found := _IMPORT.search(text)) and isinstance(error, ImportError):
        module = sys.modules.get(found[2])
        return _closest(found[1], _names(module)) if module else None
    if isinstance(error, ModuleNotFoundError) and error.name:
        parent = folder.joinpath(*error.name.split(".")[:-1])
        entries = parent.iterdir() if parent.is_dir() else ()
        return _closest(error.name.rpartition(".")[2], [entry.name.removesuffix(".py") for entry in entries])
    return None


def _closest(word: str, known: Collection[str]) -> str | None:
    return did_you_mean(snake(word), known) or did_you_mean(word, known)


def _names(thing: object) -> list[str]:
    return [name for name in dir(thing) if not name.startswith("_")]


def _innermost(error: BaseException) -> FrameType | None:
    link = error.__traceback__
    while link is not None and link.tb_next is not None:
        link = link.tb_next
    return link.tb_frame if link else None


def _parameters(function: str, error: BaseException) -> list[str]:
    """The parameters of the function of that name which the failing line can have meant."""
    from inspect import signature

    made = (getattr(sys.modules.get(name), function, None) for name in _CONSTRUCTORS)
    frame = _innermost(error)
    own = frame.f_globals.get(function) if frame else None
    for candidate in (own, *made):
        if callable(candidate):
            try:
                return list(signature(candidate).parameters)
            except (TypeError, ValueError):
                continue
    return []
