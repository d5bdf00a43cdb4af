"""The files of a new mini-program, as bytes by path. Nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from miniprogram.project.creation.new_program import LANGUAGES, NewProgram, camel_case
from miniprogram.project.creation.template_files import render
from miniprogram.project.manifest.rules import CONTRACT_VERSION
from miniprogram.strict_json import to_pretty_json

FILES = {
    "python": {
        "pyproject.toml": "python/pyproject.toml.j2",
        "stac/components/info_card.py": "python/info_card.py.j2",
        "stac/screens/{id}_home.py": "python/home.py.j2",
        "stac/screens/{id}_details.py": "python/details.py.j2",
    },
    "json": {
        "stac/screens/{id}_home.json": "json/home.json.j2",
        "stac/screens/{id}_details.json": "json/details.json.j2",
    },
    "yaml": {
        "stac/screens/{id}_home.yaml": "json/home.json.j2",
        "stac/screens/{id}_details.yaml": "json/details.json.j2",
    },
    "dart": {
        "pubspec.yaml": "dart/pubspec.yaml.j2",
        "lib/default_stac_options.dart": "dart/options.dart.j2",
        "lib/host_action_helpers.dart": "dart/helpers.dart.j2",
        "stac/screens/{id}_home.dart": "dart/home.dart.j2",
        "stac/screens/{id}_details.dart": "dart/details.dart.j2",
    },
}
"""Template files by the path they make, for each language."""

EMPTY_FOLDERS = {
    "python": ("assets",),
    "json": ("assets",),
    "yaml": ("assets",),
    "dart": ("stac/components", "stac/theme", "assets"),
}

COMMON = {".gitignore": "common/gitignore.j2", "README.md": "common/README.md.j2"}

NOTES = {
    "native_navigation": (
        "Native navigation",
        "This mini-program may ask its host to open native screens. Agree on the routes with the host team first.",
    ),
    "secure_api": (
        "Secure API",
        "This mini-program may call endpoints its host has allowed. Screens are never kept on the device then.",
    ),
}


def program_files(new: NewProgram) -> dict[PurePosixPath, bytes]:
    """Every file of the mini-program `new` by its path below the root, sorted."""
    files = dict(_rendered(new))
    files[PurePosixPath("manifest.json")] = to_pretty_json(manifest_of(new)) + b"\n"
    for folder in EMPTY_FOLDERS[new.language]:
        files[PurePosixPath(folder, ".gitkeep")] = b""
    files.update(new.backend_files)
    return dict(sorted(files.items()))


def manifest_of(new: NewProgram) -> dict[str, Any]:
    """The manifest of a first version. Screens of a mini-program with `secure_api` are never cached."""
    cached = "secure_api" not in new.capabilities
    return {
        "id": new.program_id,
        "version": "1.0.0",
        "title": new.title,
        "entry": f"{new.program_id}_home",
        "contractVersion": CONTRACT_VERSION,
        "sdkVersionRange": ">=1.0.0 <2.0.0",
        "requiredCapabilities": list(new.capabilities),
        "cachePolicy": {
            "manifest": _cache_rule(86_400, cached=cached),
            "entryScreen": _cache_rule(21_600, cached=cached),
        },
        "fallback": {"strategy": "errorView", "message": f"{new.title} is temporarily unavailable."},
    }


def _rendered(new: NewProgram) -> Iterator[tuple[PurePosixPath, bytes]]:
    values = _values(new)
    for path, template in {**COMMON, **FILES[new.language]}.items():
        text = render(template, values)
        if path.endswith(".json"):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
        elif template.endswith(".json.j2"):
            text = _as_yaml(json.loads(text))
        yield PurePosixPath(path.format(id=new.program_id)), text.encode()


def _as_yaml(document: Any) -> str:
    import yaml

    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _values(new: NewProgram) -> dict[str, Any]:
    return {
        "program_id": new.program_id,
        "camel_id": camel_case(new.program_id),
        "title": new.title,
        "description": new.description,
        "capabilities": new.capabilities,
        "details_cards": _details_cards(new),
        "with_backend": new.with_backend,
        "language": new.language,
        "language_name": LANGUAGES[new.language],
    }


def _details_cards(new: NewProgram) -> list[tuple[str, str]]:
    cards = [
        ("About", new.description),
        ("Going back", "The button below asks the host to go back one screen; so does the system's own gesture."),
    ]
    return cards + [NOTES[capability] for capability in new.capabilities if capability in NOTES]


def _cache_rule(max_stale_seconds: int, *, cached: bool) -> dict[str, Any]:
    if not cached:
        return {"mode": "noCache"}
    return {"mode": "staleWhileError", "maxStaleSeconds": max_stale_seconds}
