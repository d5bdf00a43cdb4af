"""The firebase-functions starter: a readable Python project that `publisher-backend firebase deploy` puts up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from jinja2 import Environment, StrictUndefined

from miniprogram.backends.sample_data import sample_data
from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_template import ProgramFacts

FOLDER = PurePosixPath("backend/firebase_functions")
FIRESTORE = "firestore"
EMULATORS = {"firestore": {"port": 8080}, "ui": {"enabled": True}}


class FirebaseTemplate:
    """Implements BackendTemplate."""

    folder = FOLDER

    def check(self, folder: Path) -> None:
        refuse_node_project(folder)

    def render(self, facts: ProgramFacts, storage: str) -> Mapping[PurePosixPath, bytes]:
        """`firebase.json`, rules, a README, and below `functions/` the code and its data."""
        core = files("miniprogram.backends")
        code = {
            ".gitignore": _starter("gitignore"),
            "README.md": _rendered("README.md.jinja", {"program_id": facts.program_id, "storage": storage}),
            "firebase.json": _document({"firestore": {"rules": "firestore.rules"}, "emulators": EMULATORS}),
            "firestore.rules": _starter("firestore.rules"),
            "functions/main.py": _starter("main.py"),
            "functions/server.py": _starter("server.py"),
            "functions/requirements.txt": b"functions-framework>=3.8\n",
            "functions/publisher_routes.py": (core / "publisher_routes.py").read_bytes(),
        }
        if storage == FIRESTORE:
            code["functions/store.py"] = _starter("firestore_store.py")
            code["functions/firestore.py"] = (files("miniprogram_firebase.function") / "firestore.py").read_bytes()
            code["functions/record_names.py"] = _starter("record_names.py")
        else:
            code["functions/store.py"] = (core / "bundled_store.py").read_bytes()
        data = {f"functions/data/{name}": _document(document) for name, document in sample_data(facts).items()}
        return {PurePosixPath(name): body for name, body in sorted({**code, **data}.items())}


def refuse_node_project(folder: Path) -> None:
    """Raises MiniProgramError when `folder` holds the Node.js backend of another tool."""
    functions = folder / "functions"
    if (functions / "index.js").is_file() and not (functions / "main.py").is_file():
        raise MiniProgramError(
            f"{folder} holds a Node.js backend of another tool, which cannot be deployed without Node tooling",
            hint="Move it away, scaffold again and copy its functions/data/ over; Firestore keeps its records.",
        )


def _document(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _starter(name: str) -> bytes:
    return (files("miniprogram_firebase.backend") / "starter" / name).read_bytes()


def _rendered(name: str, values: Mapping[str, str]) -> bytes:
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    return environment.from_string(_starter(name).decode()).render(values).encode()
