"""Long id lists that conditions ask, opened when first asked and kept within bounds."""

from __future__ import annotations

from _thread import _local  # what threading.local is; threading itself costs a function's cold start
from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.documents.layouts.layout import Layout
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.errors import BrokenDocument, WouldWait

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.conditions.id_list import IdList
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy

MAX_LIST_BYTES = 128 * 1024 * 1024
"""Memory for lists altogether: eight bytes an id."""


class _Thread(_local):
    """What is so for one thread."""

    is_hurried = False


class SegmentLists:
    """The id lists that `read_bytes` reads, each once: a key never changes its content. Safe to share."""

    def __init__(self, read_bytes: Callable[[str], bytes | None], layout: Layout) -> None:
        self._read_bytes = read_bytes
        self._layout = layout
        self._thread = _Thread()
        self._opened: SegmentedLru[str, IdList] = SegmentedLru(MAX_LIST_BYTES)

    def open(self, key: str) -> Container[str]:
        """The list behind a segment's key. Raises BrokenDocument when it is missing or no whole list."""
        found = self._opened.get(key)
        if found is not None:
            return found
        self._require_time(key)
        return self._read(key)

    def hurry(self) -> None:
        """From now on nothing is read or compiled for this thread: WouldWait is raised."""
        self._thread.is_hurried = True

    def take_time(self) -> None:
        """Ends `hurry`."""
        self._thread.is_hurried = False

    def compile_policy(self, document: Document) -> tuple[ReleasePolicy | None]:
        """The policy of a release document, in a tuple; None when it has none. Raises BrokenDocument.

        It is long work, and for a thread in a hurry WouldWait is raised instead.
        """
        self._require_time(document.key)
        policy = parse_object(document, unique_keys=True).get("policy")
        return (None,) if policy is None else (self.compile_members(document.key, policy),)

    def compile_members(self, key: str, policy: Any) -> ReleasePolicy:
        """The policy in the members found under `key`. Raises BrokenDocument."""
        # Programs without releases need none of this: it would cost every cold start.
        from miniprogram.delivery.evaluation.policy.parse import read_policy
        from miniprogram.delivery.evaluation.policy.strict_object import PolicyError

        try:
            return read_policy(policy, open_list=self.open)
        except PolicyError as error:
            raise BrokenDocument(key, str(error)) from None
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise BrokenDocument(key, f"no policy ({type(error).__name__})") from error

    def _require_time(self, key: str) -> None:
        if self._thread.is_hurried:
            raise WouldWait(key)

    def _read(self, key: str) -> IdList:
        from miniprogram.delivery.evaluation.conditions.id_list import IdList

        body = self._read_bytes(self._layout.keys.segment_ids_key(key))
        if body is None:
            raise BrokenDocument(key, "the id list of a segment is missing")
        try:
            ids = IdList.of(body, key)
        except ValueError as error:
            raise BrokenDocument(key, str(error)) from None
        self._opened.put(key, ids, len(body))
        return ids
