"""What every publisher backend starter must do, as tests to inherit."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import ClassVar

from miniprogram.seams.backend_template import BackendTemplate, ProgramFacts
from miniprogram.testing.contract import Contract

FACTS = ProgramFacts("coupon_center", 'The "Coupons" & $more')


class BackendTemplateContract(Contract):
    """Inherit, and override `make_template` and `storages`. Nothing of it can be missing."""

    storages: ClassVar[tuple[str, ...]]
    """What the spec names; the first is the default."""

    def make_template(self) -> BackendTemplate:
        raise NotImplementedError

    def test_its_folder_is_below_the_mini_program(self) -> None:
        _require_inside(self.make_template().folder)

    def test_every_storage_gives_files_below_the_folder(self) -> None:
        for storage in self.storages:
            files = self.make_template().render(FACTS, storage)

            assert files
            for path, body in files.items():
                _require_inside(path)
                assert isinstance(body, bytes), path

    def test_the_same_facts_give_the_same_files(self) -> None:
        for storage in self.storages:
            first = self.make_template().render(FACTS, storage)

            assert list(first) == sorted(first)
            assert dict(self.make_template().render(FACTS, storage)) == dict(first)

    def test_it_is_about_the_mini_program(self) -> None:
        for storage in self.storages:
            files = self.make_template().render(FACTS, storage)

            assert any(FACTS.program_id.encode() in body for body in files.values())
            assert not any(b"{{" in body or b"{%" in body for body in files.values()), "an unfilled template"

    def test_json_and_python_files_can_be_read(self) -> None:
        for storage in self.storages:
            for path, body in self.make_template().render(FACTS, storage).items():
                if path.suffix == ".json":
                    json.loads(body)
                elif path.suffix == ".py":
                    compile(body, str(path), "exec")

    def test_a_folder_that_is_not_there_and_its_own_files_are_fine(self, tmp_path: Path) -> None:
        template = self.make_template()
        folder = tmp_path / template.folder
        template.check(folder)
        for path, body in template.render(FACTS, self.storages[0]).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)

        template.check(folder)


def _require_inside(path: PurePosixPath) -> None:
    assert not path.is_absolute(), path
    assert path.parts, "a path of its own"
    assert ".." not in path.parts, path
