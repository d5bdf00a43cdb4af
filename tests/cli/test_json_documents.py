"""What commands print with `--json` is what the schemas in docs/reference/json say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.documents import BACKEND_PROVIDERS, DOCUMENTS, WITHOUT_MODEL
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.help.json_reference import (
    documents,
    models_of,
    render_page,
    rendered_schemas,
)
from miniprogram.cli.framework.main import run
from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.plugins.registry import Registry
from miniprogram.testing import write_program

pytestmark = pytest.mark.slow

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    write_program(tmp_path / "shop")
    (tmp_path / "home").mkdir()

    def call(line: str) -> tuple[int, str, str]:
        environ = {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", "USER": "ana"}
        code = run(line.format(tmp=tmp_path).split(), AppContext(cwd=tmp_path / "shop", environ=environ))
        return (code, *capsys.readouterr())

    return call


def everything() -> Registry:
    return Registry.discover(cwd=Path(Path.cwd().anchor), environ={})


def test_every_command_with_json_has_a_schema() -> None:
    registry = everything()
    printing = {
        " ".join(spec.path)
        for spec in registry.commands()
        if any("--json" in parameter.opts for parameter in load_command(spec, lambda: registry).params)
    }

    assert printing - documents(registry.commands()).keys() - WITHOUT_MODEL.keys() == set()
    clouds = tuple(f"publisher-backend {provider} " for provider in BACKEND_PROVIDERS)
    ours = {name for name in DOCUMENTS if not name.startswith(clouds)}
    assert ours - printing == set()


def test_schemas_and_page_are_current() -> None:
    stored = {path.name: path.read_text("utf-8") for path in (REFERENCE / "json").iterdir()}

    known = documents(everything().commands())
    assert stored == rendered_schemas(known)
    assert (REFERENCE / "json-documents.md").read_text("utf-8") == render_page(known)


LINES = """
env init
env configure dev --provider filesystem --store ../store
env use dev
env list
env status
publish --dry-run
publish
versions
rollback 1.0.0
cloud status
cloud doctor
cloud app list
cloud app info shop
cloud app reindex
cloud app disable shop
cloud app disable shop --yes
cloud app enable shop
cloud rollback 1.0.0
cloud destroy
access-key create shop --key-id k
access-key list shop
access-key rotate shop --key-id k --new-key-id l
access-key revoke shop --key-id l
app add wallet
app list
member list
release create shop 1.0.0 --app wallet
release list
release list shop
release show shop 1.0.0 --app wallet
release history shop
release lint shop
segment list shop
switch list shop
audit show shop
audit verify shop
audit denials
audit access
token list
cloud app delete shop
cloud app delete shop --yes
env use local
backend init --root {tmp}/be
backend status --root {tmp}/be
publish --root {tmp}/be
backend reset-local --yes --root {tmp}/be
backend stop --root {tmp}/be
create other --output-root {tmp}/other
version show
version patch
validate
build
partner package shop --api-base-url https://x.example/ --public
publisher-backend scaffold
publisher-backend status
publisher-backend stop
publisher-backend urls
plugins list
plugins check
doctor
"""


def test_documents_are_as_their_schemas_say(call: Run) -> None:
    seen = set()
    for line in LINES.strip().splitlines():
        code, out, err = call(f"{line} --json")
        command = max((name for name in DOCUMENTS if f"{line} ".startswith(f"{name} ")), key=len)

        assert code in (0, 1), (line, err)
        document = json.loads(out)
        assert "error" not in document, (line, err)
        models_of(command).validate_python(document)
        assert document.get("schemaVersion", 1) == 1  # some older documents have none
        seen.add(command)
    assert len(seen) > 50
