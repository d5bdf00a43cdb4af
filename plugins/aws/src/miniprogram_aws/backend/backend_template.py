"""The aws-lambda starter: a readable Python project that `publisher-backend aws deploy` puts up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import PurePosixPath

from miniprogram.backends.cloud.starter import BackendStarter
from miniprogram.seams.backend_template import ProgramFacts

DYNAMODB = "dynamodb"


class AwsLambdaTemplate(BackendStarter):
    """`template.yaml`, a README, and below `src/` the function, the shared routes, its store and its data."""

    name, cloud = "aws-lambda", "AWS"
    folder = PurePosixPath("backend/aws_lambda")
    code, main, node_main = "src", "handler.py", "handler.mjs"
    required = ("template.yaml", "src/handler.py")
    package = "miniprogram_aws.backend.starter"
    where_records_stay = "a deployed table keeps its records"

    def own_files(self, facts: ProgramFacts, storage: str) -> Mapping[str, bytes]:
        values = {
            "program_id": facts.program_id,
            "program_id_text": json.dumps(facts.program_id),
            "storage": storage,
        }
        found = {
            ".gitignore": self.file("gitignore"),
            "README.md": self.rendered("README.md.jinja", values),
            "template.yaml": self.rendered("template.yaml.jinja", values),
            "src/handler.py": self.file("handler.py"),
        }
        if storage == DYNAMODB:
            found["src/store.py"] = self.file("dynamodb_store.py")
            found["src/backend_keys.py"] = (files("miniprogram.backends") / "backend_keys.py").read_bytes()
        return found
