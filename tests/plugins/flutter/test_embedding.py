"""What `embed init` makes of a Flutter app: the Dart of the contract, parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.embedding import embed_host
from miniprogram.seams.host_generator import EmbedRequest
from miniprogram_flutter.generator import FlutterGenerator

Parse = Callable[[bytes], Any]


def embed(project: Path, *, force: bool = False, **options: Any) -> Any:
    return embed_host(FlutterGenerator(), EmbedRequest(project, **options), force=force)


def read(project: Path, name: str) -> bytes:
    return (project / "lib" / "mini_program" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "classes", "functions"),
    [
        (
            "app_host_bridge.dart",
            ["AppHostBridge"],
            ["trackEvent", "openNativeScreen", "callSecureApi"],
        ),
        ("mini_program_runtime_setup.dart", [], ["buildMiniProgramConfig"]),
        ("mini_program_launcher.dart", ["AppMiniProgramLauncher"], ["openAppMiniProgram", "build"]),
        ("mini_program_endpoints.dart", [], ["buildMiniProgramEndpoints"]),
        ("mini_program_registry.dart", ["MiniProgramInfo", "MiniPrograms"], []),
    ],
)
def test_the_dart_is_legal_and_has_the_contracts_names(
    project: Path, parse_dart: Parse, name: str, classes: list[str], functions: list[str]
) -> None:
    embed(project, with_demo=True)

    parsed = parse_dart(read(project, name))

    assert parsed.errors == []
    assert parsed.names("class_definition") == classes
    assert [each for each in parsed.names("function_signature") if not each.startswith("_")] == functions


def test_the_setup_knows_the_host(project: Path) -> None:
    embed(project)

    code = re.sub(r"\s+", " ", read(project, "mini_program_runtime_setup.dart").decode())
    assert 'const String _hostAppId = "shop_host";' in code
    assert 'const String _hostVersion = "2.3.1";' in code
    assert "const String _sdkVersion = '1.0.0';" in code
    for define in ("BASE_URL", "HOST", "PORT"):
        assert f"'MINI_PROGRAM_BACKEND_{define}'" in code
    assert "Capability.analytics, if (openNativeRoute != null) Capability.nativeNavigation," in code


@pytest.mark.parametrize("with_demo", [False, True])
def test_the_barrel_exports_what_is_there(project: Path, parse_dart: Parse, with_demo: bool) -> None:
    embed(project, with_demo=with_demo)

    exported = set(re.findall(r"export '([a-z_]+\.dart)'", read(project, "mini_program.dart").decode()))
    generated = {path.name for path in (project / "lib" / "mini_program").glob("*.dart")}
    assert exported == generated - {"mini_program.dart"}
    assert parse_dart(read(project, "mini_program.dart")).errors == []


def test_the_demo_is_one_public_endpoint(project: Path) -> None:
    embed(project, with_demo=True)

    assert b"static const publicDemo = MiniProgramInfo(" in read(project, "mini_program_registry.dart")
    assert b'"profile":{"apiBaseUri":"http://127.0.0.1:8080/api","accessMode":"public"' in read(
        project, "mini_program_endpoints.dart"
    )


def test_the_second_run_changes_nothing(project: Path) -> None:
    embed(project, with_demo=True)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    report = embed(project)

    assert report.written.written == ()
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_main_is_never_touched(project: Path) -> None:
    embed(project, force=True)

    assert (project / "lib" / "main.dart").read_text() == "void main() {}\n"


def test_hostile_ids_stay_texts(project: Path, parse_dart: Parse) -> None:
    embed(project, host_app_id="a\"; import 'x'; ${evil}", host_version="$v")

    for name in ("app_host_bridge.dart", "mini_program_runtime_setup.dart"):
        parsed = parse_dart(read(project, name))
        assert parsed.errors == []
        assert "${evil}" not in parsed.texts("template_substitution")


def test_a_version_that_rules_cannot_match_is_mentioned(project: Path) -> None:
    assert "no semantic version" in embed(project, host_version="next").plan.notes[0]


@pytest.mark.parametrize(
    ("pubspec", "problem"),
    [("name: [", "is not YAML"), ("", "must be a mapping"), ("\x00", "is not YAML")],
)
def test_a_pubspec_that_is_none_changes_nothing(project: Path, pubspec: str, problem: str) -> None:
    (project / "pubspec.yaml").write_text(pubspec)

    with pytest.raises(MiniProgramError, match=rf"pubspec\.yaml {problem}"):
        embed(project, force=True)

    assert not (project / "lib" / "mini_program").exists()


def test_a_broken_manifest_changes_nothing(project: Path) -> None:
    manifest = project / "android" / "app" / "src" / "main" / "AndroidManifest.xml"
    manifest.write_text("<manifest>\n<oops")
    before = (project / "pubspec.yaml").read_bytes()

    with pytest.raises(MiniProgramError, match=r"AndroidManifest\.xml is not XML.*line 2"):
        embed(project)

    assert (project / "pubspec.yaml").read_bytes() == before
    assert not (project / "lib" / "mini_program").exists()


def test_a_read_only_pubspec_changes_nothing(project: Path) -> None:
    (project / "pubspec.yaml").chmod(0o444)

    with pytest.raises(MiniProgramError, match=r"pubspec\.yaml is read-only"):
        embed(project)

    assert not (project / "lib" / "mini_program").exists()


def test_a_dart_package_is_no_app(tmp_path: Path) -> None:
    (tmp_path / "pubspec.yaml").write_text("name: a\ndependencies:\n  flutter:\n    sdk: flutter\n")

    with pytest.raises(MiniProgramError, match="no lib folder"):
        embed(tmp_path)


@pytest.mark.parametrize(
    ("pubspec", "is_app"),
    [
        ("name: a\ndependencies:\n  flutter:\n    sdk: flutter\n", True),
        ("name: a\r\ndependencies:\r\n    flutter:\r\n      sdk: flutter\r\n", True),
        ("name: a\nflutter:\n  uses-material-design: true\n", True),
        ("name: a\ndependencies: {'flutter': {sdk: flutter}}\n", True),
        ("name: cli\ndependencies:\n  args: ^2.0.0\n", False),
        ("name: flutter_tools\ndependencies:\n  flutter_lints: any # flutter: not here\n", False),
        ("", False),
    ],
    ids=["dependency", "CRLF", "settings", "flow", "a tool", "names alike", "empty"],
)
def test_an_app_is_known_by_flutter_in_its_pubspec(tmp_path: Path, pubspec: str, is_app: bool) -> None:
    assert not FlutterGenerator().detect(tmp_path)
    (tmp_path / "pubspec.yaml").write_bytes(pubspec.encode())

    assert FlutterGenerator().detect(tmp_path) is is_app
