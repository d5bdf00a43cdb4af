"""Documents read piece by piece are taken and refused as those that are read whole, wherever a piece ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram import json_stream
from miniprogram.errors import DocumentError
from miniprogram.json_stream import Entry, Member, read_parts
from miniprogram.strict_json import parse_json, require_object

LARGE = 1 << 20

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=4) | st.just("records"), VALUES | st.lists(VALUES), max_size=5)


def whole(path: Path, max_bytes: int = LARGE) -> dict[str, Any]:
    """The object in a file, put together from its parts."""
    members: dict[str, Any] = {}
    entries: list[Any] = []
    for part in read_parts(path, listed="records", max_bytes=max_bytes):
        if isinstance(part, Entry):
            assert part.position == len(entries)
            entries.append(part.value)
        else:
            assert isinstance(part, Member)
            members[part.name] = entries if part.is_listed else part.value
    return members


@pytest.fixture(params=[1, 2, 7, 64 * 1024])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", request.param)
    return int(request.param)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=OBJECTS, indent=st.sampled_from([None, 2]), is_ascii=st.booleans())
def test_every_object_is_read_as_it_is(
    tmp_path: Path, chunk: int, document: dict[str, Any], indent: int | None, is_ascii: bool
) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=is_ascii) + "\n", "utf-8")
    assert whole(path) == document


RIGHT = '{"a": 1.5e+7, "records": [{"x": "\\u00e4\\""}, -12, true], "b": {"c": [null, "\\ud83d\\ude00"]}}'


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(RIGHT)), cut=st.integers(0, 3), new=st.text('{}[],:"\\0e.ä \n', max_size=3))
def test_what_was_broken_is_refused_as_if_it_were_read_whole(
    tmp_path: Path, chunk: int, at: int, cut: int, new: str
) -> None:
    path = tmp_path / "export.json"
    body = (RIGHT[:at] + new + RIGHT[at + cut :]).encode()
    path.write_bytes(body)
    told = refusal(lambda: require_object(parse_json(body, name=str(path)), name=str(path)))
    if told is None:
        assert whole(path) == json.loads(body)
        return
    with pytest.raises(DocumentError) as failure:
        whole(path)
    assert failure.value.line == told.line or "must hold" in str(failure.value)


def refusal(work: Callable[[], object]) -> DocumentError | None:
    try:
        work()
    except DocumentError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", r"not JSON.*line 1, column 1"),
        (b"[1]", "must hold a JSON object, not a list"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": 1,\n "a": 2}', r"the key 'a' stands twice in one object \(line 2, column 2\)"),
        (b'{"records": [{"a": 1, "a": 2}]}', "the key 'a' stands twice"),
        (b'{"records": [1,\n2,\n]}', r"line 3|line 2"),
        (b'{"records": [1,\n2 3]}', r"line 2, column 3"),
        (b'{"records": [1]} x', "Extra data"),
        (b'{"a": "\xff"}', r"not UTF-8 \(byte 7\)"),
        (b'{"a": "\\ud800"}', "half a surrogate pair"),
        (b'{"records": ["\\ud800"]}', "half a surrogate pair"),
        (b'{"records": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": 1e999}', "too large a number"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, chunk: int, body: bytes, words: str) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(body)
    with pytest.raises(DocumentError, match=words) as failure:
        whole(path)
    assert str(path) in str(failure.value)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    with pytest.raises(DocumentError, match="does not exist"):
        whole(path)
    with pytest.raises(DocumentError, match="cannot be read"):
        whole(tmp_path)
    path.write_text(RIGHT)
    with pytest.raises(DocumentError, match="is larger than 20 bytes"):
        whole(path, max_bytes=20)


def test_a_value_without_an_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", 64)
    monkeypatch.setattr(json_stream, "MAX_VALUE_CHARACTERS", 1000)
    path = tmp_path / "export.json"
    path.write_text('{"a": 1,\n "records": [{"b": "' + "x" * 100_000)
    with pytest.raises(DocumentError, match=r"too large or does not end \(line 2, column 14\)"):
        whole(path)
