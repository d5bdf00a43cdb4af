"""The JSON Schemas of what authors write: manifests, screens, themes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

DOCUMENTS = ("manifest", "screen", "theme")


def schema_of(document: str) -> dict[str, Any]:
    """The schema of one of DOCUMENTS."""
    if document == "manifest":
        manifest: dict[str, Any] = json.loads(
            files("miniprogram.packages").joinpath("manifest.schema.json").read_bytes()
        )
        return manifest
    from miniprogram.stac.catalog import load_catalog
    from miniprogram.stac.generate import node_summaries
    from miniprogram.stac.schema import screen_schema

    schema = screen_schema(load_catalog(), node_summaries())
    if document == "theme":
        theme = schema["$defs"]["value.theme"]["anyOf"][0]
        theme["properties"]["$schema"] = True
        return {**schema, "title": "Stac theme of a mini-program", "$ref": "#/$defs/value.theme"}
    return schema


def file_name(document: str) -> str:
    return f"{document}.schema.json"
