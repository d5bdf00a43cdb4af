"""What a document's model says of a value that does not fit, in words about the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WANTED = {
    "a text": ("string_type", "string_sub_type", "string_unicode"),
    "true or false": ("bool_type", "bool_parsing"),
    "a whole number": ("int_type", "int_parsing", "int_from_float"),
    "a number": ("float_type", "float_parsing", "finite_number"),
    "a list": ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"),
    "an object": ("dict_type", "model_type", "model_attributes_type", "mapping_type"),
    "null": ("none_required",),
}
_WORDS = {kind: f"must be {wanted}" for wanted, kinds in _WANTED.items() for kind in kinds}
_WORDS |= {"missing": "is missing", "extra_forbidden": "is not known here"}


def misfit_words(error: Mapping[str, Any]) -> str | None:
    """What is wrong, to stand behind the name of the place: `must be a list`. None for what a rule of ours says.

    `error` is one of pydantic's `ValidationError.errors()`.
    """
    own = str(error["msg"])
    if own.startswith("Input should be "):
        return _WORDS.get(error["type"], f"must be {own.removeprefix('Input should be ')}")
    return _WORDS.get(error["type"])


def misfit_sentence(error: Mapping[str, Any], *, top: str) -> str:
    """`cachePolicy.manifest must be an object`, or `version: …` with what a rule says. `top` names the whole."""
    member = ".".join(str(part) for part in error["loc"]) or top
    words = misfit_words(error)
    return f"{member} {words}" if words else f"{member}: {str(error['msg']).removeprefix('Value error, ')}"
