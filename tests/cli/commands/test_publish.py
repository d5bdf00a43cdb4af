"""`publish` as a person runs it: what is written where, what is printed, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import NOON, PNG, frozen_clock, image_screen, sample_manifest, write_program

Publish = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_program(tmp_path / "shop")


@pytest.fixture
def workspace(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    app_context = AppContext(cwd=tmp_path, environ={"HOME": str(home)}, now=frozen_clock)
    assert run(["backend", "init", "--root", str(tmp_path / "be")], app_context) == 0
    capsys.readouterr()
    return tmp_path / "be"


@pytest.fixture
def publish(program: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Publish:
    def call(*argv: str, cwd: Path = program) -> tuple[int, str, str]:
        environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
        code = run(["publish", *argv], AppContext(cwd=cwd, environ=environ, now=frozen_clock))
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_without_an_environment_it_goes_to_the_local_workspace(publish: Publish, workspace: Path) -> None:
    code, out, err = publish()

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"Published shop 1.0.0 to {workspace / 'backend' / 'api'}"
    assert "API base URL for hosts: http://127.0.0.1:8080/api/" in out
    assert (workspace / "backend/api/manifests/shop/latest.json").is_file()


def test_publishing_twice_says_that_nothing_changed(publish: Publish, workspace: Path) -> None:
    publish()

    code, out, _ = publish()

    assert code == 0
    assert "was already published" in out.splitlines()[0]
    assert "Files: 5 unchanged" in out


def test_other_content_needs_another_version(publish: Publish, workspace: Path, program: Path) -> None:
    publish()
    write_program(program, text="Changed")

    code, out, err = publish()

    assert (code, out) == (1, "")
    assert "shop 1.0.0 is already published" in err
    assert "raise the version" in err
    write_program(program, version="1.0.1", text="Changed")
    assert publish()[0] == 0


def test_json_says_where_what_and_when(publish: Publish, tmp_path: Path) -> None:
    code, out, _ = publish("--target", "static", "-o", "../site", "--base-url", "https://a.example/x", "--json")

    document = json.loads(out)
    digest = document.pop("digest")
    assert code == 0
    assert digest.startswith("sha256:")
    assert document == {
        "schemaVersion": 1,
        "command": "publish static",
        "target": "static",
        "environmentName": None,
        "miniProgramId": "shop",
        "version": "1.0.0",
        "location": str(tmp_path / "site"),
        "deliveryApiBaseUrl": "https://a.example/x/",
        "dryRun": False,
        "changed": True,
        "writtenFileCount": 9,
        "unchangedFileCount": 0,
        "removedFileCount": 0,
        "publishedAtUtc": "2030-01-02T12:00:00.123Z",
        "notes": document["notes"],
        "package": document["package"],
    }


@pytest.mark.parametrize(
    "target", [["--target", "local"], ["--target", "static", "-o", "../site"]], ids=lambda t: t[1]
)
def test_a_dry_run_tells_everything_and_writes_nothing(
    publish: Publish, workspace: Path, tmp_path: Path, target: list[str]
) -> None:
    code, out, _ = publish(*target, "--dry-run", "--json")

    document = json.loads(out)
    assert code == 0
    assert (document["dryRun"], document["changed"]) == (True, True)
    assert not (tmp_path / "site").exists()
    assert not (workspace / "backend/api/manifests/shop").exists()

    publish(*target)
    _, after, _ = publish(*target, "--dry-run")
    assert document["writtenFileCount"] == len(document["writtenFiles"]) > 4
    assert "shop 1.0.0 is already there" in after


def test_a_dry_run_lists_the_files(publish: Publish) -> None:
    _, out, _ = publish("--target", "static", "-o", "../site", "--dry-run")

    assert "  write  manifests/shop/latest.json" in out.splitlines()


def test_a_dry_run_says_what_updates_cost_and_publishing_stores_them(
    publish: Publish, program: Path, tmp_path: Path
) -> None:
    target = ("--target", "static", "--output", str(tmp_path / "site"))
    publish(*target)
    (program / "manifest.json").write_text(json.dumps(sample_manifest("shop", "1.1.0")))

    planned = json.loads(publish(*target, "--dry-run", "--json")[1])["package"]
    done = json.loads(publish(*target, "--json")[1])["package"]

    assert planned == done
    assert [delta["fromVersion"] for delta in done["deltas"]] == ["1.0.0"]
    assert done["deltas"][0]["size"] < done["packageSize"] < done["archiveSize"]
    stored = {
        path.relative_to(tmp_path / "site").as_posix(): path.stat().st_size
        for path in (tmp_path / "site").rglob("*")
    }
    assert set(done["writtenFiles"]) == {name for name in stored if name.startswith("packages/shop/1.1.0/")}
    assert done["deltas"][0]["size"] in stored.values()
    assert f"as a delta {done['deltas'][0]['size']:,} from 1.0.0" in publish(*target)[1]


@pytest.mark.parametrize(
    ("options", "deltas"),
    [
        (("--deltas", "0"), []),
        (("--deltas", "1"), ["1.1.0"]),
        (("--deltas", "0", "--delta-base", "1.0.0"), ["1.0.0"]),
        (("--no-package",), None),
    ],
    ids=["none", "the last", "a named one", "no package"],
)
def test_options_choose_the_deltas(
    publish: Publish, program: Path, tmp_path: Path, options: tuple[str, ...], deltas: list[str] | None
) -> None:
    target = ("--target", "static", "--output", str(tmp_path / "site"))
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        (program / "manifest.json").write_text(json.dumps(sample_manifest("shop", version)))
        code, out, _ = publish(*target, "--json", *(options if version == "1.2.0" else ()))
        assert code == 0

    package = json.loads(out)["package"]
    assert deltas == (package and [delta["fromVersion"] for delta in package["deltas"]])


@pytest.mark.parametrize(
    ("options", "culprit", "code"),
    [
        (("--no-package", "--delta-base", "1.0.0"), "--no-package", 64),
        (("--no-package", "--deltas", "3"), "--no-package", 64),
        (("--delta-base", "one"), "'one'", 64),
        (("--deltas", "-1"), "--deltas", 64),
        (("--delta-base", "0.1.0"), "there is no shop 0.1.0", 1),
    ],
)
def test_deltas_that_cannot_be_made_are_refused(
    publish: Publish, tmp_path: Path, options: tuple[str, ...], culprit: str, code: int
) -> None:
    found, out, err = publish("--target", "static", "--output", str(tmp_path / "site"), *options)

    assert (found, out) == (code, "")
    assert culprit in err
    assert not list((tmp_path / "site").rglob("*.json"))


def test_options_and_the_id_may_be_mixed(publish: Publish, program: Path, tmp_path: Path) -> None:
    code, _, err = publish("--target", "static", "shop", "--output", "site", cwd=program.parent)

    assert (code, err) == (0, "")
    assert (tmp_path / "site" / ".nojekyll").is_file()


@pytest.mark.parametrize(
    ("argv", "culprit"),
    [
        (["--target", "moon"], "'moon'"),
        (["--bogus"], "--bogus"),
        (["a", "b"], "b"),
        (["--target", "static"], "--output is required"),
        (
            ["--target", "local", "--output", "x"],
            "--output is not an option of the target 'local'; it belongs to firebase-hosting, static",
        ),
        (["--target", "local", "--clean"], "--clean is not an option of the target 'local'; it belongs to"),
        (
            ["--target", "static", "--output", "x", "--root", "y"],
            "--root is not an option of the target 'static'; it belongs to local",
        ),
        (["--target", "static", "-o", "x", "--base-url", "example.com"], "--base-url"),
        (["--target", "static", "-o", "x", "--base-url", "ftp://example.com/"], "--base-url"),
        (["--target", "static", "-o", "x", "--base-url", "https://me:secret@a.example/"], "--base-url"),
        (["--target", "static", "-o", "x", "--base-url", "https://a.example/?q=1"], "--base-url"),
        (["--json=true"], "--json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage_errors_name_the_culprit_on_stderr(
    publish: Publish, workspace: Path, argv: list[str], culprit: str
) -> None:
    code, out, err = publish(*argv)

    assert (code, out) == (64, "")
    assert culprit in err
    assert "secret" not in err


def test_without_a_mini_program_it_is_a_usage_error(publish: Publish, tmp_path: Path) -> None:
    assert publish(cwd=tmp_path)[0] == 64
    assert publish("nothing_here", cwd=tmp_path)[0] == 1


def test_without_a_workspace_it_says_how_to_make_one(publish: Publish) -> None:
    code, out, err = publish()

    assert (code, out) == (1, "")
    assert "backend init" in err


@pytest.fixture
def environment(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Configures the environment `disk` and makes the named one active."""
    app_context = AppContext(cwd=tmp_path, environ={"HOME": str(home)}, now=frozen_clock)

    def activate(name: str) -> None:
        store = str(tmp_path / "disk")
        commands = [["init"], ["configure", "disk", "--provider", "filesystem", "--store", store], ["use", name]]
        assert [run(["env", *argv], app_context) for argv in commands] == [0, 0, 0], capsys.readouterr().err
        capsys.readouterr()

    return activate


Environment = Callable[[str], None]


def test_an_active_environment_is_the_default(publish: Publish, workspace: Path, environment: Environment) -> None:
    environment("disk")

    code, out, err = publish("--json")

    assert (code, err) == (0, "")
    assert (json.loads(out)["target"], json.loads(out)["environmentName"]) == ("cloud", "disk")


def test_with_local_active_it_stays_local_and_says_what_it_ignores(
    publish: Publish, workspace: Path, environment: Environment
) -> None:
    environment("local")

    code, out, _ = publish("--env", "disk")

    assert code == 0
    assert str(workspace) in out
    assert "--env disk was not used: the target local needs no environment" in out


def test_a_named_environment_wins_over_the_active_one(
    publish: Publish, workspace: Path, environment: Environment
) -> None:
    environment("local")

    code, out, _ = publish("--target", "cloud", "--env", "disk", "--json")

    assert code == 0
    assert json.loads(out)["environmentName"] == "disk"


@pytest.mark.parametrize("name", ["local", "nowhere"])
def test_cloud_needs_a_named_environment(publish: Publish, environment: Environment, name: str) -> None:
    environment("local")

    code, out, err = publish("--target", "cloud", "--env", name)

    assert (code, out) == (1, "")
    assert name in err


def test_images_are_published_with_absolute_addresses(publish: Publish, program: Path, tmp_path: Path) -> None:
    (program / "stac/screens/shop_home.json").write_text(json.dumps(image_screen("assets/logo.png")))
    (program / "assets").mkdir()
    (program / "assets/logo.png").write_bytes(PNG)

    refused = publish("--target", "static", "-o", "../site")
    published = publish("--target", "static", "-o", "../site", "--base-url", "https://a.example/")

    assert refused[0] == 1
    assert "--base-url" in refused[2]
    assert published[0] == 0
    screen = json.loads((tmp_path / "site/screens/shop/1.0.0/shop_home.json").read_text())
    assert screen["children"][0]["src"] == "https://a.example/assets/shop/1.0.0/logo.png"
    assert (tmp_path / "site/assets/shop/1.0.0/logo.png").read_bytes() == PNG


def test_a_screen_that_does_not_build_leaves_the_place_alone(
    publish: Publish, program: Path, workspace: Path
) -> None:
    publish()
    (program / "stac/screens/shop_home.json").write_text('{"type": "txet"}')

    code, out, err = publish()

    assert (code, out) == (1, "")
    assert "shop_home.json" in err


@pytest.mark.parametrize("member", [{"version": "1.0"}, {"version": "1.0.0+1"}, {"entry": "gone"}], ids=str)
def test_a_manifest_nobody_could_load_is_refused(
    publish: Publish, program: Path, workspace: Path, member: dict[str, str]
) -> None:
    (program / "manifest.json").write_text(json.dumps(sample_manifest(**member)))

    code, out, err = publish()

    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert "manifest.json" in err
    assert not (workspace / "backend/api/manifests/shop").exists()


CLI = [sys.executable, "-m", "miniprogram", "publish", "--target", "static", "-o"]


@pytest.mark.process
def test_killed_at_any_moment_the_folder_serves_a_whole_release(program: Path, home: Path, tmp_path: Path) -> None:
    """The real command, killed at growing moments; each time the next version follows the one that was served."""
    site = tmp_path / "site"
    argv = [*CLI, str(site)]
    environ = {**os.environ, "HOME": str(home)}
    many = {f"shop_{number}": {"type": "text", "data": f"{number}"} for number in range(60)}
    for name, node in many.items():
        (program / "stac/screens" / f"{name}.json").write_text(json.dumps(node))
    started = time.monotonic()
    subprocess.run(argv, cwd=program, env=environ, check=True, capture_output=True)
    duration = time.monotonic() - started

    for turn in range(1, 4):
        version = f"1.{turn}.0"
        write_program(program, version=version, text=version)
        child = subprocess.Popen(argv, cwd=program, env=environ, stdout=subprocess.DEVNULL)
        time.sleep(duration * (0.6 + 0.12 * turn))
        child.send_signal(signal.SIGKILL)
        child.wait()

        assert_serves_whole(site, screens=len(many) + 2)

    done = subprocess.run(argv, cwd=program, env=environ, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((site / "manifests/shop/latest.json").read_text())["version"] == "1.3.0"
    assert_serves_whole(site, screens=len(many) + 2)
    assert not [path for path in site.iterdir() if path.name == ".partial"]


def assert_serves_whole(site: Path, *, screens: int) -> None:
    manifest = json.loads((site / "manifests/shop/latest.json").read_text())
    folder = site / "screens/shop" / manifest["version"]
    found = {path.name: json.loads(path.read_text()) for path in folder.iterdir()}
    assert len(found) == screens
    home = found["shop_home.json"]["data"]
    assert home == (manifest["version"] if manifest["version"] != "1.0.0" else "Welcome")


def test_the_clock_is_the_callers(publish: Publish, tmp_path: Path) -> None:
    publish("--target", "static", "-o", "../site")

    record = json.loads((tmp_path / "site/metadata/releases/shop/1.0.0.json").read_text())
    assert record["publishedAtUtc"] == NOON.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--target static", "--output is required"),
        ("--target moon", "there is no publish target 'moon'"),
        ("--target cloud --env nowhere", "[error] unknown_widget"),
    ],
    ids=["a wrong option", "a wrong target", "an environment that is not there"],
)
def test_an_author_hears_of_findings_before_a_target_that_cannot_be_reached(
    publish: Publish, program: Path, options: str, said: str
) -> None:
    (program / "stac" / "screens" / "wrong.json").write_text('{"type": "txt"}')

    code, out, err = publish(*options.split())

    assert code
    assert out == ""
    assert err.startswith(said)


def test_a_target_that_cannot_be_reached_is_said_of_a_mini_program_that_is_right(publish: Publish) -> None:
    code, out, err = publish("--target", "cloud", "--env", "nowhere")

    assert (code, out) == (1, "")
    assert err.startswith("no env.json was found here")
