"""The managed app: what Flutter is asked for, what we write, and the Dart of it, parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.errors import MiniProgramError
from miniprogram.seams.preview_host import PreviewAddress, PreviewProgram
from miniprogram_flutter.preview.app import app_folder, prepare_app
from miniprogram_flutter.preview.launch import run_argv
from miniprogram_flutter.rendering import render

Parse = Callable[[bytes], Any]
Flutter = Callable[[str], dict[str, str]]
DEFINES = {f"{name}_define": f"DEFINE_{name.upper()}" for name in ("base_url", "program_id", "title", "backend")}


@pytest.fixture
def program(tmp_path: Path) -> PreviewProgram:
    root = tmp_path / "shop"
    root.mkdir()
    return PreviewProgram(root, "shop", "It's $5")


@pytest.fixture
def folder(program: PreviewProgram) -> Path:
    return app_folder(program)


@pytest.fixture
def flutter(tmp_path: Path) -> Flutter:
    """Makes a flutter that logs its arguments, a line each, and then does as `script` says."""

    def make(script: str = "") -> dict[str, str]:
        (tmp_path / "bin").mkdir(exist_ok=True)
        stub = tmp_path / "bin" / "flutter"
        stub.write_text(f'#!/bin/sh\nfor word; do echo "$word" >> "{tmp_path}/asked"; done\n{script}\n')
        stub.chmod(0o755)
        return {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}

    return make


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[], list[str]]:
    """What flutter was asked since the last time this was called."""

    def asked() -> list[str]:
        log = tmp_path / "asked"
        words = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return words

    return asked


CREATE = "mkdir -p lib android/app/src/debug web; touch pubspec.yaml"


def test_flutter_makes_the_app_once(
    program: PreviewProgram, folder: Path, flutter: Flutter, asked: Callable[[], list[str]]
) -> None:
    environ = flutter(CREATE)
    prepare_app(program, "web", environ=environ)

    words = asked()
    assert words[:6] == [
        "create",
        "--platforms=web",
        "--project-name",
        "mini_program_preview_host",
        "--org",
        "dev.miniprogram",
    ]
    assert words[6] == "--description"
    assert words[8:] == ["--no-pub", str(folder)]
    prepare_app(program, "web", environ=environ)
    assert asked() == []


def test_a_missing_platform_is_added_to_those_there_are(
    program: PreviewProgram, folder: Path, flutter: Flutter, asked: Callable[[], list[str]]
) -> None:
    prepare_app(program, "web", environ=flutter("mkdir -p web; touch pubspec.yaml"))
    asked()

    prepare_app(program, "linux", environ=flutter("mkdir -p linux"))

    assert asked()[1] == "--platforms=linux,web"
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("script", "message"),
    [("echo 'no space left' >&2; exit 2", "no space left"), (None, "flutter is not on PATH")],
    ids=["fails", "missing"],
)
def test_when_there_is_no_app_it_says_why(
    program: PreviewProgram, flutter: Flutter, tmp_path: Path, script: str | None, message: str
) -> None:
    environ = {"PATH": str(tmp_path)} if script is None else flutter(script)

    with pytest.raises(MiniProgramError, match=message) as caught:
        prepare_app(program, "web", environ=environ)
    assert caught.value.exit_code == 1


def test_our_files_are_written_again_and_others_stay(
    program: PreviewProgram, folder: Path, flutter: Flutter
) -> None:
    environ = flutter(CREATE)
    prepare_app(program, "android", environ=environ)
    (folder / "lib" / "main.dart").write_text("void main() {}")
    (folder / "android" / "app" / "src" / "debug" / "AndroidManifest.xml").write_text("<manifest/>")
    (folder / "pubspec.yaml").write_text("name: x")
    (folder / "lib" / "theirs.dart").write_text("// theirs")

    prepare_app(program, "android", environ=environ)

    assert "MiniProgramPage" in (folder / "lib" / "main.dart").read_text()
    assert "INTERNET" in (folder / "android" / "app" / "src" / "debug" / "AndroidManifest.xml").read_text()
    assert "mini_program_sdk" in (folder / "pubspec.yaml").read_text()
    assert (folder / "lib" / "theirs.dart").read_text() == "// theirs"


def test_the_pubspec_names_what_the_app_imports(program: PreviewProgram, folder: Path, flutter: Flutter) -> None:
    prepare_app(program, "web", environ=flutter())

    pubspec = yaml.safe_load((folder / "pubspec.yaml").read_text())
    imported = set(re.findall(r"import 'package:([a-z_]+)/", (folder / "lib" / "main.dart").read_text()))
    assert pubspec["name"] == "mini_program_preview_host"
    assert pubspec["environment"] == {"sdk": "^3.10.0"}
    assert set(pubspec["dependencies"]) == imported
    assert pubspec["dependencies"]["http"] == "^1.5.0"
    assert "dependency_overrides" not in pubspec


def test_a_monorepos_own_packages_are_used(
    program: PreviewProgram, folder: Path, flutter: Flutter, tmp_path: Path
) -> None:
    repo = tmp_path / 'my "repo" #1: x'
    package = repo / "packages" / "mini_program_sdk"
    package.mkdir(parents=True)
    (package / "pubspec.yaml").write_text("name: mini_program_sdk")

    inside = PreviewProgram(program.root, "shop", "Shop", repo)
    prepare_app(inside, "web", environ=flutter())

    pubspec = yaml.safe_load((folder / "pubspec.yaml").read_text())
    assert pubspec["dependency_overrides"] == {"mini_program_sdk": {"path": str(package)}}


def test_android_debug_builds_may_use_clear_text(program: PreviewProgram, folder: Path, flutter: Flutter) -> None:
    prepare_app(program, "android", environ=flutter(CREATE))

    debug = folder / "android" / "app" / "src" / "debug"
    android = "{http://schemas.android.com/apk/res/android}"
    application = ElementTree.parse(debug / "AndroidManifest.xml").find("application")
    config = ElementTree.parse(debug / "res" / "xml" / "mini_program_preview_network_security_config.xml")
    assert application is not None
    assert application.attrib == {
        f"{android}usesCleartextTraffic": "true",
        f"{android}networkSecurityConfig": "@xml/mini_program_preview_network_security_config",
    }
    assert [each.attrib for each in config.iter("base-config")] == [{"cleartextTrafficPermitted": "true"}]


def test_what_older_builds_left_is_deleted(program: PreviewProgram, folder: Path, flutter: Flutter) -> None:
    for name in ("build/web/x", ".dart_tool/flutter_build/x", ".dart_tool/package_config.json", "flutter_01.log"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "flutter_notes.log").write_text("mine")

    prepare_app(program, "web", environ=flutter())

    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {"pubspec.yaml", "lib/main.dart", ".dart_tool/package_config.json", "flutter_notes.log"}


def test_deleting_is_tried_four_times(
    program: PreviewProgram, folder: Path, flutter: Flutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "build").mkdir(parents=True)
    waits: list[float] = []

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("miniprogram_flutter.preview.app.shutil.rmtree", refuse)
    with pytest.raises(MiniProgramError, match="build cannot be deleted: Permission denied"):
        prepare_app(program, "web", environ=flutter(), sleep=waits.append)
    assert waits == [0.2, 0.4, 0.6]


def test_flutter_runs_the_app_with_its_defines(program: PreviewProgram, folder: Path) -> None:
    address = PreviewAddress("http://127.0.0.1:4100/preview/")

    assert run_argv("chrome", folder, program, address) == [
        "flutter",
        "run",
        "--project-root",
        str(folder),
        "-d",
        "chrome",
        "--no-hot",
        "--dart-define=MINI_PROGRAM_PREVIEW_BASE_URL=http://127.0.0.1:4100/preview/",
        "--dart-define=MINI_PROGRAM_PREVIEW_MINI_PROGRAM_ID=shop",
        "--dart-define=MINI_PROGRAM_PREVIEW_TITLE=It's $5",
    ]


def test_a_running_mock_backend_is_one_more_define(program: PreviewProgram, folder: Path) -> None:
    address = PreviewAddress("http://127.0.0.1:4100/preview/", "http://127.0.0.1:9090/")

    argv = run_argv("chrome", folder, program, address)

    assert argv[-1] == "--dart-define=MINI_PROGRAM_PREVIEW_BACKEND_BASE_URL=http://127.0.0.1:9090/"


@pytest.fixture
def main(program: PreviewProgram, folder: Path, flutter: Flutter) -> bytes:
    prepare_app(program, "web", environ=flutter())
    return (folder / "lib" / "main.dart").read_bytes()


def test_the_dart_is_legal_and_has_its_parts(main: bytes, parse_dart: Parse) -> None:
    parsed = parse_dart(main)

    assert parsed.errors == []
    assert parsed.names("class_definition") == [
        "PreviewApp",
        "_PreviewAppState",
        "PreviewStatus",
        "PreviewSource",
        "PreviewHostBridge",
        "NativeScreenPlaceholder",
        "PreviewPage",
        "_PreviewPageState",
        "PreviewProblemBanner",
    ]
    functions = parsed.names("function_signature")
    assert "main" in functions
    assert {"loadManifest", "loadScreen"} <= set(functions)
    assert {"trackEvent", "openNativeScreen", "callSecureApi"} <= set(functions)


@pytest.mark.parametrize(
    "part",
    [
        'String.fromEnvironment("MINI_PROGRAM_PREVIEW_BASE_URL")',
        'String.fromEnvironment( "MINI_PROGRAM_PREVIEW_MINI_PROGRAM_ID", defaultValue: "shop", )',
        'String.fromEnvironment( "MINI_PROGRAM_PREVIEW_TITLE", defaultValue: "It\\u0027s \\$5", )',
        'String.fromEnvironment("MINI_PROGRAM_PREVIEW_BACKEND_BASE_URL")',
        "const String _sdkVersion = '1.0.0';",
        "class PreviewSource implements MiniProgramSource",
        "class PreviewHostBridge implements HostBridge",
        "const Duration _pollInterval = Duration(seconds: 1);",
        "const Duration _statusTimeout = Duration(seconds: 2);",
        "const Duration _loadTimeout = Duration(seconds: 5);",
        "errorCode: MiniProgramErrorCodes.backendTimeout",
        "errorCode: MiniProgramErrorCodes.backendUnreachable",
        "errorCode: MiniProgramErrorCodes.manifestParseFailure",
        "errorCode: MiniProgramErrorCodes.secureApiNotAllowlisted",
        "Capability.auth,",
        "authController: _authController",
        "buildEndpointRoutingBackendConnector(",
        "cacheBundle: MiniProgramCacheBundle.inMemory()",
        "key: ValueKey<int>(status.buildVersion)",
        "if (status.isBuilding) const LinearProgressIndicator(",
        "if (problem != null) PreviewProblemBanner(message: problem)",
    ],
)
def test_the_app_does_what_the_contract_asks(main: bytes, part: str) -> None:
    assert part in re.sub(r"\s+", " ", main.decode())


HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\"'$\\{}();\n\r\u2028\u202e/*"), st.characters(codec="utf-8")), max_size=12
)


@given(HOSTILE, HOSTILE)
def test_no_value_breaks_out_of_its_literal(parse_dart: Parse, program_id: str, title: str) -> None:
    hostile = parse_dart(render("preview/main.dart", program_id=program_id, title=title, **DEFINES))
    tame = parse_dart(render("preview/main.dart", program_id="a", title="b", **DEFINES))

    assert hostile.errors == []
    assert len(hostile.texts("string_literal")) == len(tame.texts("string_literal"))
    assert hostile.names("class_definition") == tame.names("class_definition")
