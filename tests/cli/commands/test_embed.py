"""`embed init` and `embed cloud configure`, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    root = tmp_path / "shop_host"
    (root / "lib").mkdir(parents=True)
    (root / "pubspec.yaml").write_text(
        "name: shop_host\nversion: 1.2.3+4\ndependencies:\n  flutter:\n    sdk: flutter\n"
    )
    return root


@pytest.fixture
def call(app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def typed(*argv: str, cwd: Path = app) -> tuple[int, str, str]:
        home = tmp_path / "home"
        code = run(argv, AppContext(cwd=cwd, environ={"HOME": str(home), "PATH": ""}, now=lambda: NOON))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def configure(call: Call, app: Path, *options: str) -> None:
    assert call("env", "init")[0] == 0
    code, _, err = call(
        "env", "configure", "fs", "--provider", "filesystem", "--store", str(app.parent / "store"), *options
    )
    assert (code, err) == (0, "")


def test_init_lists_what_it_wrote_and_then_nothing(call: Call, app: Path) -> None:
    code, out, err = call("embed", "init")
    again = call("embed", "init")

    assert (code, err) == (0, "")
    assert "Host: shop_host 1.2.3\n" in out
    assert f"Wrote {app / 'lib' / 'mini_program' / 'mini_program_runtime_setup.dart'}\n" in out
    assert again[0] == 0
    assert again[1].startswith("Nothing to change")
    assert out.endswith("Next: run `flutter pub get`, and wire it up as lib/mini_program/README.md says.\n")
    assert "Next" not in again[1]


def test_the_project_can_be_elsewhere(call: Call, app: Path, tmp_path: Path) -> None:
    code, _, _ = call("embed", "init", "--project-root", "./x/../shop_host", "--with-demo", cwd=tmp_path)

    assert code == 0
    assert (app / "lib" / "mini_program" / "mini_program_endpoints.dart").is_file()


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        (["--native-route-path", " "], 1, "--native-route-path"),
        (["--host-app-id", "a\nb"], 64, "--host-app-id"),
        (["--demo-api-base-url", "ftp://x"], 64, "--demo-api-base-url"),
        (["--project-root", "nowhere"], 1, "nowhere is not a folder"),
        (["--project-root", "lib"], 1, "is not a host app we know"),
        (["--bogus"], 64, "--bogus"),
    ],
)
def test_bad_input_is_one_sentence(call: Call, argv: list[str], code: int, culprit: str) -> None:
    result, out, err = call("embed", "init", *argv)

    assert (result, out) == (code, "")
    assert culprit in err
    assert "Traceback" not in err


def test_edits_are_safe_without_force_and_kept_with_it(call: Call, app: Path) -> None:
    call("embed", "init")
    folder = app / "lib" / "mini_program"
    for name in ("app_host_bridge.dart", "mini_program_launcher.dart"):
        (folder / name).write_text("// mine\n")

    refused = call("embed", "init")
    forced = call("embed", "init", "--force")

    assert refused[0] == 1
    assert "mini_program_launcher.dart would change" in refused[2]
    assert forced[0] == 0
    for name in ("app_host_bridge.dart", "mini_program_launcher.dart"):
        assert (folder / f"{name}.bak").read_text() == "// mine\n"
        assert f"Kept what was there as {folder / name}.bak" in forced[1]


def test_configure_binds_to_a_stored_url(call: Call, app: Path) -> None:
    configure(call, app, "--api-base-url", "https://x.test/api/")
    call("embed", "init")

    code, out, err = call("embed", "cloud", "configure", "--env", "fs")

    assert (code, err) == (0, "")
    assert "https://x.test/api" in out
    assert json.loads((app / ".mini_program" / "host_cloud.json").read_text()) == {
        "environmentName": "fs",
        "provider": "filesystem",
        "backendApiBaseUrl": "https://x.test/api",
        "configuredAtUtc": "2030-01-02T12:00:00.000Z",
        "updatedAtUtc": "2030-01-02T12:00:00.000Z",
    }


@pytest.mark.parametrize(
    ("env", "code", "problem"),
    [("fs", 1, "has no delivery URL"), ("nope", 1, "nope"), ("local", 1, "not a named environment")],
)
def test_configure_needs_an_environment_with_a_url(
    call: Call, app: Path, env: str, code: int, problem: str
) -> None:
    configure(call, app)
    call("embed", "init")

    result, out, err = call("embed", "cloud", "configure", "--env", env)

    assert (result, out) == (code, "")
    assert problem in err
    assert not (app / ".mini_program" / "host_cloud.json").exists()


def test_configure_needs_an_environment_file_and_a_host(call: Call) -> None:
    not_embedded = call("embed", "cloud", "configure")
    call("embed", "init")
    no_file = call("embed", "cloud", "configure")

    assert (not_embedded[0], no_file[0]) == (1, 64)
    assert "embed init" in not_embedded[2]
    assert "env.json" in no_file[2]


def test_an_option_without_effect_is_said_to_have_none(call: Call) -> None:
    assert "--repo-root changes nothing here" in call("embed", "init", "--repo-root", "..")[1]
    assert "--repo-root" not in call("embed", "init")[1]


def test_an_app_that_is_also_a_web_page_has_to_be_named(app: Path, call: Call) -> None:
    (app / "package.json").write_text('{"name": "tools"}')

    code, out, err = call("embed", "init")
    assert (code, out) == (64, "")
    assert "an app of several kinds (flutter, web)" in err
    assert "--host" in err

    assert call("embed", "init", "--host", "web")[0] == 0
    assert not (app / "lib" / "mini_program").exists()
    assert call("host", "endpoint", "add", "shop", "--public", "--api-base-url", "https://x.example")[0] == 0
    assert "shop" in (app / "mini_program" / "endpoints.js").read_text()
    assert call("embed", "init", "--host", "moon")[0] == 64


class TestPreset:
    @pytest.fixture
    def package(self, app: Path, call: Call, tmp_path: Path) -> Path:
        """A package of `coupons`, for an app that has an endpoint for it."""
        call("embed", "init")
        call("host", "endpoint", "add", "coupons", "--api-base-url", "https://a.example/api", "--public")
        call("create", "coupons", cwd=tmp_path)
        call("package", "build", "coupons", "--output", "one.tar.zst", cwd=tmp_path)
        return tmp_path / "one.tar.zst"

    def test_it_is_written_told_and_taken_out(self, app: Path, call: Call, package: Path) -> None:
        code, out, err = call("embed", "preset", "coupons", "--package", str(package))
        again = call("embed", "preset", "coupons", "--package", str(package))
        told = json.loads(call("embed", "preset", "coupons", "--package", str(package), "--json")[1])

        assert (code, err) == (0, "")
        assert out.startswith("The app is built with coupons 1.0.0 (")
        assert "--delta-base 1.0.0" in out
        assert "pubspec.yaml has to list assets/mini_program/presets/" in out
        assert again[1].startswith("Nothing to change")
        assert (told["version"], told["changed"], told["size"]) == (
            "1.0.0",
            False,
            (app / told["file"]).stat().st_size,
        )
        assert call("embed", "preset", "coupons", "--remove")[1].startswith(
            "The app is built without coupons again"
        )
        assert not (app / told["file"]).exists()

    @pytest.mark.parametrize(
        ("argv", "code", "says"),
        [
            (("coupons", "--remove", "--version", "1.0.0"), 64, "leave --version away"),
            (("coupons", "--version", "1.0.0", "--package", "x"), 64, "give one of them"),
            (("coupons", "--version", "one"), 64, "one"),
            (("coupons", "--package", "nothing.tar"), 1, "nothing.tar"),
            (("news", "--package", "PACKAGE"), 64, "is a package of coupons, not of news"),
            (("news",), 1, "has no endpoint 'news'"),
            ((), 64, "a mini-program id is required"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
    )
    def test_what_does_not_fit_is_refused(
        self, argv: tuple[str, ...], code: int, says: str, call: Call, package: Path
    ) -> None:
        given = [str(package) if each == "PACKAGE" else each for each in argv]
        found, _, err = call("embed", "preset", *given)

        assert (found, says in err) == (code, True), err
