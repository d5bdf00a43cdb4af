"""Kinds of values that settings of several clouds have."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, ValidationError

from miniprogram.provider_kit.settings import EachOnce, named_value, values_by_name

Tag = Annotated[str, named_value(r"[a-z]{1,5}", r"[a-z=\n]{0,5}", "NAME=VALUE of few letters")]


class Tagged(BaseModel):
    tag: Annotated[tuple[Tag, ...], EachOnce] = ()


@pytest.mark.parametrize("text", ["", "a", "=b", "A=b", "abcdef=b", "a=abcdef", "a\n=b", "a=B"])
def test_a_named_value_that_does_not_fit_is_said_with_what_fits(text: str) -> None:
    with pytest.raises(ValidationError, match="must be NAME=VALUE of few letters"):
        Tagged(tag=(text,))


def test_the_first_equals_sign_ends_the_name() -> None:
    texts = Tagged(tag=("a=b=c", "b=", "c=\n")).tag

    assert values_by_name(texts) == {"a": "b=c", "b": "", "c": "\n"}


def test_a_name_that_comes_twice_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="must name team once"):
        Tagged(tag=("shop=a", "team=a", "team=b"))
