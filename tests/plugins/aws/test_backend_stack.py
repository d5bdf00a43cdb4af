"""A backend as a stack: its name, what is packed, and stacks that other tools made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram.backends.scaffold import scaffold_backend
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.plugins.specs import BackendTemplateSpec
from miniprogram.seams.backend_operator import BackendRequest
from miniprogram.seams.backend_template import ProgramFacts
from miniprogram_aws.backend.backend_operator import AwsBackend
from miniprogram_aws.backend.backend_stack import backend_archive, backend_plan, stack_name
from miniprogram_aws.backend.backend_template import AwsLambdaTemplate
from miniprogram_aws.stacks.stacks import StackError

SPEC = BackendTemplateSpec("aws-lambda", "on AWS", ("bundled", "dynamodb"), AwsLambdaTemplate)
OUTPUTS = ("PublisherBackendFunctionName", "PublisherBackendStorageMode")


def request(root: Path, program_id: str = "shop", environment: str = "prod", **options: object) -> BackendRequest:
    return BackendRequest(root, ProgramFacts(program_id, "Shop"), environment, options)


@pytest.mark.parametrize(
    ("program_id", "environment", "name"),
    [
        ("coupon_center", "Prod.EU", "mini-program-publisher-backend-coupon-center-prod-eu"),
        ("--", "_", "mini-program-publisher-backend-default-default"),
    ],
)
def test_the_name_says_whose_it_is(tmp_path: Path, program_id: str, environment: str, name: str) -> None:
    assert stack_name(request(tmp_path, program_id, environment), None) == name


def test_a_name_too_long_is_cut_and_stays_distinct(tmp_path: Path) -> None:
    names = {stack_name(request(tmp_path, "a" * 200 + end), None) for end in ("x", "y")}
    assert len(names) == 2
    assert {len(name) for name in names} == {128}


@pytest.mark.parametrize("given", ["1shop", "a_b", "a" * 129, "é"])
def test_a_name_no_stack_can_have_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(UsageError, match="--stack-name"):
        stack_name(request(tmp_path), given)


def test_the_archive_depends_on_the_sources_only(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "handler.py").write_text("x = 1\n")
    before = backend_archive(tmp_path, "shop")
    (tmp_path / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"x")
    assert backend_archive(tmp_path, "shop") == before
    (tmp_path / "handler.py").write_text("x = 2\n")
    assert backend_archive(tmp_path, "shop").key != before.key


def test_what_must_not_be_packed_is_named(tmp_path: Path) -> None:
    source = tmp_path / "src"
    source.mkdir()
    (tmp_path / "secret.txt").write_text("s")
    (source / "leak.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(MiniProgramError, match=r"leak\.txt leads out"):
        backend_archive(source, "shop")
    (source / "leak.txt").unlink()
    (source / "broken.py").write_bytes(b"\0")
    with pytest.raises(MiniProgramError, match=r"broken\.py is no Python"):
        backend_archive(source, "shop")


@pytest.mark.parametrize(("body", "words"), [(b"\xff", "not UTF-8"), (b"x" * 60_000, "larger than")])
def test_a_template_that_cannot_be_sent_is_named(tmp_path: Path, body: bytes, words: str) -> None:
    (tmp_path / "template.yaml").write_bytes(body)
    with pytest.raises(MiniProgramError, match=words):
        backend_plan("s", tmp_path / "template.yaml", {}, tags={})


@pytest.fixture
def backend(account: Any) -> AwsBackend:
    account.make_bucket()
    (account.root / "manifest.json").write_text('{"id": "shop"}')
    scaffold_backend(SPEC, account.root, storage="bundled", force=False)
    return AwsBackend.of(account.settings(), account.clients(), request(account.root))


def silent(line: str) -> None:
    del line


def test_a_backend_of_another_tool_is_not_deployed_over_and_can_be_removed(backend: AwsBackend) -> None:
    resources = {"Log": {"Type": "AWS::Logs::LogGroup"}}
    outputs = {name: {"Value": "x"} for name in OUTPUTS}
    backend.clients.client("cloudformation").create_stack(
        StackName=backend.stack_name, TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs})
    )
    with pytest.raises(StackError, match="another tool"):
        backend.deploy(silent)
    assert backend.state().exists
    backend.destroy(silent)
    assert not backend.state().exists


def test_a_stack_of_somebody_else_is_left_alone(backend: AwsBackend) -> None:
    resources = {"Log": {"Type": "AWS::Logs::LogGroup"}}
    backend.clients.client("cloudformation").create_stack(
        StackName=backend.stack_name, TemplateBody=json.dumps({"Resources": resources})
    )
    for act in (backend.deploy, backend.destroy):
        with pytest.raises(StackError, match="belongs to something else"):
            act(silent)
    assert backend.state().exists


def test_a_template_that_aws_refuses_leaves_nothing(backend: AwsBackend) -> None:
    (backend.backend_root / "template.yaml").write_text("Resources: {X: {Type: 'No::Such::Thing'}}")
    with pytest.raises(MiniProgramError, match=backend.stack_name):
        backend.deploy(silent)
    with pytest.raises(StackError, match=r"no (function|stack)"):
        list(backend.logs(since_s=60, follow=False))


def test_a_node_backend_is_not_deployed(backend: AwsBackend) -> None:
    source = backend.backend_root / "src"
    (source / "handler.py").rename(source / "handler.mjs")
    with pytest.raises(MiniProgramError, match="Node tooling"):
        backend.check_source()
