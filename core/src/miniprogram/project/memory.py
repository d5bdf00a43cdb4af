"""What earlier builds found out about documents that are the same still: a save of one screen builds that one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from miniprogram.seams.screen_source import ScreenDraft

T = TypeVar("T")


class BuildMemory:
    """For those who build one mini-program again and again, one build at a time.

    A file with the bytes it had is the very document it was, and what was found about a document holds as long as
    what it depends on is equal. Nobody changes a document once it is read.
    """

    def __init__(self) -> None:
        self._read: dict[Path, tuple[bytes, dict[str, Any]]] = {}
        self._found: dict[int, tuple[dict[str, Any], dict[str, tuple[object, object]]]] = {}
        """By identity, beside the document itself: as long as it is kept, nothing else has its identity."""

    def document(self, file: Path, body: bytes, parse: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
        """What `parse` makes of the bytes of `file`, asked only when they are not those of last time."""
        known = self._read.get(file)
        if known is not None and known[0] == body:
            return known[1]
        made = parse(body)
        self._read[file] = (body, made)
        return made

    def about(self, node: dict[str, Any], question: str, circumstances: object, find: Callable[[], T]) -> T:
        """What `find` says of `node`, asked again only when `circumstances` differ from last time's."""
        _, answers = self._found.setdefault(id(node), (node, {}))
        known = answers.get(question)
        if known is not None and known[0] == circumstances:
            return cast("T", known[1])
        found = find()
        answers[question] = (circumstances, found)
        return found

    def keep(self, drafts: Iterable[ScreenDraft]) -> None:
        """Forget all that is not about these."""
        nodes = {id(draft.node): draft.origin for draft in drafts}
        files = set(nodes.values())
        self._found = {key: found for key, found in self._found.items() if key in nodes}
        self._read = {file: read for file, read in self._read.items() if file in files}
