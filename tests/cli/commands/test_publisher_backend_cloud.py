"""`publisher-backend <provider> …` as typed: what is refused before any cloud is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.backends.cloud.command_rows import SUBCOMMANDS
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

Run = Callable[[str], tuple[int, str, str]]

COMMANDS = [" ".join(words) for words, *_ in SUBCOMMANDS]
URL = "https://delivery.example/api"
NEEDED = {
    "destroy": " --yes",
    "data import": " --input x.json",
    "host-command": f" --api-base-url {URL} --public",
    "handoff": f" --delivery-url {URL} --public",
}


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types a line in a mini-program's folder, in a world without any cloud."""
    (tmp_path / "manifest.json").write_text('{"id": "shop"}')
    environ = {"HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "k"}

    def call(line: str) -> tuple[int, str, str]:
        code = run(line.split(), AppContext(cwd=tmp_path, environ={**environ, "AWS_SECRET_ACCESS_KEY": "s"}))
        return (code, *capsys.readouterr())

    return call


@pytest.fixture
def configured(call: Run) -> Run:
    assert call("env init")[0] == 0
    assert call("env configure prod --provider aws --bucket shop-x --region eu-west-1")[0] == 0
    assert call("env configure disk --provider filesystem --store store")[0] == 0
    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_environment_file_it_is_a_usage_error(call: Run, command: str) -> None:
    code, out, err = call(f"publisher-backend aws {command}{NEEDED.get(command, '')}")
    assert (code, out) == (64, "")
    assert "env init" in err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ("", 1, "not a named environment"),
        ("--env moon", 1, "moon"),
        ("--env disk", 64, "belongs to filesystem"),
        ("--env prod --mini-program-root nowhere", 1, "manifest.json"),
        ("--env prod --stack-name 1x", 64, "--stack-name"),
        ("--env prod --stage-name a/b", 64, "--stage-name"),
        ("--env prod --sam-s3-bucket s3://x", 64, "--sam-s3-bucket"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_where_to_is_checked_first(configured: Run, command: str, options: str, code: int, words: str) -> None:
    found, out, err = configured(f"publisher-backend aws {command}{NEEDED.get(command, '')} {options}")
    assert (found, out) == (code, "")
    assert words in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("smoke --write-coupon-id c", "--write-coupon-id needs --include-write"),
        ("smoke --write-user-id u", "--write-user-id needs --include-write"),
        ("smoke --include-write --write-user-id=", "--write-user-id must not be blank"),
        ("data redemptions --limit 0", "--limit"),
        ("data redemptions --limit 501", "--limit"),
        ("data redemptions --limit x", "--limit"),
        ("data import", "--input is required"),
        ("data import --input=", "--input is required"),
        ("destroy", "--yes"),
        ("logs --since yesterday", "--since"),
        ("logs --follow --json", "--json"),
        ("data", "status"),
        ("data moon", "moon"),
    ],
)
def test_a_command_line_that_does_not_fit_is_refused(configured: Run, line: str, words: str) -> None:
    code, out, err = configured(f"publisher-backend aws {line}")
    assert code == 64
    assert bool(out) == ("--json" in line)
    assert words in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("smoke", "--include-write"),
        ("data export", "--include-redemptions"),
        ("data redemptions", "--coupon-id"),
    ],
)
def test_help_names_what_editors_look_for(call: Run, line: str, words: str) -> None:
    code, out, _ = call(f"publisher-backend aws {line} --help")
    assert code == 0
    assert words in out


def test_capabilities_name_every_backend_feature(call: Run) -> None:
    document = json.loads(call("capabilities --json")[1])
    wanted = "status outputs smoke smoke.write dynamodb.seed dynamodb.data.status dynamodb.data.export"
    wanted += " dynamodb.data.import dynamodb.data.redemptions destroy.data_loss_guard"
    assert {f"publisher_backend.aws.{name}" for name in wanted.split()} <= set(document["capabilityIds"])
    assert document["features"]["publisherBackendAwsDestroyDataLossGuard"] is True


def test_a_deploy_without_a_starter_says_how_to_make_one(configured: Run) -> None:
    code, out, err = configured("publisher-backend aws deploy --env prod")
    assert (code, out) == (1, "")
    assert "scaffold --template aws-lambda" in err


def test_a_record_that_cannot_be_read_is_named(configured: Run, tmp_path: Path) -> None:
    (tmp_path / ".mini_program" / "publisher_backend.aws.json").write_text('{"schemaVersion": 1}')
    code, out, err = configured("publisher-backend aws status --env prod")
    assert (code, out) == (1, "")
    assert "publisher_backend.aws.json" in err


def test_a_cloud_that_cannot_be_reached_is_one_sentence(configured: Run) -> None:
    code, out, err = configured("publisher-backend aws outputs --env prod")
    assert (code, out) == (1, "")
    assert "cannot be reached" in err
    assert "Traceback" not in err
