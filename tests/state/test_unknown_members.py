"""What nothing reads in a stored document: misspelt members are refused, those of newer releases kept and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram.environments.session import open_session
from miniprogram.errors import DocumentError
from miniprogram.filesystem_provider.provider import FilesystemProvider
from miniprogram.filesystem_provider.settings import FilesystemSettings
from miniprogram.plugins.specs import ProviderSpec
from miniprogram.seams.checks import CheckContext
from miniprogram.state.env_file import env_state, find_env, local_path
from miniprogram.workflow.builtin_checks import check_env

STAMP = "2026-01-01T00:00:00.000Z"


def document(**changed: Any) -> dict[str, Any]:
    environment = {"name": "dev", "provider": "filesystem", "configuredAtUtc": STAMP, "updatedAtUtc": STAMP}
    environment |= {"values": {"storeRoot": "store", **changed.pop("values", {})}} | changed.pop("environment", {})
    stored = {"schemaVersion": 2, "activeEnvironment": "dev", "initializedAtUtc": STAMP, "updatedAtUtc": STAMP}
    return stored | {"cloudEnvironments": [environment]} | changed


def put(root: Path, stored: dict[str, Any]) -> Path:
    path = local_path(root)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(stored))
    return path


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (document(repoRootpath="x"), 'nothing reads "repoRootpath"; did you mean "repoRootPath"?'),
        (
            document(environment={"deployd": {}}),
            'nothing reads "cloudEnvironments[0].deployd"; did you mean "deployed"?',
        ),
    ],
    ids=["top", "nested"],
)
def test_a_misspelt_member_is_refused_where_it_stands(tmp_path: Path, stored: dict[str, Any], said: str) -> None:
    path = put(tmp_path, stored)

    with pytest.raises(DocumentError) as caught:
        env_state(path).read()

    assert str(caught.value) == f"{path}: {said}"


def test_a_member_of_a_newer_release_is_read_over_and_doctor_tells(tmp_path: Path) -> None:
    put(tmp_path, document(fromTomorrow=1, environment={"alsoFromTomorrow": 2}))

    check = check_env(CheckContext(tmp_path, tmp_path / "home", {}))

    assert check.status == "warning"
    assert check.detail == 'nothing reads "fromTomorrow"\nnothing reads "cloudEnvironments[0].alsoFromTomorrow"'


def test_a_file_that_is_read_whole_is_ok(tmp_path: Path) -> None:
    put(tmp_path, document())

    assert check_env(CheckContext(tmp_path, tmp_path / "home", {})).status == "ok"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"requireAccesKeys": True}, 'nothing reads "requireAccesKeys"; did you mean "requireAccessKeys"?'),
        ({"prot": 9}, 'nothing reads "prot"; did you mean "port"?'),
    ],
)
def test_a_misspelt_value_is_refused_when_its_environment_is_opened(
    tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    put(tmp_path, document(values=values))

    with pytest.raises(DocumentError) as caught:
        open_environment(tmp_path)

    assert str(caught.value).endswith(said)
    assert f"--unset {next(iter(values))}" in str(caught.value.hint)


def test_a_value_of_a_newer_release_is_no_hindrance(tmp_path: Path) -> None:
    put(tmp_path, document(values={"fromTomorrow": 1, "port": 9000}))

    open_environment(tmp_path)


def open_environment(root: Path) -> None:
    resolved = find_env(explicit_root=root, start_directories=[], home=root / "home")
    assert resolved is not None
    spec = ProviderSpec("filesystem", "a folder", lambda: FilesystemSettings, FilesystemProvider)
    open_session(resolved, "dev", find_provider=lambda _: spec, home=root / "home", environ={})
