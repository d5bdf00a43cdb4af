"""How many of some requests an audience would match, before anything is released to it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from miniprogram.delivery.evaluation.conditions.model import ConditionError, Matches
from miniprogram.delivery.evaluation.conditions.operators import Test
from miniprogram.delivery.evaluation.conditions.parse import compile_condition
from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.refusals import Unacceptable
from miniprogram.releases.model.segments import Segment
from miniprogram.releases.storage.id_lists import read_list
from miniprogram.releases.storage.release_documents import releases_of

MAX_COUNTED = 1_000
"""Requests an audience is tried on."""


class AudienceCount(FrozenModel):
    """Of `seen` requests, `matched` are by somebody in the audience."""

    seen: int
    matched: int


def count_audience(
    storage: EnvironmentStorage,
    program_id: str,
    tree: dict[str, Any] | None,
    contexts: Iterable[dict[str, Any]],
) -> AudienceCount:
    """Try `tree` on the first of `contexts`; None is everybody.

    Raises Unacceptable for what is no condition, StoreError for a segment whose list is gone.
    """
    seen = list(islice(contexts, MAX_COUNTED))
    if tree is None:
        return AudienceCount(seen=len(seen), matched=len(seen))
    try:
        matches = _compiled(storage, program_id, tree)
    except ConditionError as error:
        raise Unacceptable(f"not yet a condition: {error}") from None
    return AudienceCount(seen=len(seen), matched=sum(map(matches, seen)))


def _compiled(storage: EnvironmentStorage, program_id: str, tree: dict[str, Any]) -> Matches:
    document = releases_of(storage, program_id).read()

    def find_segment(name: str) -> Test:
        segment = document.segment(name) if document else None
        if segment is None:
            raise ValueError(f"there is no segment {name!r}")
        return _test_of(storage, segment)

    return compile_condition(tree, find_segment)


def _test_of(storage: EnvironmentStorage, segment: Segment) -> Test:
    if segment.key is None:
        patterns = [compile_pattern(each, ignore_case=segment.case_insensitive) for each in segment.patterns]
        return lambda text: any(matches(text) for matches in patterns)
    ids = read_list(storage, segment.key)  # once, however many requests are counted
    return (lambda text: text.lower() in ids) if segment.case_insensitive else ids.__contains__
