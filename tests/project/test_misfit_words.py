"""What does not fit a model is told in words about the document, at every door that reads one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from miniprogram.errors import DocumentError
from miniprogram.packages.manifest import CacheRule, Fallback, Manifest
from miniprogram.project.manifest.document import parse_manifest
from miniprogram.strict_json import parse_model
from project.conftest import MANIFEST

FOREIGN = re.compile(r"tuple|dict|string|instance|Input|Field required|Extra|pydantic")
"""Words of the language the model is written in."""
WRONG: list[Any] = [None, True, 7, 1.5, "x", [], ["x"], [7], {}, {"mode": 7}, {"strategy": []}]
MEMBERS = {field.alias or name for name, field in Manifest.model_fields.items()}


@pytest.mark.parametrize("member", sorted(MEMBERS))
def test_no_foreign_word_about_a_manifest(member: str) -> None:
    told = []
    for wrong in WRONG:
        try:
            parse_manifest({**MANIFEST, member: wrong}, name="manifest.json")
        except DocumentError as error:
            told.append(str(error))

    assert told
    assert not [sentence for sentence in told if FOREIGN.search(sentence)]


@pytest.mark.parametrize(
    ("model", "value", "said"),
    [
        (CacheRule, {"mode": 7}, r"policy: mode must be .*noCache"),
        (Fallback, {"route": "/a"}, "policy: strategy is missing"),
        (CacheRule, [], "policy: the document must be an object"),
        (Fallback, {"strategy": "hostRoute", "route": 7}, "policy: route must be a text"),
    ],
    ids=["a word", "missing", "the whole", "a text"],
)
def test_the_place_stands_in_front(model: Any, value: Any, said: str) -> None:
    with pytest.raises(DocumentError, match=f"^{said}"):
        parse_model(model, value, name="policy")
