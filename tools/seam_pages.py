"""Write a page for every seam from its protocols: each method with its text, the values, the errors, an example.

With `--check` compare instead. The examples are files that tests run: those that `plugins new` writes, and those
in examples/seams.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from miniprogram import testing
from miniprogram.errors import MiniProgramError
from miniprogram.plugins import additions
from miniprogram.plugins.scaffold.project import Kind, project_files

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference" / "seams"
CORE = ROOT / "core" / "src"
EXAMPLES = ROOT / "examples" / "seams"
SAMPLE = "acme-sample"
MADE = "Generated from the code; `make reference` writes it again."


class Page(NamedTuple):
    """A seam. `parts` are modules, or `module:Class,Class` when only these are about it."""

    name: str
    title: str
    parts: tuple[str, ...]
    contract: str = ""
    hook: additions.Kind | None = None
    field: str = ""
    """The field of the spec that makes it."""
    reached: str = ""
    """How the core comes by it, when no hook names it."""
    scaffold: tuple[Kind, str] | None = None
    """An example among the files of `plugins new`: the kind, and the file below its package."""
    example: str = ""
    """An example among examples/seams."""
    code: str = ""
    """An example in the core that passes the contract, as `module:Class`."""


PAGES = (
    Page(
        "publish-target",
        "Publish target",
        ("miniprogram.seams.publish_target", "miniprogram.seams.version_keeping"),
        "PublishTargetContract",
        additions.TARGETS,
        "create",
        scaffold=("target", "target.py"),
    ),
    Page(
        "cloud-provider",
        "Cloud provider",
        (
            "miniprogram.seams.cloud_provider:ProviderContext,StoreAddress,CloudProvider,PreparingProvider,KnowsAccount,OpenedEnvironment",
            "miniprogram.seams.abilities:WINDOWS,PROTECTED_LISTS,SIGNED_LINKS,AdmissionCounting",
        ),
        "CloudProviderContract",
        additions.PROVIDERS,
        "open",
        scaffold=("provider", "provider.py"),
    ),
    Page(
        "object-store",
        "Object store",
        ("miniprogram.seams.object_store",),
        "ObjectStoreContract",
        reached="A provider's `store()` returns one, and publish targets put releases into one.",
        code="miniprogram.stores.memory:MemoryObjectStore",
    ),
    Page(
        "delivery-deployment",
        "Delivery deployment",
        ("miniprogram.seams.cloud_provider:DeploymentStatus,Progress,DeliveryDeployment",),
        "DeliveryDeploymentContract",
        reached="A provider's `deployment()` returns it.",
        code="miniprogram.provider_kit.self_hosted:SelfHostedDeployment",
    ),
    Page(
        "admission-ledger",
        "Admission ledger",
        (
            "miniprogram.delivery.evaluation.ledger",
            "miniprogram.delivery.documents.sharded_ledger:ShardedLedger,Shard",
        ),
        "AdmissionLedgerContract",
        reached="A provider's `ledger()` returns it. Without it there are no time windows.",
        code="miniprogram.delivery.evaluation.ledger:MemoryLedger",
    ),
    Page(
        "backend-template",
        "Backend template",
        ("miniprogram.seams.backend_template",),
        "BackendTemplateContract",
        additions.TEMPLATES,
        "create",
        scaffold=("template", "template.py"),
    ),
    Page(
        "backend-operator",
        "Backend operator",
        ("miniprogram.seams.backend_operator",),
        reached="A provider that has `publisher_backend` runs publisher backends; it returns one.",
        code="miniprogram.testing.publisher_backend:MemoryBackend",
    ),
    Page(
        "data-store",
        "Data store",
        ("miniprogram.seams.data_store",),
        "DataStoreContract",
        reached="A backend operator's `data()` returns it.",
        code="miniprogram.testing.publisher_backend:MemoryDataStore",
    ),
    Page(
        "host-generator",
        "Host generator",
        ("miniprogram.seams.host_generator", "miniprogram.seams.endpoint:Endpoint"),
        "HostGeneratorContract",
        additions.GENERATORS,
        "create",
        scaffold=("host", "generator.py"),
    ),
    Page(
        "preview-host",
        "Preview host",
        ("miniprogram.seams.preview_host",),
        hook=additions.GENERATORS,
        field="preview",
        example="preview_host.py",
    ),
    Page(
        "screen-source",
        "Screen source",
        ("miniprogram.seams.screen_source",),
        "ScreenSourceContract",
        additions.SOURCES,
        "create",
        scaffold=("source", "source.py"),
    ),
    Page(
        "signing-key",
        "Signing key",
        ("miniprogram.seams.signing_key",),
        "SigningKeyContract",
        additions.SIGNING_KEYS,
        "open",
        code="miniprogram.provider_kit.file_signing_key:FileSigningKey",
    ),
    Page(
        "version-signing",
        "Version signing",
        ("miniprogram.seams.version_signing",),
        hook=additions.VERSION_SIGNERS,
        field="open",
        example="version_signer.py",
    ),
    Page(
        "log-source",
        "Log source",
        ("miniprogram.seams.log_source",),
        "LogSourceContract",
        reached="The `logs` of a deployment hand one to `miniprogram.provider_kit.log_following.follow`.",
        code="miniprogram.testing.memory_log:MemoryLog",
    ),
    Page(
        "cdn",
        "CDN",
        ("miniprogram.seams.cdn",),
        reached="A provider's `store()` is a `miniprogram.provider_kit.cdn_store.CdnStore` that was given one.",
        example="cdn.py",
    ),
    Page(
        "change-feed",
        "Change feed",
        ("miniprogram.seams.change_feed",),
        "ChangeFeedContract",
        reached="A provider that has `change_feed` tells what changes in its store; it returns one.",
        code="miniprogram.documents.polled_changes:PolledChanges",
    ),
    Page(
        "preview-page",
        "Preview page",
        ("miniprogram.seams.preview_page",),
        hook=additions.PREVIEW_PAGES,
        field="create",
        example="preview_page.py",
    ),
    Page(
        "screen-check",
        "Screen check",
        ("miniprogram.seams.screen_check",),
        hook=additions.SCREEN_CHECKS,
        field="run",
        example="screen_check.py",
    ),
    Page(
        "screen-painter",
        "Screen painter",
        ("miniprogram.seams.screen_painter",),
        hook=additions.SCREEN_PAINTERS,
        field="paint",
        example="screen_painter.py",
    ),
    Page(
        "screen-frame",
        "Screen frame",
        ("miniprogram.seams.screen_frame",),
        hook=additions.SCREEN_FRAMES,
        field="create",
        example="screen_frame.py",
    ),
    Page(
        "doctor-check",
        "Doctor check",
        ("miniprogram.seams.checks",),
        hook=additions.CHECKS,
        field="run",
        example="doctor_check.py",
    ),
)


def main() -> int:
    """Write the pages, or with `--check` say which are not as they would be written."""
    made = dict(pages())
    if "--check" not in sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        for name, text in made.items():
            (FOLDER / name).write_text(text, "utf-8")
        return 0
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    if stale:
        sys.stderr.write(f"docs/reference/seams: {', '.join(stale)} out of date; run: make reference\n")
    return 1 if stale else 0


def pages() -> Iterator[tuple[str, str]]:
    """Every page with its file's name, the index first."""
    yield "README.md", _index()
    for page in PAGES:
        yield f"{page.name}.md", "\n".join(_page(page)).rstrip() + "\n"


def _index() -> str:
    rows = "".join(
        f"| [{page.title}]({page.name}.md) | {_reached(page)} | {_contract(page)} |\n" for page in PAGES
    )
    return (
        "# Seams\n\n"
        "What a plugin implements, a page each: every method, what it takes and returns, and what it may raise.\n"
        f"{MADE} [Write a plugin](../../howto/write-a-plugin.md) shows how they come together.\n\n"
        f"| seam | how the core comes by it | contract to inherit |\n|---|---|---|\n{rows}"
    )


def _reached(page: Page) -> str:
    if page.hook is None:
        return page.reached
    return f"`{page.field}` of a `{page.hook.spec.__name__}` from the hook `{page.hook.hook}`"


def _contract(page: Page) -> str:
    return f"`{page.contract}`" if page.contract else "none"


def _page(page: Page) -> Iterator[str]:
    yield f"# {page.title}\n"
    documents = [_document(part) for part in page.parts]
    yield f"{inspect.cleandoc(documents[0].intro)}\n"
    hooks = "" if page.hook is None else f" See [hooks](../hooks.md#{page.hook.hook})."
    yield f"{_reached(page).rstrip('.')}.{hooks} {MADE}\n"
    for document in documents:
        yield f"From `{document.module}`:\n"
        for node, text in document.nodes:
            yield from _node(node, text)
    yield from _errors(documents)
    yield from _held_by(page)
    yield from _example(page)


class Document(NamedTuple):
    module: str
    intro: str
    nodes: list[tuple[ast.stmt, str]]


def _document(part: str) -> Document:
    """The public definitions of a module in order, each with the text below it."""
    module, _, names = part.partition(":")
    tree = ast.parse((CORE / Path(*module.split("."))).with_suffix(".py").read_text("utf-8"))
    wanted = set(filter(None, names.split(",")))
    found = []
    for node, after in zip(tree.body, [*tree.body[1:], ast.Pass()], strict=True):
        name = _name(node)
        if name and not name.startswith("_") and (not wanted or name in wanted) and name != "TYPE_CHECKING":
            found.append((node, _text(after)))
    return Document(module, ast.get_docstring(tree) or "", found)


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def _text(node: ast.stmt) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return inspect.cleandoc(node.value.value)
    return ""


def _node(node: ast.stmt, text: str) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        yield from _class(node)
    elif isinstance(node, ast.FunctionDef):
        yield f"### `{_signature(node)}`\n"
        yield f"{ast.get_docstring(node) or ''}\n"
    elif isinstance(node, ast.Assign):
        yield f"- `{_name(node)}` = `{ast.unparse(node.value)}`{'. ' + ' '.join(text.split()) if text else ''}\n"


def _class(node: ast.ClassDef) -> Iterator[str]:
    bases = [ast.unparse(base) for base in node.bases]
    is_protocol = "Protocol" in bases
    others = [base for base in bases if base not in {"Protocol", "Record", "BaseModel"}]
    kind = "protocol" if is_protocol else "value"
    more = f"; everything of `{'`, `'.join(others)}` too" if others else ""
    yield f"## {node.name}\n"
    yield f"*A {kind}{more}.* {ast.get_docstring(node) or ''}".rstrip() + "\n"
    members = list(zip(node.body, [*node.body[1:], ast.Pass()], strict=True))
    fields = [field for member, after in members for field in _fields(member, after)]
    yield from (f"- `{declared}`{'. ' + ' '.join(text.split()) if text else ''}" for declared, text in fields)
    if fields:
        yield ""
    for member, _ in members:
        if isinstance(member, ast.FunctionDef) and not member.name.startswith("_") and not _is_property(member):
            yield f"### `{_signature(member)}`\n"
            yield f"{ast.get_docstring(member) or ''}\n"


def _fields(member: ast.stmt, after: ast.stmt) -> Iterator[tuple[str, str]]:
    """A field or a property as it is declared, with its text."""
    if isinstance(member, ast.FunctionDef) and _is_property(member):
        yield (
            f"{member.name}: {ast.unparse(member.returns or ast.Constant(None))}",
            ast.get_docstring(member) or "",
        )
    elif isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name) and member.target.id[0] != "_":
        default = f" = {ast.unparse(member.value)}" if member.value is not None else ""
        yield f"{member.target.id}: {ast.unparse(member.annotation)}{default}", _text(after)


def _is_property(member: ast.FunctionDef) -> bool:
    return any(ast.unparse(each) == "property" for each in member.decorator_list)


def _signature(node: ast.FunctionDef) -> str:
    arguments = ast.unparse(node.args).removeprefix("self").removeprefix(", ")
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){returns}"


def _errors(documents: list[Document]) -> Iterator[str]:
    """The errors that texts of the page name, with what they mean."""
    errors = importlib.import_module("miniprogram.errors")
    source = " ".join(ast.unparse(node) for document in documents for node, _ in document.nodes)
    named = sorted(set(re.findall(r"\b[A-Z]\w+\b", source)))
    known = [getattr(errors, name, None) for name in named]
    found = [each for each in known if isinstance(each, type) and issubclass(each, MiniProgramError)]
    if not found:
        return
    yield "## Errors\n"
    yield "One sentence each, without secrets; see [errors](../errors.md).\n"
    for each in found:
        yield f"- `{each.__name__}` (exit code {each.exit_code}). {' '.join((each.__doc__ or '').split())}"
    yield ""


def _held_by(page: Page) -> Iterator[str]:
    if not page.contract:
        return
    contract = getattr(testing, page.contract)
    yield "## What it is held to\n"
    yield f"`miniprogram.testing.{page.contract}`. {inspect.cleandoc(contract.__doc__)}\n"
    tests = [name for name in dir(contract) if name.startswith("test_")]
    yield from (f"- {name.removeprefix('test_').replace('_', ' ')}" for name in tests)
    yield ""


def _example(page: Page) -> Iterator[str]:
    if page.scaffold is not None:
        kind, file = page.scaffold
        path = PurePosixPath("src", SAMPLE.replace("-", "_"), file)
        yield "## Example\n"
        command = f"miniprogram plugins new {SAMPLE} --kind {kind}"
        yield f"What `{command}` writes to `{path}`; it passes the contract as it is.\n"
        yield f"```python\n{project_files(SAMPLE, kind)[path].decode()}```\n"
    elif page.example:
        yield "## Example\n"
        yield f"`examples/seams/{page.example}`, which the tests run:\n"
        yield f"```python\n{(EXAMPLES / page.example).read_text('utf-8')}```\n"
    elif page.code:
        module, _, name = page.code.partition(":")
        yield "## Example\n"
        yield f"`{module}.{name}`, which the tests of the core hold to the same:\n"
        yield f"```python\n{inspect.getsource(getattr(importlib.import_module(module), name))}```\n"


if __name__ == "__main__":
    sys.exit(main())
