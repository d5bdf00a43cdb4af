"""What a preview serves: one good build of a mini-program, held in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from miniprogram.delivery.evaluation.versions.display_texts import title_of
from miniprogram.errors import ProjectError
from miniprogram.preview.scenarios import load_scenarios
from miniprogram.project.build import BuildReport
from miniprogram.project.location import MANIFEST_NAME
from miniprogram.project.source_tree import ASSETS_FOLDER
from miniprogram.project.watching.sources import Snapshot, look_at
from miniprogram.seams.screen_source import ScreenDraft
from miniprogram.strict_json import parse_json, read_object, require_object

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PreviewBundle:
    """One build. `screens` are Stac JSON by screen id, `manifest` is the document as authored.

    Assets stay on disk below `assets_root`, which may be missing.
    """

    program_id: str
    title: str
    manifest: Mapping[str, Any]
    screens: Mapping[str, dict[str, Any]]
    assets_root: Path
    themes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Stac themes by name."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Of every screen: what differs is another document."""
    assets: Snapshot = field(default_factory=dict)
    """How the assets looked."""
    scenarios: tuple[dict[str, Any], ...] = ()
    """Those of preview.toml."""
    drafts: Mapping[str, ScreenDraft] = field(default_factory=dict)
    """Screens by id, for what asks where their authors wrote something."""


def load_bundle(report: BuildReport) -> PreviewBundle:
    """The mini-program that `report` is about.

    Raises ProjectError when its manifest is about another one by now, DocumentError when it is unreadable,
    BuildError when its preview.toml is wrong.
    """
    location = report.location
    manifest = read_object(location.root / MANIFEST_NAME)
    if manifest.get("id") != location.program_id:
        raise ProjectError(
            f"{location.root / MANIFEST_NAME} has the id {manifest.get('id')!r} now, the preview shows "
            f"{location.program_id!r}",
            hint="Stop the preview and start it again.",
        )
    documents = {
        name: require_object(parse_json(body, name=name), name=name) for name, body in report.files.items()
    }
    assets_root = location.root / ASSETS_FOLDER
    return PreviewBundle(
        location.program_id,
        display_title(manifest, location.program_id),
        manifest,
        _below("screens", documents),
        assets_root,
        themes=_below("themes", documents),
        digests=_below("screens", {name: _digest(body) for name, body in report.files.items()}),
        scenarios=load_scenarios(location.root, location.program_id, _below("screens", documents)),
        assets=dict(look_at(assets_root, location.root, report.output_directory)),
        drafts={draft.name: draft for draft in report.drafts if draft.kind == "screen"},
    )


def _below(folder: str, files: Mapping[str, T]) -> dict[str, T]:
    """What lies in one folder of a build's output, by its name without `.json`."""
    return {Path(name).stem: value for name, value in files.items() if name.startswith(f"{folder}/")}


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def display_title(manifest: Mapping[str, Any], program_id: str) -> str:
    """The manifest's title as one line of visible characters, else the words of `program_id`."""
    title = manifest.get("title")
    words = "".join(_visible(character) for character in title).split() if isinstance(title, str) else []
    return " ".join(words) or title_of(program_id)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else ""
