"""Long id lists on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.conditions.id_list import IdList, write_id_list

SALT = bytes(range(16))
Open = Callable[[Path], IdList]

every_way = pytest.mark.parametrize(
    "open_list", [lambda path: IdList(str(path)), lambda path: IdList.of(path.read_bytes(), str(path))],
    ids=["mapped", "in memory"],
)  # fmt: skip
"""A list is looked up in its file, or in what was fetched of it."""


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


@every_way
@pytest.mark.parametrize("written", [[], ["a"], ["a", "b", "ö"]], ids=len)
def test_a_list_of_any_length_is_opened(tmp_path: Path, open_list: Open, written: list[str]) -> None:
    path = tmp_path / "list"
    write_id_list(str(path), written)

    with open_list(path) as ids:
        assert [text in ids for text in ("a", "b", "ö", "c")] == [text in written for text in ("a", "b", "ö", "c")]
        assert len(ids) == len(written)

    with pytest.raises(ValueError, match="released"):
        len(ids)


def test_a_closed_list_gives_its_file_back(tmp_path: Path) -> None:
    write_id_list(str(tmp_path / "list"), ["a"])
    ids = IdList(str(tmp_path / "list"))

    ids.close()

    assert ids._map is not None
    assert ids._map.closed


@every_way
@pytest.mark.parametrize("damage", [b"", b"short", b"X" * 31, b"X" * 40], ids=["empty", "short", "cut", "foreign"])
def test_what_is_not_a_list_is_refused(tmp_path: Path, open_list: Open, damage: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(damage)
    with pytest.raises(ValueError, match=r"list is not an? (whole )?id list"):
        open_list(path)


@every_way
@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-1],
        lambda body: body[:-8],
        lambda body: body + bytes(8),
        lambda body: b"MPIDLST2" + body[8:],
    ],
    ids=["torn", "an id is missing", "an id too many", "another format"],
)
def test_a_damaged_list_is_refused(tmp_path: Path, open_list: Open, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "list"
    write_id_list(str(path), ["a", "b"])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="whole"):
        open_list(path)


@every_way
def test_machines_of_the_other_byte_order_write_and_read_the_same_file(
    tmp_path: Path, open_list: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What such a machine turns round is turned twice here: each digest lies reversed in the file."""
    path = tmp_path / "list"
    write_id_list(str(path), ["a"], salt=SALT)
    usual = path.read_bytes()[32:]
    monkeypatch.setattr("sys.byteorder", "big")

    write_id_list(str(path), ["a"], salt=SALT)

    assert path.read_bytes()[32:] == usual[::-1]
    with open_list(path) as ids:
        assert ("a" in ids, "b" in ids) == (True, False)


def test_a_list_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list"
    synced: list[tuple[int, bool]] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append((os.fstat(file).st_size, path.exists())))

    write_id_list(str(path), ["a", "b"])

    assert synced == [(32 + 2 * 8, False)]


def test_a_write_that_fails_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "list" / "in the way").mkdir(parents=True)

    with pytest.raises(OSError, match="list"):
        write_id_list(str(tmp_path / "list"), ["a"])

    assert [entry.name for entry in tmp_path.iterdir()] == ["list"]


def test_a_failed_write_leaves_the_old_list(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write_id_list(str(path), ["a"])
    with pytest.raises(ValueError, match="16 bytes"):
        write_id_list(str(path), ["b"], salt=b"x")
    with IdList(str(path)) as ids:
        assert "a" in ids
    assert [entry.name for entry in tmp_path.iterdir()] == ["list"]
