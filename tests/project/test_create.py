"""Creating: what is written, that it builds, and what happens to what was there."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
import tree_sitter_dart
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Parser

from miniprogram.builtin import miniprogram_backend_templates
from miniprogram.errors import ProjectError
from miniprogram.packages.manifest import Manifest
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.check import check_program
from miniprogram.project.creation.create import create_program
from miniprogram.project.creation.new_program import (
    CAPABILITIES,
    NewProgram,
    camel_case,
    default_title,
    parse_capabilities,
    require_program_id,
)
from miniprogram.project.creation.scaffold import program_files
from miniprogram.project.creation.template_files import dart_literal, python_literal
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.backend_template import ProgramFacts

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)
SETS = [
    combination
    for size in range(1, len(CAPABILITIES) + 1)
    for combination in itertools.combinations(CAPABILITIES, size)
]
HOSTILE = {
    "apostrophe": "It's Bob's",
    "dollar": "${exit(1)} $HOME",
    "newline": "two\nlines\r\n\ttabbed",
    "quotes": "say \"hi\" \\ and 'bye'",
    "triple": "\"\"\"''' # {% raw %}",
    "unicode": "Ünïcode 微信 🙂 \u202e",
    "markup": "<script>alert(1)</script> | a | b |",
}


def backend_files(program_id: str) -> Mapping[PurePosixPath, bytes]:
    template = {spec.name: spec for spec in miniprogram_backend_templates()}["mock"].create()
    files = template.render(ProgramFacts(program_id, "Shop"), "bundled")
    return {template.folder / path: body for path, body in files.items()}


def new(language: str = "python", *, text: str = "Shop", backend: bool = False, **changes: object) -> NewProgram:
    values: dict[str, object] = {
        "program_id": "shop",
        "title": text,
        "description": f"{text}!",
        "capabilities": ("analytics",),
        "language": language,
        "backend_files": backend_files("shop") if backend else {},
        **changes,
    }
    return NewProgram(**values)  # type: ignore[arg-type]


def findings(root: Path, sources: Mapping[str, ScreenSourceSpec]) -> list[str]:
    return [str(finding) for finding in check_program(ProgramLocation(root, "shop"), sources=sources).findings]


def has_dart_errors(source: bytes) -> bool:
    parser = Parser(Language(tree_sitter_dart.language()))
    return parser.parse(source).root_node.has_error


@pytest.mark.parametrize("language", ["python", "json", "yaml"])
def test_every_set_of_capabilities_builds_without_findings(
    language: str, tmp_path: Path, sources: Mapping[str, ScreenSourceSpec]
) -> None:
    """Python programs are checked in a sample of the sets: each starts an interpreter."""
    for index, capabilities in enumerate(SETS[::4] if language == "python" else SETS):
        root = tmp_path / str(index)
        create_program(new(language, capabilities=capabilities, backend=True), root, force=False, now=NOON)

        assert findings(root, sources) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("language", ["python", "json", "yaml"])
def test_hostile_titles_come_out_as_they_went_in(
    language: str, text: str, tmp_path: Path, sources: Mapping[str, ScreenSourceSpec]
) -> None:
    root = tmp_path / "shop"
    create_program(new(language, text=text), root, force=False, now=NOON)

    checked = check_program(ProgramLocation(root, "shop"), sources=sources)

    assert checked.findings == ()
    home = next(draft for draft in checked.drafts if draft.name == "shop_home")
    assert home.node["appBar"]["title"]["data"] == text
    assert checked.manifest.title == text


def test_yaml_says_what_json_says(tmp_path: Path, sources: Mapping[str, ScreenSourceSpec]) -> None:
    nodes = []
    for language in ("json", "yaml"):
        root = tmp_path / language
        create_program(new(language, backend=True), root, force=False, now=NOON)
        checked = check_program(ProgramLocation(root, "shop"), sources=sources)
        nodes.append({draft.name: draft.node for draft in checked.drafts})

    assert nodes[0] == nodes[1]


def test_the_scaffold_type_checks_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    create_program(new("python", backend=True), root, force=False, now=NOON)

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Success: no issues found in 3 source files")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("backend", [False, True], ids=["alone", "with backend"])
def test_dart_sources_parse(text: str, backend: bool) -> None:
    files = program_files(new("dart", text=text, backend=backend, capabilities=CAPABILITIES))

    broken = [str(path) for path, body in files.items() if path.suffix == ".dart" and has_dart_errors(body)]

    assert broken == []


def test_dart_parser_sees_errors() -> None:
    assert has_dart_errors(b"final x = 'it's';")


def test_dart_tree_is_the_references() -> None:
    assert {str(path) for path in program_files(new("dart"))} == {
        "manifest.json",
        "README.md",
        "pubspec.yaml",
        ".gitignore",
        "lib/default_stac_options.dart",
        "lib/host_action_helpers.dart",
        "stac/screens/shop_home.dart",
        "stac/screens/shop_details.dart",
        "stac/components/.gitkeep",
        "stac/theme/.gitkeep",
        "assets/.gitkeep",
    }


def test_dart_helpers_are_all_there() -> None:
    text = program_files(new("dart"))[PurePosixPath("lib/host_action_helpers.dart")].decode()

    names = (
        "openMiniProgramScreenAction replaceMiniProgramScreenAction resetMiniProgramStackAction "
        "popToMiniProgramScreenAction popMiniProgramScreenAction popToMiniProgramRootAction hostTrackEventAction "
        "hostOpenNativeScreenAction hostCallSecureApiAction miniProgramBackendAction "
        "miniProgramBackendQueryAction miniProgramBackendBuilder"
    )
    assert [name for name in names.split() if f"{name}({{" not in text] == []


def test_python_tree_has_a_shared_component() -> None:
    assert {str(path) for path in program_files(new())} == {
        "manifest.json",
        "README.md",
        ".gitignore",
        "pyproject.toml",
        "stac/components/info_card.py",
        "stac/screens/shop_home.py",
        "stac/screens/shop_details.py",
        "assets/.gitkeep",
    }


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "secure_api"])
def test_manifest_defaults(secure: bool) -> None:
    capabilities = ("analytics", "secure_api") if secure else ("analytics",)
    body = program_files(new(capabilities=capabilities))[PurePosixPath("manifest.json")]

    manifest = Manifest.model_validate_json(body)

    policy = manifest.cache_policy
    ages = (policy.manifest.max_stale_seconds, policy.entry_screen.max_stale_seconds)
    assert (policy.manifest.mode, policy.entry_screen.mode, ages) == (
        ("noCache", "noCache", (None, None))
        if secure
        else ("staleWhileError", "staleWhileError", (86_400, 21_600))
    )
    assert (manifest.version, manifest.entry, manifest.title) == ("1.0.0", "shop_home", "Shop")


@pytest.mark.parametrize(
    "line",
    [
        ".mini_program/*",
        "!.mini_program/env.json",
        "*.partner.json",
        "node_modules/",
        ".aws-sam/",
        "backend/**/exports/",
        "functions/.env",
    ],
)
def test_private_things_are_ignored_by_git(line: str) -> None:
    assert line in program_files(new())[PurePosixPath(".gitignore")].decode().splitlines()


def test_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")

    with pytest.raises(ProjectError, match="is not empty"):
        create_program(new(), tmp_path, force=False, now=NOON)

    assert os.listdir(tmp_path) == ["mine.txt"]  # noqa: PTH208


def test_force_keeps_what_it_replaces_and_leaves_the_rest(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    create_program(new(), root, force=False, now=NOON)
    (root / "manifest.json").write_text("edited", "utf-8")
    (root / "mine.txt").write_text("mine", "utf-8")

    report = create_program(new(), root, force=True, now=NOON)

    assert report.replaced_paths == ("manifest.json",)
    assert report.backup_folder == root / ".mini_program/replaced/20300102T120000Z"
    assert (report.backup_folder / "manifest.json").read_text("utf-8") == "edited"
    assert json.loads((root / "manifest.json").read_bytes())["id"] == "shop"
    assert (root / "mine.txt").read_text("utf-8") == "mine"
    assert "README.md" in report.created_paths


def test_force_twice_in_a_second_keeps_both(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    create_program(new(), root, force=False, now=NOON)
    kept = []
    for text in ("one", "two"):
        (root / "README.md").write_text(text, "utf-8")
        folder = create_program(new(), root, force=True, now=NOON).backup_folder
        assert folder is not None
        kept.append((folder / "README.md").read_text("utf-8"))

    assert kept == ["one", "two"]


def test_force_over_the_same_files_changes_nothing(tmp_path: Path) -> None:
    create_program(new(), tmp_path / "shop", force=False, now=NOON)

    report = create_program(new(), tmp_path / "shop", force=True, now=NOON)

    assert (report.replaced_paths, report.backup_folder) == ((), None)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "shop", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "stac").symlink_to(outside)

    with pytest.raises(ProjectError, match="leads out of"):
        create_program(new(), root, force=True, now=NOON)

    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("blocker", ["stac", "manifest.json"], ids=["file for folder", "folder for file"])
def test_what_stands_in_the_way_is_named_and_kept(tmp_path: Path, blocker: str) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    if blocker == "stac":
        (tmp_path / blocker).write_text("x", "utf-8")
    else:
        (tmp_path / blocker).mkdir()

    with pytest.raises(ProjectError, match=blocker):
        create_program(new(), tmp_path, force=True, now=NOON)

    assert (tmp_path / "README.md").read_text("utf-8") == "mine"


def test_parent_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")

    with pytest.raises(ProjectError, match="file"):
        create_program(new(), tmp_path / "file" / "shop", force=False, now=NOON)


@pytest.mark.parametrize("program_id", ["Shop", "1shop", "my-shop", "", "shop/..", "shöp", "shop\n", "s" * 101])
def test_ids_outside_the_pattern_are_refused(program_id: str) -> None:
    with pytest.raises(ProjectError, match="cannot be a mini-program id"):
        require_program_id(program_id)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("analytics", ("analytics",)),
        (" secure_api , auth,, secure_api", ("auth", "secure_api")),
        ("native_navigation,analytics", ("analytics", "native_navigation")),
    ],
)
def test_capabilities_are_trimmed_unique_and_ordered(text: str, parsed: tuple[str, ...]) -> None:
    assert parse_capabilities(text) == parsed


@pytest.mark.parametrize(
    ("text", "said"), [("", "at least one"), (" , ", "at least one"), ("zoom,analytics,fly", "'fly', 'zoom'")]
)
def test_capabilities_that_cannot_be_used_are_named(text: str, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        parse_capabilities(text)


def test_names_made_from_ids() -> None:
    assert default_title("coupon_center__2x") == "Coupon Center 2x"
    assert camel_case("coupon_center__2x_") == "couponCenter2x"


@given(st.text())
def test_python_literals_read_back(text: str) -> None:
    assert eval(python_literal(text)) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_dart_literals_are_one_literal(text: str) -> None:
    literal = dart_literal(text)

    assert "\n" not in literal
    assert "\r" not in literal
    assert not has_dart_errors(f"final x = {literal};".encode())
