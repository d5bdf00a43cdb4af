from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.state.env_file import (
    CloudEnvironment,
    EnvFile,
    change_env,
    find_env,
    global_path,
    local_path,
    own_path,
    require_env,
    save_deployed,
    write_local,
)
from miniprogram.state.home_copy import NO_HOME

STAMP = "2030-01-01T00:00:00.000Z"


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "schemaVersion": 2,
        "activeEnvironment": "local",
        "cloudEnvironments": [],
        "initializedAtUtc": STAMP,
        "updatedAtUtc": STAMP,
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not ...}


def environment(name: str = "dev", **values: Any) -> dict[str, Any]:
    return {
        "name": name,
        "provider": "aws",
        "values": values,
        "configuredAtUtc": STAMP,
        "updatedAtUtc": STAMP,
    }


def put(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


class TestDiscovery:
    def test_an_explicit_root_is_looked_at_only_itself(self, tmp_path: Path, home: Path) -> None:
        put(local_path(tmp_path / "a"), document())
        below = tmp_path / "a" / "b"

        assert find_env(explicit_root=tmp_path / "a", start_directories=[], home=home) is not None
        assert find_env(explicit_root=below, start_directories=[tmp_path / "a"], home=home) is None

    def test_an_explicit_root_without_a_file_falls_to_the_global_one(self, tmp_path: Path, home: Path) -> None:
        put(global_path(home), document())

        found = find_env(explicit_root=tmp_path / "none", start_directories=[], home=home)

        assert found is not None
        assert (found.scope, found.root, found.path) == ("global", home, global_path(home))

    def test_the_search_goes_up_from_each_start_in_order(self, tmp_path: Path, home: Path) -> None:
        put(local_path(tmp_path / "x"), document())
        put(local_path(tmp_path / "y"), document())

        found = find_env(
            explicit_root=None, start_directories=[tmp_path / "none" / "deep", tmp_path / "y" / "deep"], home=home
        )

        assert found is not None
        assert (found.scope, found.root) == ("local", tmp_path / "y")

    def test_an_invalid_file_is_not_passed_over(self, tmp_path: Path, home: Path) -> None:
        put(local_path(tmp_path / "x"), b"{")
        put(global_path(home), document())

        with pytest.raises(DocumentError, match=r"x/\.mini_program/env\.json"):
            find_env(explicit_root=None, start_directories=[tmp_path / "x" / "deep"], home=home)

    def test_nothing_is_a_usage_error_with_a_way_out(self, tmp_path: Path, home: Path) -> None:
        with pytest.raises(UsageError) as failure:
            require_env(explicit_root=None, start_directories=[tmp_path], home=home)

        assert failure.value.hint == "Run `miniprogram env init`."


class TestReading:
    @pytest.mark.parametrize(
        ("content", "place"),
        [
            (b"", "not JSON"),
            (b'{"schemaVersion": 2, "activeEn', "not JSON"),
            (b"[]", "JSON object"),
            (b"\xff\xfe", "UTF-8"),
            (document(schemaVersion=...), "schemaVersion"),
            (document(schemaVersion="2"), "schemaVersion"),
            (document(schemaVersion=3), "newer release"),
            (document(activeEnvironment=...), "activeEnvironment"),
            (document(activeEnvironment=7), "activeEnvironment"),
            (document(activeEnvironment="ghost"), "ghost"),
            (document(initializedAtUtc=...), "initializedAtUtc"),
            (document(cloudEnvironments={}), "cloudEnvironments"),
            (document(cloudEnvironments=[environment("a/b")]), "cloudEnvironments.0.name"),
            (document(cloudEnvironments=[environment("..")]), "cloudEnvironments.0.name"),
            (document(cloudEnvironments=[environment(), environment()]), "twice"),
            (document(cloudEnvironments=[{**environment(), "values": []}]), "cloudEnvironments.0.values"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_an_unusable_file_is_named_with_its_place(
        self, tmp_path: Path, home: Path, content: Any, place: str
    ) -> None:
        path = put(local_path(tmp_path), content)

        with pytest.raises(DocumentError) as failure:
            find_env(explicit_root=tmp_path, start_directories=[], home=home)

        assert str(path) in str(failure.value)
        assert place in str(failure.value)

    def test_older_files_may_lack_environments(self, tmp_path: Path, home: Path) -> None:
        put(local_path(tmp_path), document(schemaVersion=1, cloudEnvironments=..., activeEnvironment="cloud"))

        found = find_env(explicit_root=tmp_path, start_directories=[], home=home)

        assert found is not None
        assert found.document.cloud_environments == ()


class TestSelecting:
    @pytest.fixture
    def resolved(self, tmp_path: Path, home: Path) -> Any:
        put(local_path(tmp_path), document(cloudEnvironments=[environment("dev")], activeEnvironment="dev"))
        return find_env(explicit_root=tmp_path, start_directories=[], home=home)

    def test_the_active_environment_is_the_default(self, resolved: Any) -> None:
        assert resolved.select(None).name == "dev"

    @pytest.mark.parametrize("name", ["local", "cloud", "ghost"])
    def test_what_is_no_named_environment_fails_as_the_command_class_says(self, resolved: Any, name: str) -> None:
        with pytest.raises(MiniProgramError, match=name) as failure:
            resolved.select(name)
        assert failure.value.exit_code == 1
        with pytest.raises(UsageError, match=name):
            resolved.select(name, failure=UsageError)


class TestWriting:
    def test_a_local_file_is_mirrored(self, tmp_path: Path, home: Path) -> None:
        write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)

        assert json.loads(local_path(tmp_path).read_bytes()) == document()
        assert json.loads(global_path(home).read_bytes()) == document(rootPath=str(tmp_path))

    def test_making_another_environment_active_leaves_the_shared_file(self, tmp_path: Path, home: Path) -> None:
        before = put(local_path(tmp_path), document(cloudEnvironments=[environment("dev")])).read_bytes()
        resolved = require_env(explicit_root=tmp_path, start_directories=[], home=home)

        after = change_env(
            resolved, lambda found: found.model_copy(update={"active_environment": "dev"}), home=home
        )

        assert after.document.active_environment == "dev"
        assert local_path(tmp_path).read_bytes() == before
        found = require_env(explicit_root=tmp_path, start_directories=[], home=home)
        assert found.document.active_environment == "dev"
        elsewhere = require_env(explicit_root=tmp_path / "no", start_directories=[], home=home)
        assert (elsewhere.document.active_environment, elsewhere.base) == ("dev", tmp_path)

    def test_an_active_environment_that_went_does_not_count(self, tmp_path: Path) -> None:
        put(local_path(tmp_path), document())
        put(own_path(tmp_path), {"schemaVersion": 1, "activeEnvironment": "gone"})

        found = require_env(explicit_root=tmp_path, start_directories=[], home=tmp_path)

        assert found.document.active_environment == "local"

    def test_the_shared_file_names_no_folder_of_this_machine(self, tmp_path: Path, home: Path) -> None:
        wanted = EnvFile.model_validate(document(repoRootPath=str(tmp_path)))

        stored, _ = write_local(tmp_path, lambda _: wanted, home=home)

        assert stored.repo_root_path == str(tmp_path)
        assert str(tmp_path) not in local_path(tmp_path).read_text()
        found = require_env(explicit_root=tmp_path, start_directories=[], home=home)
        assert found.document.repo_root_path == str(tmp_path)

    def test_git_sees_env_json_and_nothing_else(self, tmp_path: Path, home: Path) -> None:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

        write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=tmp_path)

        seen = subprocess.run(
            ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert seen.stdout.split() == ["??", ".mini_program/.gitignore", "??", ".mini_program/env.json"]

    def test_a_gitignore_that_is_there_stays(self, tmp_path: Path, home: Path) -> None:
        put(tmp_path / ".mini_program/.gitignore", b"*")

        write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)

        assert (tmp_path / ".mini_program/.gitignore").read_bytes() == b"*"

    def test_without_a_home_nothing_is_copied_and_nothing_said(self, tmp_path: Path) -> None:
        _, notes = write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=NO_HOME)

        assert notes == ()
        assert json.loads(local_path(tmp_path).read_bytes()) == document()

    def test_a_global_file_is_changed_alone(self, tmp_path: Path, home: Path) -> None:
        put(global_path(home), document(cloudEnvironments=[environment("dev", bucket="b")]))
        resolved = require_env(explicit_root=tmp_path, start_directories=[], home=home)

        after = save_deployed(resolved, "dev", {"apiBaseUrl": "https://x/api"}, home=home, now="later")

        assert after.document.find("dev") is not None
        assert not local_path(tmp_path).exists()
        stored = json.loads(global_path(home).read_bytes())["cloudEnvironments"][0]
        assert (stored["values"], stored["deployed"]) == ({"bucket": "b"}, {"apiBaseUrl": "https://x/api"})
        assert (stored["configuredAtUtc"], stored["updatedAtUtc"]) == (STAMP, "later")

    def test_members_we_do_not_know_survive(self, tmp_path: Path, home: Path) -> None:
        known = {**environment("dev", bucket="b", later="x"), "label": "mine"}
        put(local_path(tmp_path), document(cloudEnvironments=[known], team="shop"))
        resolved = require_env(explicit_root=tmp_path, start_directories=[], home=home)

        save_deployed(resolved, "dev", {"stackName": "s"}, home=home, now=STAMP)

        stored = json.loads(local_path(tmp_path).read_bytes())
        assert stored["team"] == "shop"
        assert stored["cloudEnvironments"][0]["label"] == "mine"
        assert stored["cloudEnvironments"][0]["values"] == {"bucket": "b", "later": "x"}
        assert stored["cloudEnvironments"][0]["deployed"] == {"stackName": "s"}

    def test_environments_are_sorted_by_name(self, tmp_path: Path, home: Path) -> None:
        def add(name: str) -> None:
            entry = CloudEnvironment(
                name=name, provider="aws", values={}, configured_at_utc=STAMP, updated_at_utc=STAMP
            )
            resolved = require_env(explicit_root=tmp_path, start_directories=[], home=home)
            change_env(resolved, lambda found: found.with_environment(entry, now=STAMP), home=home)

        put(local_path(tmp_path), document())
        for name in ("b", "c", "a"):
            add(name)

        stored = json.loads(local_path(tmp_path).read_bytes())
        assert [entry["name"] for entry in stored["cloudEnvironments"]] == ["a", "b", "c"]

    def test_a_global_copy_of_a_newer_release_stops_the_write(self, tmp_path: Path, home: Path) -> None:
        newer = put(global_path(home), document(schemaVersion=9)).read_bytes()

        with pytest.raises(DocumentError, match=r"global_env\.json was written by a newer release"):
            write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)

        assert global_path(home).read_bytes() == newer
        assert not local_path(tmp_path).exists()

    def test_a_torn_global_copy_is_made_again(self, tmp_path: Path, home: Path) -> None:
        put(global_path(home), b"{")

        write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)

        assert json.loads(global_path(home).read_bytes()) == document(rootPath=str(tmp_path))

    def test_a_failing_change_leaves_both_files(self, tmp_path: Path, home: Path) -> None:
        put(local_path(tmp_path), document())
        resolved = require_env(explicit_root=tmp_path, start_directories=[], home=home)

        with pytest.raises(MiniProgramError):
            save_deployed(resolved, "ghost", {"a": 1}, home=home, now=STAMP)

        assert json.loads(local_path(tmp_path).read_bytes()) == document()
        assert not global_path(home).exists()

    def test_a_home_folder_that_takes_nothing_is_told_and_stops_nothing(self, tmp_path: Path, home: Path) -> None:
        (home / ".mini_program").write_text("a file")

        stored, (note,) = write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)

        assert json.loads(local_path(tmp_path).read_bytes()) == document()
        assert stored.active_environment == "local"
        assert note.startswith("Not copied to the home folder, so commands elsewhere do not find it: ")

    def test_a_folder_where_the_file_should_be_is_one_sentence(self, tmp_path: Path, home: Path) -> None:
        (tmp_path / ".mini_program").write_text("a file")

        with pytest.raises(MiniProgramError, match=r"env\.json\.lock cannot be used"):
            write_local(tmp_path, lambda _: EnvFile.model_validate(document()), home=home)


WRITER = """
import sys
from functools import partial
from pathlib import Path
from miniprogram.state.env_file import CloudEnvironment, change_env, require_env

root, home, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for turn in range(10):
    entry = CloudEnvironment(
        name=f"p{number}-{turn}", provider="aws", values={}, configured_at_utc="x", updated_at_utc="x"
    )
    resolved = require_env(explicit_root=root, start_directories=[], home=home)
    change_env(resolved, partial(lambda entry, found: found.with_environment(entry, now="x"), entry), home=home)
"""


def test_processes_writing_at_once_lose_nothing(tmp_path: Path, home: Path) -> None:
    put(local_path(tmp_path), document())
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(home), str(number)], env=dict(os.environ)
        )
        for number in range(2)
    ]

    assert [writer.wait(timeout=30) for writer in writers] == [0, 0]

    stored = json.loads(local_path(tmp_path).read_bytes())
    assert len(stored["cloudEnvironments"]) == 20
    copied = json.loads(global_path(home).read_bytes())
    assert copied["cloudEnvironments"] == stored["cloudEnvironments"]
