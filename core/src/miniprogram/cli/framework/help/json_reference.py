"""The schemas of what commands print with `--json`: docs/reference/json, and the page that lists them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from miniprogram.cli.documents import DOCUMENTS, WITHOUT_MODEL
from miniprogram.plugins.specs import CommandSpec

Documents = Mapping[str, tuple[str, ...]]

FOLDER, PAGE, SUFFIX = "json", "json-documents.md", ".schema.json"
FAILURE = "failure"

INTRODUCTION = """\
# JSON documents

What commands print with `--json`, each with its JSON Schema (2020-12). Generated from the code. Members are added
in later releases, and none changes its meaning without a higher `schemaVersion`; readers leave alone what they do
not know.

When a command fails, its document holds `schemaVersion`, `command` and an `error` with `message`, `hint` and
`exitCode`, as [failure](json/failure.schema.json) says. When it has printed its own document, because what was
asked about is not well, there is no second one. The exit code tells, and stderr holds the sentence either way.

| command | schema |
|---|---|
"""


def documents(commands: Iterable[CommandSpec]) -> Documents:
    """Command -> models of what it prints: those of the core, and what plugins say of their own."""
    return {**DOCUMENTS, **{" ".join(spec.path): (spec.document,) for spec in commands if spec.document}}


def write_documents(folder: Path, commands: Iterable[CommandSpec]) -> None:
    """Write the page into `folder` and the schemas below it; schemas of commands that are gone go."""
    known = documents(commands)
    schemas = folder / FOLDER
    schemas.mkdir(parents=True, exist_ok=True)
    wanted = rendered_schemas(known)
    for path in schemas.glob(f"*{SUFFIX}"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (schemas / name).write_text(text, "utf-8")
    (folder / PAGE).write_text(render_page(known), "utf-8")


def rendered_schemas(known: Documents) -> dict[str, str]:
    """The text of every schema by the name of its file."""
    files = {_file(models, known): models for models in known.values()}
    texts = {name: _text(_schema(models)) for name, models in files.items()}
    return {**texts, f"{FAILURE}{SUFFIX}": _text(_failure())}


def render_page(known: Documents) -> str:
    """The page that says which schema is whose."""
    names = {command: _file(models, known) for command, models in known.items()}
    rows = {command: f"[{name}]({FOLDER}/{name})" for command, name in names.items()}
    listed = sorted({**rows, **WITHOUT_MODEL}.items())
    return INTRODUCTION + "".join(f"| `{command}` | {text} |\n" for command, text in listed)


def models_of(command: str) -> TypeAdapter[Any]:
    """What reads the document of `command`, one of the core. Raises KeyError for a command without a model."""
    return TypeAdapter(_union(DOCUMENTS[command]))


def _file(models: tuple[str, ...], known: Documents) -> str:
    """Named after the first command that prints it."""
    first = next(command for command, others in known.items() if others == models)
    return f"{first.replace(' ', '-')}{SUFFIX}"


def _schema(models: tuple[str, ...]) -> dict[str, Any]:
    return TypeAdapter(_union(models)).json_schema(mode="serialization", by_alias=True)


def _union(models: tuple[str, ...]) -> Any:
    union: Any = _load(models[0])
    for name in models[1:]:
        union = union | _load(name)
    return union


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _failure() -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "properties": {"message": text, "hint": {"type": ["string", "null"]}, "exitCode": {"type": "integer"}},
        "required": ["message", "hint", "exitCode"],
    }
    return {
        "title": "Failure",
        "type": "object",
        "properties": {"schemaVersion": {"const": 1}, "command": text, "error": error},
        "required": ["schemaVersion", "command", "error"],
    }


def _text(schema: Mapping[str, Any]) -> str:
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
