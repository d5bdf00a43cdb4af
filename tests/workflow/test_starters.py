"""Which publisher backend starters a mini-program has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.workflow.starter_section import starter_section

LAYOUTS = {
    "mock": ["backend/mock/server.py", "backend/mock/data/session.json"],
    "mock-dart": ["backend/mock/bin/server.dart", "backend/mock/data/home_bootstrap.json"],
    "aws-lambda": ["backend/aws_lambda/template.yaml", "backend/aws_lambda/src/handler.mjs"],
    "aws-lambda-python": ["backend/aws_lambda/template.yaml", "backend/aws_lambda/src/handler.py"],
    "firebase-functions": [
        "backend/firebase_functions/firebase.json",
        "backend/firebase_functions/functions/index.js",
        "backend/firebase_functions/functions/router.js",
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_recognised(tmp_path: Path, layout: str) -> None:
    for name in LAYOUTS[layout]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    section = starter_section(tmp_path)
    assert section.detected
    assert section.template is not None
    assert layout.startswith(section.template)
    assert (tmp_path / "backend").as_posix() in section.backend_root_path


def test_nothing_is_told_as_nothing(tmp_path: Path) -> None:
    document = starter_section(tmp_path).to_document()
    assert (document["detected"], document["template"], document["storageMode"]) == (False, None, None)
    assert document["backendRootPath"] == str(tmp_path / "backend/mock")
    assert "environmentName" not in document["aws"]
    assert document["firebase"]["storageMode"] == "firestore"


@pytest.mark.parametrize(("provider", "kind"), [("aws", "aws"), ("firebase", "firebase")])
def test_a_deploy_record_is_read(tmp_path: Path, provider: str, kind: str) -> None:
    path = tmp_path / ".mini_program" / f"publisher_backend.{provider}.json"
    path.parent.mkdir()
    outputs = {"PublisherBackendBaseUrl": "https://b/", "PublisherBackendHealthUrl": "https://b/health"}
    path.write_text(json.dumps({"environmentName": "prod", "region": "r", "outputs": outputs}))
    found = starter_section(tmp_path).to_document()[kind]
    assert (found["stateExists"], found["environmentName"], found["region"]) == (True, "prod", "r")
    assert (found["backendBaseUrl"], found["healthUrl"], found["functionName"]) == (
        "https://b/",
        "https://b/health",
        None,
    )
    path.write_text("{")
    assert starter_section(tmp_path).to_document()[kind]["stateExists"] is False
