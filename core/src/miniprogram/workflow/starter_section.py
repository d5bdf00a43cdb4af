"""Which publisher backend starters a mini-program has, and what is known of their last deploy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miniprogram.backends.publisher_routes import EXPECTED_ROUTES
from miniprogram.backends.sample_data import DATA_FILES
from miniprogram.errors import MiniProgramError
from miniprogram.state.state_file import STATE_FOLDER
from miniprogram.strict_json import read_object
from miniprogram.workflow.section import Section

BASE_URL, HEALTH_URL, FUNCTION = (
    "PublisherBackendBaseUrl",
    "PublisherBackendHealthUrl",
    "PublisherBackendFunctionName",
)


class MockStarter(Section):
    detected: bool
    backend_root_path: str
    server_path: str
    data_root_path: str
    data_files: tuple[str, ...]


class DeployedStarter(Section):
    """A cloud starter. What comes from its state file is there only when that file is readable."""

    detected: bool
    backend_root_path: str
    state_path: str
    state_exists: bool
    paths: dict[str, str]
    facts: dict[str, Any]

    def to_document(self) -> dict[str, Any]:
        document = super().to_document()
        paths, facts = document.pop("paths"), document.pop("facts")
        return {**document, **paths, **facts}


class StarterSection(Section):
    detected: bool
    template: str | None
    storage_mode: str | None
    backend_root_path: str
    server_path: str
    data_root_path: str
    data_files: tuple[str, ...]
    mock: MockStarter
    aws: DeployedStarter
    firebase: DeployedStarter
    expected_routes: tuple[str, ...] = EXPECTED_ROUTES


def starter_section(program_root: Path) -> StarterSection:
    """Look for the three starters of the contract."""
    mock = _mock(program_root / "backend" / "mock")
    aws = _aws(program_root)
    firebase = _firebase(program_root)
    found: dict[str, MockStarter | DeployedStarter] = {
        "firebase-functions": firebase,
        "aws-lambda": aws,
        "mock": mock,
    }
    template = next((name for name, starter in found.items() if starter.detected), None)
    return StarterSection(
        detected=template is not None,
        template=template,
        storage_mode="firestore" if firebase.detected else None,
        backend_root_path=found[template or "mock"].backend_root_path,
        server_path=mock.server_path,
        data_root_path=mock.data_root_path,
        data_files=mock.data_files,
        mock=mock,
        aws=aws,
        firebase=firebase,
        expected_routes=EXPECTED_ROUTES,
    )


def _mock(folder: Path) -> MockStarter:
    servers = (folder / "server.py", folder / "bin" / "server.dart")
    server = next((path for path in servers if path.is_file()), servers[0])
    data = folder / "data"
    return MockStarter(
        detected=server.is_file() and data.is_dir(),
        backend_root_path=str(folder),
        server_path=str(server),
        data_root_path=str(data),
        data_files=_data_files(data),
    )


def _aws(program_root: Path) -> DeployedStarter:
    folder = program_root / "backend" / "aws_lambda"
    template = folder / "template.yaml"
    handlers = (folder / "src" / "handler.py", folder / "src" / "handler.mjs")
    handler = next((path for path in handlers if path.is_file()), handlers[0])
    return _deployed(
        program_root / STATE_FOLDER / "publisher_backend.aws.json",
        folder,
        detected=template.is_file() and handler.is_file(),
        paths={"templatePath": str(template), "handlerPath": str(handler)},
        facts={},
        names=("environmentName", "stackName", "stageName", "region", "deployedAtUtc"),
    )


def _firebase(program_root: Path) -> DeployedStarter:
    folder = program_root / "backend" / "firebase_functions"
    functions = folder / "functions"
    layouts = (("main.py", "publisher_routes.py"), ("index.js", "router.js"))
    index, router = next(
        (pair for pair in layouts if all((functions / name).is_file() for name in pair)), layouts[0]
    )
    config = folder / "firebase.json"
    data = functions / "data"
    return _deployed(
        program_root / STATE_FOLDER / "publisher_backend.firebase.json",
        folder,
        detected=config.is_file() and (functions / index).is_file() and (functions / router).is_file(),
        paths={
            "configPath": str(config),
            "indexPath": str(functions / index),
            "routerPath": str(functions / router),
            "dataRootPath": str(data),
        },
        facts={"dataFiles": list(_data_files(data)), "storageMode": "firestore"},
        names=("environmentName", "projectId", "region", "deployedAtUtc"),
    )


def _deployed(
    state_path: Path,
    folder: Path,
    *,
    detected: bool,
    paths: dict[str, str],
    facts: dict[str, Any],
    names: tuple[str, ...],
) -> DeployedStarter:
    state = _state(state_path)
    if state is not None:
        outputs = state.get("outputs")
        known = outputs if isinstance(outputs, dict) else {}
        facts = {
            **facts,
            **{name: state.get(name) for name in names},
            "backendBaseUrl": known.get(BASE_URL),
            "healthUrl": known.get(HEALTH_URL),
            "functionName": known.get(FUNCTION),
        }
    return DeployedStarter(
        detected=detected,
        backend_root_path=str(folder),
        state_path=str(state_path),
        state_exists=state is not None,
        paths=paths,
        facts=facts,
    )


def _state(path: Path) -> dict[str, Any] | None:
    try:
        return read_object(path)
    except MiniProgramError:
        return None


def _data_files(folder: Path) -> tuple[str, ...]:
    return tuple(name for name in DATA_FILES if (folder / name).is_file())
