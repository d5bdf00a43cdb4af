"""The mock starter as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from jinja2 import Template

from miniprogram.backends.sample_data import sample_data
from miniprogram.seams.backend_template import ProgramFacts


class MockTemplate:
    """Implements BackendTemplate."""

    folder = PurePosixPath("backend/mock")

    def check(self, folder: Path) -> None:
        """Older tools' Dart server may stay beside ours: nothing of it is replaced."""

    def render(self, facts: ProgramFacts, storage: str) -> Mapping[PurePosixPath, bytes]:
        """`server.py`, the shared routes beside it, a README and three data files."""
        del storage  # bundled is the only one
        starter = files("miniprogram.backends.mock") / "starter"
        readme = Template((starter / "README.md.jinja").read_text("utf-8"), keep_trailing_newline=True)
        code = {
            "README.md": readme.render(program_id=facts.program_id).encode(),
            "server.py": (starter / "server.py").read_bytes(),
            "publisher_routes.py": (files("miniprogram.backends") / "publisher_routes.py").read_bytes(),
        }
        data = {
            f"data/{name}": json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
            for name, document in sample_data(facts).items()
        }
        return {PurePosixPath(name): body for name, body in sorted({**code, **data}.items())}
