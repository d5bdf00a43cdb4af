"""Cut Google's discovery documents down to what the stand-ins check: some resources, and the schemas they need.

    python tests/testbed/google/trim_discovery.py FOLDER

FOLDER holds the documents as google-api-python-client ships them (`googleapiclient/discovery_cache/documents`).
Descriptions go; revision, names, types, enumerations and paths stay as they are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEPT = {
    "run.v2": ("projects.locations.services", "projects.locations.operations", "projects.locations.sourceUploads"),
    "cloudfunctions.v2": ("projects.locations.functions", "projects.locations.operations"),
    "serviceusage.v1": ("services", "operations"),
    "logging.v2": ("entries",),
    "cloudkms.v1": ("projects.locations.keyRings.cryptoKeys.cryptoKeyVersions",),
    "cloudresourcemanager.v3": ("projects",),
    "monitoring.v3": ("projects.timeSeries",),
}
"""Resources by document."""
HEAD = ("name", "version", "revision", "rootUrl", "servicePath", "parameters")
NOT_NEEDED = {"description", "enumDescriptions", "enumDeprecated", "id", "scopes", "parameterOrder", "etag"}


CHOSEN = {"properties", "parameters", "schemas", "methods", "resources"}
"""Members whose own members are names that Google chose."""


def trimmed(document: dict[str, Any], resources: tuple[str, ...]) -> dict[str, Any]:
    """`document` with `resources` only, and all that their methods refer to."""
    kept: dict[str, Any] = {}
    for path in resources:
        source, target = document, kept
        for part in path.split("."):
            source = source["resources"][part]
            target = target.setdefault("resources", {}).setdefault(part, {})
        target.update(source)
    schemas: dict[str, Any] = {}
    waiting = list(_references(kept))
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = document["schemas"][name]
            waiting += _references(schemas[name])
    head = {name: document[name] for name in HEAD if name in document}
    return _without_prose({**head, **kept, "schemas": dict(sorted(schemas.items()))})


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _without_prose(node: Any, *, names: bool = False) -> Any:
    """`names`: the members of `node` are names that Google chose, such as those of parameters."""
    if isinstance(node, dict):
        return {
            name: _without_prose(
                value, names=name in ("properties", "parameters", "schemas", "methods", "resources")
            )
            for name, value in node.items()
            if names or name not in NOT_NEEDED
        }
    return [_without_prose(each) for each in node] if isinstance(node, list) else node


def main(folder: Path) -> None:
    for name, resources in KEPT.items():
        document = json.loads((folder / f"{name}.json").read_text("utf-8"))
        target = Path(__file__).parent / "discovery" / f"{name}.json"
        target.write_text(json.dumps(trimmed(document, resources), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
