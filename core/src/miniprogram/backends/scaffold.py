"""Write a publisher backend starter into a mini-program: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from miniprogram.backends.program import program_facts
from miniprogram.errors import MiniProgramError
from miniprogram.files import is_inside, write_atomic
from miniprogram.plugins.specs import BackendTemplateSpec


@dataclass(frozen=True, slots=True)
class ScaffoldReport:
    """What was written. Paths are relative to `folder`, sorted; files that were the same already are in none."""

    folder: Path
    template: str
    storage: str
    created: tuple[str, ...]
    replaced: tuple[str, ...]


def scaffold_backend(
    spec: BackendTemplateSpec, program_root: Path, *, storage: str | None, force: bool
) -> ScaffoldReport:
    """Render `spec` below `program_root`.

    Files with other content are replaced only with `force`. Raises MiniProgramError, before anything is written,
    naming the first file in the way or the storage the template does not have.
    """
    chosen = storage or spec.storages[0]
    if chosen not in spec.storages:
        raise MiniProgramError(
            f"the {spec.name} template has no storage {chosen!r}; it has {', '.join(spec.storages)}"
        )
    template = spec.create()
    folder = program_root / template.folder
    template.check(folder)
    rendered = template.render(program_facts(program_root), chosen)
    created = [path for path in rendered if not (folder / path).exists()]
    differing = [path for path, body in rendered.items() if _differs(folder / path, body)]
    _refuse_escapes(folder, program_root)
    if differing and not force:
        raise MiniProgramError(f"{folder / differing[0]} was changed", hint="Use --force to write over it.")
    for path in [*created, *differing]:
        write_atomic(folder / path, rendered[path])
    return ScaffoldReport(
        folder, spec.name, chosen, tuple(sorted(map(str, created))), tuple(sorted(map(str, differing)))
    )


def _differs(path: Path, body: bytes) -> bool:
    if not path.exists():
        return False
    if not path.is_file():
        raise MiniProgramError(f"{path} is in the way: it is not a file")
    return path.read_bytes() != body


def _refuse_escapes(folder: Path, program_root: Path) -> None:
    if not is_inside(folder, program_root):
        raise MiniProgramError(f"{folder} leads out of the mini-program")
