from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def call(tmp_path: Path, work: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in the work folder; gives exit code, stdout, stderr."""

    def calling(*argv: str, cwd: Path | None = None) -> tuple[int, str, str]:
        box = AppContext(cwd=cwd or work, environ={"HOME": str(tmp_path / "home")}, now=frozen_clock)
        code = run(list(argv), box)
        return (code, *capsys.readouterr())

    return calling


def stored(work: Path, name: str = "dev") -> dict[str, Any]:
    document = json.loads((work / ".mini_program" / "env.json").read_bytes())
    entry: dict[str, Any] = next(each for each in document["cloudEnvironments"] if each["name"] == name)
    return entry


@pytest.fixture
def configured(call: Run, work: Path) -> Path:
    call("env", "init")
    code, _, err = call("env", "configure", "dev", "--provider", "filesystem", "--store", "store")
    assert (code, err) == (0, "")
    return work


class TestInit:
    def test_it_writes_here_and_in_the_home_folder(self, call: Run, work: Path, tmp_path: Path) -> None:
        code, out, _ = call("env", "init")

        assert code == 0
        assert f"Created {work}/.mini_program/env.json" in out
        assert json.loads((work / ".mini_program/env.json").read_bytes()) == {
            "schemaVersion": 2,
            "activeEnvironment": "local",
            "cloudEnvironments": [],
            "initializedAtUtc": "2030-01-02T12:00:00.123Z",
            "updatedAtUtc": "2030-01-02T12:00:00.123Z",
        }
        assert (tmp_path / "home/.mini_program/global_env.json").is_file()

    def test_again_keeps_what_is_there(self, call: Run, configured: Path) -> None:
        call("env", "use", "dev")

        code, out, _ = call("env", "init")

        assert code == 0
        assert "Refreshed" in out
        assert stored(configured)["provider"] == "filesystem"
        assert "Active environment: dev" in out

    @pytest.mark.parametrize(("use", "code"), [("local", 0), ("cloud", 0), ("dev", 0), ("ghost", 64)])
    def test_use_takes_what_is_configured(self, call: Run, configured: Path, use: str, code: int) -> None:
        before = (configured / ".mini_program/env.json").read_bytes()

        assert call("env", "init", "--use", use)[0] == code

        if code:
            assert (configured / ".mini_program/env.json").read_bytes() == before

    def test_root_says_where(self, call: Run, work: Path) -> None:
        assert call("env", "init", "--root", "deep/er")[0] == 0
        assert (work / "deep/er/.mini_program/env.json").is_file()

    def test_surplus_words_are_refused(self, call: Run, work: Path) -> None:
        code, out, err = call("env", "init", "whatever")

        assert (code, out) == (64, "")
        assert "surplus arguments: whatever" in err
        assert not (work / ".mini_program").exists()


class TestConfigure:
    def test_what_was_not_told_stays(self, call: Run, configured: Path) -> None:
        call("env", "configure", "dev", "--port", "9999", "--require-access-keys")

        code, _, _ = call("env", "configure", "dev", "--host", "0.0.0.0")

        assert code == 0
        assert stored(configured)["values"] == {
            "storeRoot": "store",
            "artifactsPrefix": "artifacts",
            "metadataPrefix": "metadata",
            "host": "0.0.0.0",
            "port": 9999,
            "requireAccessKeys": True,
        }

    def test_flags_can_be_taken_back(self, call: Run, configured: Path) -> None:
        call("env", "configure", "dev", "--require-access-keys")
        call("env", "configure", "dev", "--no-require-access-keys")

        assert "requireAccessKeys" not in stored(configured)["values"]

    @pytest.mark.parametrize("name", ["api-base-url", "--api-base-url", "apiBaseUrl", "api_base_url"])
    def test_unset_removes_one_setting(self, call: Run, configured: Path, name: str) -> None:
        call("env", "configure", "dev", "--api-base-url", "https://x.example/api/", "--port", "9999")
        assert stored(configured)["values"]["apiBaseUrl"] == "https://x.example/api"

        assert call("env", "configure", "dev", "--unset", name)[0] == 0

        assert "apiBaseUrl" not in stored(configured)["values"]
        assert stored(configured)["values"]["port"] == 9999

    def test_values_and_times_of_others_survive(self, call: Run, configured: Path) -> None:
        path = configured / ".mini_program/env.json"
        document = json.loads(path.read_bytes())
        document["cloudEnvironments"][0]["values"]["stackName"] = "s"
        document["cloudEnvironments"][0]["configuredAtUtc"] = "2020-01-01T00:00:00.000Z"
        path.write_text(json.dumps(document))

        call("env", "configure", "dev", "--port", "9999")

        assert stored(configured)["values"]["stackName"] == "s"
        assert stored(configured)["configuredAtUtc"] == "2020-01-01T00:00:00.000Z"
        assert stored(configured)["updatedAtUtc"] == "2030-01-02T12:00:00.123Z"

    def test_root_names_the_store_when_it_holds_no_environment_file(self, call: Run, work: Path) -> None:
        call("env", "init")

        code, _, _ = call("env", "configure", "dev", "--provider", "filesystem", "--root", "elsewhere")

        assert code == 0
        assert stored(work)["values"]["storeRoot"] == "elsewhere"

    def test_root_names_the_environment_file_where_there_is_one(self, call: Run, work: Path) -> None:
        call("env", "init")
        call("env", "init", "--root", "other")

        code, _, err = call("env", "configure", "dev", "--provider", "filesystem", "--root", "other")
        assert (code, "--store" in err) == (64, True)

        call("env", "configure", "dev", "--provider", "filesystem", "--root", "other", "--store", "s")
        assert stored(work / "other")["values"]["storeRoot"] == "../s"

    @pytest.mark.parametrize(
        ("argv", "code", "culprit"),
        [
            ([], 64, "name"),
            (["dev"], 64, "--provider"),
            (["local", "--provider", "filesystem", "--store", "s"], 64, "local"),
            (["cloud", "--provider", "filesystem", "--store", "s"], 64, "cloud"),
            (["a/b", "--provider", "filesystem", "--store", "s"], 64, "a/b"),
            (["..", "--provider", "filesystem", "--store", "s"], 64, ".."),
            (["dev", "--provider", "filesystem"], 64, "--store"),
            (["dev", "--provider", "filesystem", "--store", "s", "--port", "0"], 64, "--port"),
            (["dev", "--provider", "filesystem", "--store", "s", "--port", "x"], 64, "--port"),
            (["dev", "--provider", "filesystem", "--store", "s", "--host", "example.com"], 64, "--host"),
            (["dev", "--provider", "filesystem", "--store", "s", "--api-base-url", "x/api"], 64, "--api-base-url"),
            (
                ["dev", "--provider", "filesystem", "--store", "s", "--metadata-prefix", "//"],
                64,
                "--metadata-prefix",
            ),
            (["dev", "--provider", "filesystem", "--store", "s", "--unset", "nope"], 64, "nope"),
            (["dev", "--provider", "firebase"], 64, "--project-id is required"),
            (["dev", "--provider", "custom-s3-compatible"], 64, "--bucket is required"),
            (["dev", "--provider", "moon"], 64, "filesystem"),
            (["dev", "extra", "--provider", "filesystem", "--store", "s"], 64, "extra"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_what_is_wrong_is_named_and_nothing_is_written(
        self, call: Run, work: Path, argv: list[str], code: int, culprit: str
    ) -> None:
        call("env", "init")
        before = (work / ".mini_program/env.json").read_bytes()

        found, out, err = call("env", "configure", *argv)

        assert (found, out) == (code, "")
        assert culprit in err
        assert (work / ".mini_program/env.json").read_bytes() == before

    def test_it_needs_an_environment_file(self, call: Run) -> None:
        code, out, err = call("env", "configure", "dev", "--provider", "filesystem", "--store", "s")

        assert (code, out) == (64, "")
        assert "env init" in err

    def test_another_provider_drops_the_values_of_the_old_one(self, call: Run, configured: Path) -> None:
        path = configured / ".mini_program/env.json"
        document = json.loads(path.read_bytes())
        document["cloudEnvironments"][0] |= {
            "provider": "other",
            "values": {"bucket": "b", "artifactsPrefix": "x"},
        }
        path.write_text(json.dumps(document))

        code, out, _ = call("env", "configure", "dev", "--provider", "filesystem", "--store", "s")

        assert code == 0
        assert "it was other before; gone with it: bucket" in out
        assert stored(configured)["values"]["artifactsPrefix"] == "artifacts"


class TestUse:
    def test_it_marks_one_active(self, call: Run, configured: Path) -> None:
        assert call("env", "use", "dev")[0] == 0
        assert "* dev (filesystem)" in call("env", "list")[1].splitlines()
        assert call("env", "use", "local")[0] == 0
        assert "* local" in call("env", "list")[1].splitlines()

    @pytest.mark.parametrize("name", ["ghost", "cloud", ""])
    def test_other_names_are_usage_errors(self, call: Run, configured: Path, name: str) -> None:
        assert call("env", "use", name)[0] == 64

    def test_it_needs_an_environment_file(self, call: Run) -> None:
        assert call("env", "use", "dev")[0] == 64


class TestStatus:
    def test_nothing_configured_is_exit_code_1_with_a_document(self, call: Run) -> None:
        code, out, _ = call("env", "status", "--json")

        assert code == 1
        assert json.loads(out) == {"schemaVersion": 1, "command": "env status", "configured": False}
        assert call("env", "list")[0] == 1

    def test_the_document_has_every_key_in_order(self, call: Run, configured: Path) -> None:
        call("env", "use", "dev")

        code, out, _ = call("env", "status", "--json", cwd=configured)

        document = json.loads(out)
        assert code == 0
        assert list(document) == [
            "schemaVersion",
            "command",
            "configured",
            "scope",
            "rootPath",
            "filePath",
            "repoRootPath",
            "activeEnvironment",
            "cloudEnvironmentCount",
            "activeCloudEnvironment",
            "initializedAtUtc",
            "updatedAtUtc",
        ]
        assert document["activeCloudEnvironment"] == stored(configured)

    def test_local_has_no_active_cloud_environment(self, call: Run, configured: Path) -> None:
        document = json.loads(call("env", "status", "--json")[1])

        assert (document["activeEnvironment"], document["activeCloudEnvironment"]) == ("local", None)
        assert document["cloudEnvironmentCount"] == 1

    def test_elsewhere_the_global_copy_counts(self, call: Run, configured: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()

        document = json.loads(call("env", "status", "--json", cwd=tmp_path / "elsewhere")[1])

        assert (document["scope"], document["rootPath"]) == ("global", str(tmp_path / "home"))

    @pytest.mark.parametrize("command", ["list", "status"])
    def test_a_broken_file_is_named(self, call: Run, configured: Path, command: str) -> None:
        (configured / ".mini_program/env.json").write_text("{")

        code, out, err = call("env", command)

        assert (code, out) == (1, "")
        assert f"{configured}/.mini_program/env.json is not JSON" in err
