"""Long id lists on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.conditions.id_list import IdList, write_id_list

SALT = bytes(range(16))


@given(inside=st.sets(st.text(max_size=12), max_size=40), outside=st.text(max_size=12))
def test_exactly_the_written_ids_are_in(
    tmp_path_factory: pytest.TempPathFactory, inside: set[str], outside: str
) -> None:
    path = str(tmp_path_factory.mktemp("ids") / "list")
    assert write_id_list(path, inside, salt=SALT) == len(inside)
    with IdList(path) as ids:
        assert len(ids) == len(inside)
        assert all(text in ids for text in inside)
        assert (outside in ids) == (outside in inside)
        assert 7 not in ids


def test_the_same_ids_give_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_id_list(str(first), ["b", "a", "b"], salt=SALT)
    write_id_list(str(second), ["a", "b"], salt=SALT)
    assert first.read_bytes() == second.read_bytes()
    assert b"a" not in first.read_bytes()[32:34]


def test_two_salts_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_id_list(str(first), ["a"])
    write_id_list(str(second), ["a"])
    assert first.read_bytes()[32:] != second.read_bytes()[32:]


@pytest.mark.parametrize("damage", [b"", b"short", b"X" * 40], ids=["empty", "short", "foreign"])
def test_what_is_not_a_list_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(damage)
    with pytest.raises(ValueError, match="id list"):
        IdList(str(path))


def test_a_torn_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write_id_list(str(path), ["a", "b"])
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="whole"):
        IdList(str(path))


def test_a_failed_write_leaves_the_old_list(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write_id_list(str(path), ["a"])
    with pytest.raises(ValueError, match="16 bytes"):
        write_id_list(str(path), ["b"], salt=b"x")
    with IdList(str(path)) as ids:
        assert "a" in ids
    assert [entry.name for entry in tmp_path.iterdir()] == ["list"]
