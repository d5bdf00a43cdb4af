"""The mini-program a publisher backend belongs to."""

from __future__ import annotations

from pathlib import Path

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
    title = manifest.get("title")
    shown = title.strip() if isinstance(title, str) and title.strip() else title_of(program_id)
    return ProgramFacts(program_id.strip(), shown)


def title_of(program_id: str) -> str:
    """`coupon_center` → `Coupon Center`."""
    words = program_id.replace("-", "_").split("_")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)
