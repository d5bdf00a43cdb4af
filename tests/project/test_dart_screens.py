"""Dart screens through stub toolchains on a PATH of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from miniprogram.errors import ProjectError
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.screen_source import SourceContext

Write = Callable[[str, object], Path]
SCREEN = "@StacScreen(screenName: '{name}')\nStacWidget page() => StacText(data: 'x');\n"

STUB = """#!{python}
import json, pathlib, re, shutil, sys
log = pathlib.Path({log!r})
log.open("a").write(json.dumps([{name!r}, *sys.argv[1:]]) + "\\n")
if sys.argv[1:3] == ["pub", "get"]:
    sys.exit(0)
root = pathlib.Path(sys.argv[sys.argv.index("--project") + 1])
options = root / "lib/default_stac_options.dart"
found = re.search("outputDir: *'([^']*)'", options.read_text()) if options.is_file() else None
out = root / (found[1] if found else "stac/.build")
shutil.rmtree(out, ignore_errors=True)
(out / "screens").mkdir(parents=True)
for file in root.glob("stac/**/*.dart"):
    text = file.read_text()
    if "FAIL" in text:
        print("lots of noise", file=sys.stderr)
        print("bad widget", file=sys.stderr)
        sys.exit(1)
    for name in re.findall("screenName: '([^']*)'", text):
        if "EMPTY" not in text:
            (out / "screens" / (name + ".json")).write_text(json.dumps({{"type": "text", "data": name}}))
"""


class Toolchain:
    """Stub programs in a folder, and what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "calls.jsonl"
        folder.mkdir()
        self.context = SourceContext(environ={"PATH": str(folder)}, home=folder / "home")

    def install(self, name: str) -> None:
        program = self.folder / name
        program.write_text(STUB.format(python=sys.executable, log=str(self.log), name=name), "utf-8")
        program.chmod(0o755)

    @property
    def calls(self) -> list[list[str]]:
        lines = self.log.read_text("utf-8").splitlines() if self.log.is_file() else []
        return [json.loads(line) for line in lines]


@pytest.fixture
def tools(tmp_path: Path) -> Toolchain:
    return Toolchain(tmp_path / "bin")


@pytest.fixture
def program(root: Path, write: Write) -> Path:
    (root / "stac/screens/shop_home.json").unlink()
    write("stac/screens/shop_home.dart", SCREEN.format(name="shop_home"))
    write("pubspec.yaml", "name: shop\n")
    return root


@pytest.fixture
def build_with(
    program: Path, sources: Mapping[str, ScreenSourceSpec], tools: Toolchain
) -> Callable[..., BuildReport]:
    def build(**changes: object) -> BuildReport:
        context = replace(tools.context, **changes)  # type: ignore[arg-type]
        return build_program(ProgramLocation(program, "shop"), sources=sources, context=context)

    return build


Build = Callable[..., BuildReport]


def test_without_a_toolchain_one_sentence_says_what_to_install(build_with: Build) -> None:
    with pytest.raises(ProjectError, match=r"stac/screens/shop_home\.dart is written in Dart") as caught:
        build_with()

    assert "neither dart nor stac is on PATH" in str(caught.value)
    assert "Dart SDK" in (caught.value.hint or "")


def test_global_stac_builds(build_with: Build, tools: Toolchain) -> None:
    tools.install("stac")

    report = build_with()

    assert json.loads(report.entry_screen_path.read_bytes()) == {"type": "text", "data": "shop_home"}
    assert [call[:3] for call in tools.calls] == [["stac", "build", "--project"]]


def test_explicit_script_comes_first_and_dependencies_are_fetched(
    build_with: Build, tools: Toolchain, tmp_path: Path
) -> None:
    tools.install("dart")
    tools.install("stac")
    script = tmp_path / "my_builder.dart"
    script.write_text("", "utf-8")

    build_with(builder_script=script)

    assert [call[:3] for call in tools.calls] == [["dart", "pub", "get"], ["dart", "run", str(script)]]


def test_dependencies_can_be_left_alone(build_with: Build, tools: Toolchain, tmp_path: Path) -> None:
    tools.install("dart")
    script = tmp_path / "b.dart"
    script.write_text("", "utf-8")

    build_with(builder_script=script, fetch_dependencies=False)

    assert [call[1] for call in tools.calls] == ["run"]


def test_pinned_builder_comes_before_the_vendored_one(build_with: Build, tools: Toolchain, tmp_path: Path) -> None:
    tools.install("dart")
    pinned = tools.context.home / ".mini_program/cache/stac_cli/1.6.0"
    vendored = tmp_path / "repo/stac-dev/packages/stac_cli/bin/stac_cli.dart"
    for path in (vendored, *(pinned / name for name in ("pubspec.yaml", "bin/stac_cli.dart"))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    chosen = []

    for _ in range(2):
        build_with(repo_root=tmp_path / "repo")
        chosen.append(tools.calls[-1][2])
        (pinned / ".dart_tool").mkdir(exist_ok=True)
        (pinned / ".dart_tool/package_config.json").touch()

    assert chosen == [str(vendored), str(pinned / "bin/stac_cli.dart")]


def test_missing_script_is_named(build_with: Build, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"the builder script .*gone\.dart does not exist"):
        build_with(builder_script=tmp_path / "gone.dart")


def test_failing_builder_keeps_the_old_output_and_leaves_nothing_behind(
    build_with: Build, tools: Toolchain, program: Path
) -> None:
    tools.install("stac")
    entry = build_with().entry_screen_path
    (program / "stac/screens/shop_home.dart").write_text("// FAIL\n" + SCREEN.format(name="shop_home"), "utf-8")

    with pytest.raises(ProjectError, match=r"the Dart screens were not built: .*bad widget"):
        build_with()

    assert entry.is_file()
    assert sorted(path.name for path in program.parent.iterdir()) == ["bin", "shop"]


def test_screen_that_comes_out_empty_is_an_error(build_with: Build, tools: Toolchain, program: Path) -> None:
    tools.install("stac")
    (program / "stac/screens/shop_home.dart").write_text("// EMPTY\n" + SCREEN.format(name="shop_home"), "utf-8")

    with pytest.raises(ProjectError, match=r"shop_home\.dart: global_stac made nothing of the screen 'shop_home'"):
        build_with()


def test_one_name_in_two_files_is_refused_before_anything_runs(
    build_with: Build, tools: Toolchain, write: Write
) -> None:
    tools.install("stac")
    write("stac/flows/again.dart", SCREEN.format(name="shop_home"))

    with pytest.raises(ProjectError, match=r"stac/flows/again\.dart.* both declare the screen 'shop_home'"):
        build_with()

    assert tools.calls == []


@pytest.mark.parametrize(
    "mark", ["@StacScreen(screenName: kHome)", "@StacScreen(\n  screenName: '' 'x')", "@StacThemeRef()"]
)
def test_a_screen_whose_name_cannot_be_read_is_not_left_out(
    build_with: Build, tools: Toolchain, write: Write, mark: str
) -> None:
    tools.install("stac")
    write("stac/screens/other.dart", f"// @StacScreen(screenName: kOld)\n{mark}\nStacWidget a() => x();\n")

    with pytest.raises(ProjectError, match=r"stac/screens/other\.dart:2: the name in @Stac\w+ is no plain text"):
        build_with()

    assert tools.calls == []


def test_chosen_output_folder_is_where_the_build_ends_up(
    build_with: Build, tools: Toolchain, program: Path, write: Write
) -> None:
    tools.install("stac")
    write("lib/default_stac_options.dart", "StacOptions(outputDir: 'generated')\n")

    report = build_with()

    assert report.entry_screen_path == program / "generated/screens/shop_home.json"
    assert "generated" in (program / "lib/default_stac_options.dart").read_text("utf-8")


def test_dart_needs_a_pubspec(build_with: Build, tools: Toolchain, program: Path) -> None:
    tools.install("stac")
    (program / "pubspec.yaml").unlink()

    with pytest.raises(ProjectError, match=r"pubspec\.yaml is missing"):
        build_with()


def test_other_languages_may_stand_beside_dart(build_with: Build, tools: Toolchain, write: Write) -> None:
    tools.install("stac")
    write("stac/screens/more.json", {"type": "text", "data": "json"})

    assert set(build_with().files) == {"screens/shop_home.json", "screens/more.json"}
