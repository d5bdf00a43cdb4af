"""A cloud's starter, put together of what all have and its own; what of it is sent; its commands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import ClassVar

import pytest

from miniprogram.backends.cloud.command_rows import SUBCOMMANDS, capability_rows, command_rows
from miniprogram.backends.cloud.keyed_records import write_batches
from miniprogram.backends.cloud.starter import BackendStarter, StarterBackend, starter_sources, told_outputs
from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_operator import BackendRequest
from miniprogram.seams.backend_template import BackendTemplate, ProgramFacts
from miniprogram.seams.data_store import Leftover
from miniprogram.testing import BackendTemplateContract

SHOP = ProgramFacts("shop", "Shop")


class AcmeStarter(BackendStarter):
    name, cloud = "acme-functions", "Acme"
    folder = PurePosixPath("backend/acme")
    code, main, node_main = "src", "main.py", "main.mjs"
    required = ("acme.json", "src/main.py")
    package = "acme_starter_files"

    def own_files(self, facts: ProgramFacts, storage: str) -> Mapping[str, bytes]:
        found = {
            "src/main.py": self.file("main.py"),
            "acme.json": self.rendered("acme.json", {"id": facts.program_id}),
        }
        return found | ({"src/store.py": b"SHELF = 1\n"} if storage == "shelf" else {})


class AcmeBackend(StarterBackend):
    starter: ClassVar = AcmeStarter()

    def __init__(self, root: Path) -> None:
        self.request = BackendRequest(root, SHOP, "production")


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "acme_starter_files"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text("import store\n")
    (package / "acme.json").write_text('{"id": "{{ id }}"}\n')
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, "acme_starter_files", raising=False)


class TestAcmeStarter(BackendTemplateContract):
    storages = ("bundled", "shelf")

    def make_template(self) -> BackendTemplate:
        return AcmeStarter()


def scaffold(root: Path, storage: str = "bundled") -> AcmeBackend:
    for path, body in AcmeStarter().render(SHOP, storage).items():
        file = root / AcmeStarter.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return AcmeBackend(root)


def test_its_own_files_stand_beside_routes_store_and_data() -> None:
    files = {str(path): body for path, body in AcmeStarter().render(SHOP, "bundled").items()}

    assert files["acme.json"] == b'{"id": "shop"}\n'
    assert {"src/publisher_routes.py", "src/store.py", "src/main.py"} <= files.keys()
    assert all(json.loads(body) for name, body in files.items() if name.startswith("src/data/"))
    assert AcmeStarter().render(SHOP, "shelf")[PurePosixPath("src/store.py")] == b"SHELF = 1\n"


def test_a_starter_that_is_whole_can_be_deployed(tmp_path: Path) -> None:
    backend = scaffold(tmp_path)

    backend.check_source()

    assert backend.data_folder == tmp_path / "backend/acme/src/data"
    assert {"main.py", "store.py"} <= starter_sources(backend.code_folder).keys()


@pytest.mark.parametrize("missing", AcmeStarter.required)
def test_what_is_missing_is_named_with_the_way_to_get_it(tmp_path: Path, missing: str) -> None:
    backend = scaffold(tmp_path)
    (backend.backend_root / missing).unlink()

    said = rf"shop has no Acme backend: .*{re.escape(missing)} is missing"
    with pytest.raises(MiniProgramError, match=said) as refusal:
        backend.check_source()

    assert refusal.value.hint == "Make one: miniprogram publisher-backend scaffold --template acme-functions"


def test_a_backend_in_another_language_is_refused_by_scaffold_and_deploy(tmp_path: Path) -> None:
    backend = AcmeBackend(tmp_path)
    backend.code_folder.mkdir(parents=True)
    (backend.code_folder / "main.mjs").touch()

    for refused in (lambda: AcmeStarter().check(backend.backend_root), backend.check_source):
        with pytest.raises(MiniProgramError, match=r"Node\.js backend of another tool"):
            refused()


def test_hidden_files_and_what_tools_leave_are_not_sent(tmp_path: Path) -> None:
    folder = tmp_path / "src"
    for name in (
        ".env",
        ".git/config",
        "a/.venv/x.py",
        "venv/y.py",
        "__pycache__/m.pyc",
        "m.pyc",
        "a/b.py",
        "c.json",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1")

    assert starter_sources(folder) == {"a/b.py": b"1", "c.json": b"1"}


def _broken(folder: Path) -> None:
    (folder / "main.py").write_text("def (:\n")


def _leads_out(folder: Path) -> None:
    (folder / "key").symlink_to(folder.parent)
    (folder / "secret").symlink_to(Path(__file__))


def _large(folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}.bin").write_bytes(b"x" * 500_000)


def _one_large(folder: Path) -> None:
    (folder / "one.bin").write_bytes(b"x" * 1_500_000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_broken, r"main\.py is no Python: .*line 1"),
        (_leads_out, "secret leads out of"),
        (_large, "holds more than 1 MiB"),
        (_one_large, r"one\.bin"),
    ],
)
def test_what_cannot_be_sent_is_said_before_it_is(tmp_path: Path, make, said: str) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    make(folder)

    with pytest.raises(MiniProgramError, match=said):
        starter_sources(folder, most_bytes=1024 * 1024)


def test_outputs_are_sorted_and_none_is_blank() -> None:
    assert list(told_outputs({"b": "2", "a": "1", "c": "", "": "x"}).items()) == [("a", "1"), ("b", "2")]


class Table:
    """Refuses the number 3, and fails from a batch on."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at, self.batches = fails_at, []

    def write(self, batch: list[int]) -> list[Leftover]:
        if len(self.batches) == self.fails_at:
            raise MiniProgramError("the table is away")
        self.batches.append(batch)
        return [Leftover((str(each),), "no 3 here") for each in batch if each == 3]


@pytest.mark.parametrize(
    ("fails_at", "left"),
    [
        (None, {"3": "no 3 here"}),
        (1, {"3": "the table is away", "4": "the table is away", "5": "the table is away"}),
        (2, {"3": "no 3 here", "5": "the table is away"}),
    ],
)
def test_a_batch_that_fails_leaves_itself_and_what_follows(fails_at: int | None, left: dict[str, str]) -> None:
    table = Table(fails_at)

    found = write_batches([[1, 2], [3, 4], [5]], table.write, lambda each: (str(each),))

    assert {each.key[0]: each.reason for each in found} == left
    assert table.batches == [[1, 2], [3, 4], [5]][:fails_at]


def test_a_first_batch_that_fails_is_no_half_done_work() -> None:
    with pytest.raises(MiniProgramError, match="the table is away"):
        write_batches([[1], [2]], Table(0).write, lambda each: (str(each),))


def test_every_command_has_a_function_and_editors_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic import BaseModel

    from miniprogram.cli.commands.publisher_backend_functions import functions_for

    class Options(BaseModel):
        shelf: str | None = None

    functions = functions_for("acme", Options)
    rows = command_rows("acme", "acme.commands")

    assert all(callable(functions(row.load.partition(":")[2])) for row in rows)
    assert len(rows) == len(SUBCOMMANDS)
    with pytest.raises(AttributeError, match="for_provider"):
        functions("for_provider")
    told = {row.command for row in capability_rows("acme", ("shelf", "Shelf"), leaves_out={"handoff"})}
    words = {" ".join(row.path) for row in rows} - {"publisher-backend acme handoff"}
    assert words - told <= {"publisher-backend acme logs", "publisher-backend acme destroy"}
