"""YAML read from events is YAML as the whole loader reads it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.project.sources import yaml_loader
from miniprogram.project.sources.yaml_loader import read_yaml

SCALARS = ["", "~", "null", "nullable", "true", "True", "trueish", "on", "010", "-3", "1.5", ".5", "1e3", "1."]
SCALARS += ["-", "12:30", "2030-01-02", "0x10", "1_000", "<", ".inf", "None", "no", "text: with", "# none", "+"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    | st.sampled_from(SCALARS),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(SCALARS), inner),
)  # fmt: skip


def whole(text: str) -> object:
    return yaml.load(text, Loader=yaml_loader._Loader)


@given(VALUES, st.sampled_from([None, True, False]))
def test_events_and_nodes_give_the_same_value(value: object, flow: bool | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)

    assert repr(read_yaml(text)) == repr(whole(text))


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize("text", ["a: {}\n", "- {}\n", "{}: 1\n", "a: '{}'\n", "'{}': 1\n"])
def test_every_word_means_the_same(text: str, scalar: str) -> None:
    written = text.replace("{}", scalar)
    try:
        expected = repr(whole(written))
    except yaml.YAMLError as error:
        with pytest.raises(type(error)):
            read_yaml(written)
    else:
        assert repr(read_yaml(written)) == expected


@pytest.mark.parametrize(
    "text",
    ["a: &x {b: 1}\nc: *x", "a: &x {b: 1}\nc: {<<: *x, d: 2}", "a: !!str 5", "1: a", "? [a]\n: b", "true: x", ""],
    ids=["alias", "merge", "tag", "number-key", "list-key", "flag-key", "empty"],
)
def test_what_is_rare_is_read_all_the_same(text: str) -> None:
    try:
        expected = whole(text)
    except yaml.YAMLError as error:
        with pytest.raises(type(error)):
            read_yaml(text)
    else:
        assert read_yaml(text) == expected


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: {b: 1, 'b': 2}", "a: [1", "a: 1\n---\nb: 2", "a: *gone"])
def test_what_is_refused_is_refused_with_a_place(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        read_yaml(text)

    assert caught.value.problem_mark is not None


def test_plain_screens_never_need_the_whole_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "load", lambda *_, **__: pytest.fail("the slow way was taken"))

    assert read_yaml("type: text\ndata: Hello\nsize: 3\nnone:\nlist: [1, true]\n") == {
        "type": "text",
        "data": "Hello",
        "size": 3,
        "none": None,
        "list": [1, True],
    }
