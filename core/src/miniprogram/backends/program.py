"""The mini-program a publisher backend belongs to."""

from __future__ import annotations

from pathlib import Path

from miniprogram.delivery.evaluation.versions.display_texts import display_texts
from miniprogram.errors import ProjectError
from miniprogram.seams.backend_template import ProgramFacts
from miniprogram.strict_json import read_object


def program_facts(program_root: Path) -> ProgramFacts:
    """Id and title out of the manifest. Raises ProjectError when there is no mini-program at `program_root`."""
    manifest_path = program_root / "manifest.json"
    if not manifest_path.is_file():
        raise ProjectError(
            f"{program_root} is not a mini-program: it has no manifest.json",
            hint="Go to the mini-program's folder or name it with --mini-program-root.",
        )
    manifest = read_object(manifest_path)
    program_id = manifest.get("id")
    if not isinstance(program_id, str) or not program_id.strip():
        raise ProjectError(f"{manifest_path} has no id")
    return ProgramFacts(program_id.strip(), display_texts(manifest, program_id.strip()).title)
