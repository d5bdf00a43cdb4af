"""The map of the store: layouts, deletion and headers come from its rows, and nothing else spells a key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.kinds import KINDS, DocumentKind
from miniprogram.delivery.documents.layouts.keys import Keys, LayoutName

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "plugins/server"
LAYOUTS: tuple[LayoutName, ...] = ("cloud", "local", "static")
KEYS = {name: Keys(name, artifacts="pre/art", metadata="pre/meta") for name in LAYOUTS}
VALUES = {
    "program": "shop",
    "version": "1.10.0-rc.2",
    "digest": "a1" * 32,
    "role": "shop.eu",
    "path": "img/a.png",
    "attempt": 1,
    "revision": 12,
    "seq": 3,
    "number": 4,
}

ROWS = [
    pytest.param(name, kind, id=f"{name} {kind.name}")
    for name in LAYOUTS
    for kind in KINDS
    if KEYS[name].has(kind)
]


def fields(kind: DocumentKind, layout: str) -> list[str]:
    names = re.findall(r"\{(\w+)(?::\w+)?\}", getattr(kind, layout))
    return [name for name in names if name not in ("artifacts", "metadata")]


def example(layout: LayoutName, kind: DocumentKind) -> str:
    return KEYS[layout].key(kind, *(VALUES.get(name, "x") for name in fields(kind, layout)))


@pytest.mark.parametrize(("layout", "kind"), ROWS)
def test_every_key_is_known_for_what_it_is(layout: LayoutName, kind: DocumentKind) -> None:
    key = example(layout, kind)

    found = KEYS[layout].identify(key)

    assert found is not None
    assert found.kind is kind
    assert list(found.fields) == fields(kind, layout)
    for name, text in found.fields.items():
        wanted = VALUES.get(name, "x")
        assert (int(text) if isinstance(wanted, int) else text) == wanted


@pytest.mark.parametrize(("layout", "kind"), ROWS)
def test_every_key_lies_in_its_folder(layout: LayoutName, kind: DocumentKind) -> None:
    keys, names = KEYS[layout], fields(kind, layout)
    key = example(layout, kind)

    for count in range(len(names)):
        folder = keys.folder(kind, *(str(VALUES.get(name, "x")) for name in names[:count]))
        assert key.startswith(folder)
        assert folder == "" or folder.endswith("/")


@pytest.mark.parametrize(("layout", "kind"), ROWS)
def test_what_goes_with_a_program_is_what_its_row_says(layout: LayoutName, kind: DocumentKind) -> None:
    keys, key = KEYS[layout], example(layout, kind)

    goes = key in set(keys.program_keys("shop")) or any(
        key.startswith(each) for each in keys.program_folders("shop")
    )

    assert goes == (kind.scope != "environment" and not kind.survives_deletion)


@pytest.mark.parametrize(("layout", "kind"), ROWS)
def test_nothing_of_another_program_goes(layout: LayoutName, kind: DocumentKind) -> None:
    keys, key = KEYS[layout], example(layout, kind)

    for other in ("sho", "shop2", "1.0.0", "x", "op"):
        assert key not in set(keys.program_keys(other))
        assert not any(key.startswith(folder) for folder in keys.program_folders(other))


def test_names_are_one_of_a_kind() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {value for value in vars(kinds).values() if isinstance(value, DocumentKind)} == set(KINDS)


def test_a_version_owns_its_folders_only() -> None:
    assert KEYS["cloud"].version_folders("shop", "shop") == ("pre/art/shop/shop/",)
    assert KEYS["local"].version_folders("shop", "1.0.0") == (
        "screens/shop/1.0.0/",
        "assets/shop/1.0.0/",
        "packages/shop/1.0.0/",
    )
    assert KEYS["static"].version_folders("shop", "1.0.0") == KEYS["local"].version_folders("shop", "1.0.0")


@pytest.mark.parametrize(
    "key",
    [
        "pre/meta/x/shop.json",
        "pre/meta/catalog/a/b.json",
        "other",
        "pre/meta/releases/shop.txt",
        "pre/art/shop/1.0.0/x",
    ],
)
def test_what_no_row_has_is_unknown(key: str) -> None:
    assert KEYS["cloud"].identify(key) is None
    assert not KEYS["cloud"].is_private(key)


def test_secrets_are_private() -> None:
    keys = KEYS["cloud"]
    private = [
        keys.link_keys_key("shop"),
        keys.access_keys_key("shop"),
        keys.environment_document_key,
        keys.key(kinds.SEGMENT_IDS, "shop", "vip", 1),
    ]

    assert all(keys.is_private(key) for key in private)
    assert not keys.is_private(keys.release_document_key("shop"))
    assert KEYS["local"].is_private("link_keys/shop.json")


def test_a_kind_a_layout_does_not_have_is_said() -> None:
    with pytest.raises(LookupError, match="local layout has no catalogue pointer"):
        KEYS["local"].catalog_pointer_key("shop")
    with pytest.raises(LookupError, match="static layout has no audit event"):
        KEYS["static"].audit_event_key("shop", 1)


def test_folders_of_a_store_are_known_by_name() -> None:
    known = KEYS["cloud"].known_names("pre/meta/")

    assert {"catalog/", "releases/", "audit/", "link_keys/", "index/"} <= known
    assert "artifacts/" not in known


PREFIXES = (
    r"catalog|disabled|access_keys|link_keys|segments|audit|withdrawn|denials|index|rollout-rules|capability-policies"
    r"|secure-api-policies|releases|discovery|manifests|admin/environment|metadata/\w|artifacts/\w"
)
SPELT_KEY = re.compile(rf"(^|/|\}})({PREFIXES})(/|\.json|$)")
URL_PATH = re.compile(r"/(programs|releases|segments|audit|api)(/|$)")
ALLOWED = {
    "core/src/miniprogram/client/delivery.py": "paths of URLs, as any client asks for them",
    "core/src/miniprogram/delivery/documents/kinds.py": "the map",
    "core/src/miniprogram/delivery/http/routes.py": "paths of URLs",
    "core/src/miniprogram/local_backend/scaffold.py": "folders of an empty workspace, reserved ones among them",
    "core/src/miniprogram/releases/commands/links.py": "the path of a URL",
    "core/src/miniprogram/testing/publish_target_contract.py": "what a target must have written",
    "core/src/miniprogram/testing/cloud_provider.py": "an object like any other",
    "plugins/server/src/miniprogram_server/admin/operations/links.py": "pointers into answers",
    "plugins/firebase/src/miniprogram_firebase/backend/security_rules.py": "paths of another service's URLs",
    "plugins/github_pages/src/miniprogram_github_pages/verification.py": "paths of URLs",
}


def spelt_keys(path: Path) -> Iterator[str]:
    """Texts in a module that look like the key of a stored document; documentation aside."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            text = node.value
            is_url = text.startswith("/api/") or (path.is_relative_to(SERVER) and URL_PATH.match(text))
            if " " not in text and "/" in text and SPELT_KEY.search(text) and not is_url:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {text!r}"


def test_nothing_else_spells_a_key() -> None:
    modules = [
        path
        for pattern in ("core/src/**/*.py", "plugins/*/src/**/*.py")
        for path in ROOT.glob(pattern)
        if str(path.relative_to(ROOT)) not in ALLOWED
    ]

    assert [found for path in sorted(modules) for found in spelt_keys(path)] == []


def test_a_spelt_key_would_be_seen() -> None:
    module = ROOT / "core/src/miniprogram/delivery/documents/kinds.py"

    assert len(list(spelt_keys(module))) >= 20


def test_only_keys_and_settings_know_the_prefixes() -> None:
    knowing = {
        str(path.relative_to(ROOT))
        for pattern in ("core/src/**/*.py", "plugins/*/src/**/*.py")
        for path in ROOT.glob(pattern)
        if re.search(r"\.(metadata|artifacts)_prefix\b", path.read_text("utf-8"))
    }

    assert knowing == {
        "core/src/miniprogram/delivery/documents/layouts/keys.py",
        "core/src/miniprogram/environments/delivery.py",
        "core/src/miniprogram/provider_kit/settings.py",
        "core/src/miniprogram/seams/cloud_provider.py",
        "core/src/miniprogram/testing/cloud_provider.py",
        "plugins/aws/src/miniprogram_aws/deployment/delivery_stack.py",
        "plugins/aws/src/miniprogram_aws/deployment/permissions.py",
        "plugins/gcp/src/miniprogram_gcp/run/program.py",
        "plugins/s3/src/miniprogram_s3/s3_store.py",
    }
