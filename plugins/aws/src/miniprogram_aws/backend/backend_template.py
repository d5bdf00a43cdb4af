"""The aws-lambda starter: a readable Python project that `publisher-backend aws deploy` puts up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from jinja2 import Environment, StrictUndefined

from miniprogram.backends.sample_data import sample_data
from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_template import ProgramFacts

FOLDER = PurePosixPath("backend/aws_lambda")
DYNAMODB = "dynamodb"


class AwsLambdaTemplate:
    """Implements BackendTemplate."""

    folder = FOLDER

    def check(self, folder: Path) -> None:
        refuse_node_project(folder)

    def render(self, facts: ProgramFacts, storage: str) -> Mapping[PurePosixPath, bytes]:
        """`template.yaml`, a README, and below `src/` the function, the shared routes, its store and its data."""
        values = {
            "program_id": facts.program_id,
            "program_id_text": json.dumps(facts.program_id),
            "storage": storage,
        }
        code = {
            ".gitignore": _starter("gitignore"),
            "README.md": _rendered("README.md.jinja", values),
            "template.yaml": _rendered("template.yaml.jinja", values),
            "src/handler.py": _starter("handler.py"),
            "src/publisher_routes.py": (files("miniprogram.backends") / "publisher_routes.py").read_bytes(),
            "src/store.py": (
                _starter("dynamodb_store.py")
                if storage == DYNAMODB
                else (files("miniprogram.backends") / "bundled_store.py").read_bytes()
            ),
        }
        if storage == DYNAMODB:
            code["src/backend_keys.py"] = (files("miniprogram.backends") / "backend_keys.py").read_bytes()
        data = {
            f"src/data/{name}": json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
            for name, document in sample_data(facts).items()
        }
        return {PurePosixPath(name): body for name, body in sorted({**code, **data}.items())}


def refuse_node_project(folder: Path) -> None:
    """Raises MiniProgramError when `folder` holds the Node.js backend of another tool."""
    if (folder / "src" / "handler.mjs").is_file() and not (folder / "src" / "handler.py").is_file():
        raise MiniProgramError(
            f"{folder} holds a Node.js backend of another tool, which cannot be deployed without Node tooling",
            hint="Move it away, scaffold again and copy its src/data/ over; a deployed table keeps its records.",
        )


def _starter(name: str) -> bytes:
    return (files("miniprogram_aws.backend") / "starter" / name).read_bytes()


def _rendered(name: str, values: Mapping[str, str]) -> bytes:
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    return environment.from_string(_starter(name).decode()).render(values).encode()
