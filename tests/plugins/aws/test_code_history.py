"""`cloud deploy --rollback`: the code that ran before runs again, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from miniprogram.provider_kit.archives import Archive, make_archive, package_sources
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram_aws.deployment import deployment as module
from miniprogram_aws.deployment.code_history import code_parameters, previous_code
from miniprogram_aws.deployment.delivery_archive import RUNTIME
from miniprogram_aws.stacks.stacks import Stack, StackError

OLD, NEW = Archive("delivery", "a" * 64, b"old"), Archive("delivery", "b" * 64, b"new")


def stack(parameters: dict[str, str]) -> Stack:
    return Stack("s", "id", "UPDATE_COMPLETE", parameters=parameters)


def deployed(*archives: Archive) -> Stack:
    before: Stack | None = None
    for archive in archives:
        before = stack(dict(code_parameters("shop", archive, before)))
    assert before is not None
    return before


def store(*archives: Archive) -> MemoryObjectStore:
    found = MemoryObjectStore()
    for archive in archives:
        found.put(archive.key, archive.body)
    return found


def test_what_ran_before_trades_places_with_what_runs_now() -> None:
    after = previous_code(deployed(OLD, NEW), lambda bucket: store(OLD, NEW))

    assert after["FunctionCodeKey"] == OLD.key
    assert after["FunctionCodeDigest"] == sha256(b"old").hexdigest()
    forth = previous_code(stack({**after, "FunctionCodeBucket": "shop"}), lambda bucket: store(OLD, NEW))
    assert forth["FunctionCodeKey"] == NEW.key


def test_deploying_the_same_again_forgets_nothing() -> None:
    again = deployed(OLD, NEW, NEW, NEW)

    assert again.parameters["PreviousCodeKey"] == OLD.key


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (store(NEW), "is gone"),
        (store(NEW, Archive("delivery", OLD.digest, b"something else")), "is not what was deployed then"),
    ],
    ids=["gone", "another"],
)
def test_an_archive_that_is_not_what_it_was_is_never_run(found: MemoryObjectStore, said: str) -> None:
    with pytest.raises(StackError, match=said):
        previous_code(deployed(OLD, NEW), lambda bucket: found)


@pytest.mark.parametrize("archives", [(NEW,), (NEW, NEW)], ids=["once", "twice"])
def test_where_nothing_else_ran_there_is_no_way_back(archives: tuple[Archive, ...]) -> None:
    with pytest.raises(StackError, match="never ran other code"):
        previous_code(deployed(*archives), lambda bucket: store(NEW))


def other_code() -> Archive:
    """The delivery function of another release."""
    bare = {f"{name}/__init__.py": b"" for name in ("miniprogram", "miniprogram_aws")}
    sources = {**package_sources("miniprogram.delivery"), **package_sources("miniprogram_aws.function")}
    return make_archive("delivery", {**bare, **sources, "miniprogram_aws/other.py": b""}, RUNTIME)


def test_two_deploys_and_a_rollback_by_command_line(
    account: Any, command_line: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    account.make_bucket()
    call = command_line(account)
    call("env", "init")
    where = ["--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1"]
    call("env", "configure", "prod", *where)
    functions = account.clients().client("lambda")

    def code() -> str:
        outputs = json.loads(call("cloud", "status", "--env", "prod", "--json")[1])["outputs"]
        return str(functions.get_function_configuration(FunctionName=outputs["FunctionName"])["CodeSha256"])

    call("cloud", "deploy", "--env", "prod")
    first = code()
    told, _, err = call("cloud", "deploy", "--env", "prod", "--rollback")
    assert (told, "never ran other code" in err) == (1, True)

    monkeypatch.setattr(module, "delivery_archive", other_code)
    call("cloud", "deploy", "--env", "prod")
    second = code()
    assert second != first

    _, out, err = call("cloud", "deploy", "--env", "prod", "--rollback")
    assert err == ""
    assert "Going back to functions/delivery-" in out
    assert code() == first
    call("cloud", "deploy", "--env", "prod", "--rollback")
    assert code() == second


def test_a_server_of_ones_own_keeps_no_code(account: Any, command_line: Callable[..., Any]) -> None:
    call = command_line(account)
    call("env", "init")
    where = ["--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1", "--delivery", "self"]
    call("env", "configure", "prod", *where)

    code, _, err = call("cloud", "deploy", "--env", "prod", "--rollback")

    assert code == 1
    assert "keeps no code that was deployed before" in err
