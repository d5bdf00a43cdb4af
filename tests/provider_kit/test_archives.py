"""Archives of functions: the same for everybody, and nothing but what we packed is run."""

from __future__ import annotations

import io
import sys
import zipfile

import pytest

from miniprogram.errors import StoreError
from miniprogram.provider_kit.archives import make_archive, store_archive
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore

HERE = sys.version_info[:2]
ELSEWHERE = (3, 99)


def names(body: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(body)).namelist()


def test_the_same_sources_give_the_same_archive() -> None:
    sources = {"b.py": b"x = 1\n", "a/data.json": b"{}"}
    again = {"a/data.json": b"{}", "b.py": b"x = 1\n"}
    first, second = (make_archive("f", files, ELSEWHERE) for files in (sources, again))
    assert first == second
    assert first.key == f"functions/f-{first.digest[:32]}.zip"


def test_what_a_checkout_adds_does_not_change_the_digest() -> None:
    plain = make_archive("f", {"b.py": b"x = 1\ny = 2\n"}, HERE)
    windows = make_archive("f", {"b.py": b"x = 1\r\ny = 2\r\n"}, HERE)
    assert plain.digest == windows.digest


def test_whether_compiled_modules_come_along_changes_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever deploys first would decide everybody's cold start."""
    with_them = make_archive("f", {"b.py": b"x = 1\n"}, HERE)
    monkeypatch.setattr(sys, "version_info", (*ELSEWHERE, 0))

    assert make_archive("f", {"b.py": b"x = 1\n"}, HERE).key != with_them.key


@pytest.mark.parametrize(
    ("files", "runtime"),
    [({"b.py": b"x = 2\n"}, HERE), ({"c.py": b"x = 1\n"}, HERE), ({"b.py": b"x = 1\n"}, ELSEWHERE)],
    ids=["content", "name", "runtime"],
)
def test_what_matters_changes_the_digest(files: dict[str, bytes], runtime: tuple[int, int]) -> None:
    assert make_archive("f", {"b.py": b"x = 1\n"}, HERE).digest != make_archive("f", files, runtime).digest


def test_compiled_modules_come_along_for_this_version_only() -> None:
    tag = sys.implementation.cache_tag
    files = {"a/__init__.py": b"", "b.py": b"x = 1\n"}
    assert names(make_archive("f", files, ELSEWHERE).body) == ["a/__init__.py", "b.py"]
    assert set(names(make_archive("f", files, HERE).body)) == {
        *files,
        f"a/__pycache__/__init__.{tag}.pyc",
        f"__pycache__/b.{tag}.pyc",
    }


def test_an_archive_is_stored_once() -> None:
    store, archive = MemoryObjectStore(), make_archive("f", {"b.py": b"x = 1\n"}, ELSEWHERE)

    assert [store_archive(store, archive) for _ in range(2)] == [True, False]

    found = store.get(archive.key)
    assert found is not None
    assert (found.body, store.headers[archive.key][0]) == (archive.body, "application/zip")


def test_what_somebody_else_put_under_its_key_is_replaced_before_it_runs() -> None:
    store, archive = MemoryObjectStore(), make_archive("f", {"b.py": b"x = 1\n"}, ELSEWHERE)
    store.put(archive.key, make_archive("f", {"b.py": b"x = evil\n"}, ELSEWHERE).body)

    assert store_archive(store, archive) is True

    found = store.get(archive.key)
    assert found is not None
    assert found.body == archive.body


def test_a_store_that_fails_is_said() -> None:
    with pytest.raises(StoreError):
        store_archive(FaultyStore(fail_at=0), make_archive("f", {}, ELSEWHERE))
