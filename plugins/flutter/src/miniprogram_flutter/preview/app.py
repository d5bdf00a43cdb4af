"""The managed preview host app: made by Flutter once, kept up to date by us."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from miniprogram.errors import MiniProgramError, ToolError
from miniprogram.files import write_atomic
from miniprogram.seams.preview_host import PreviewProgram
from miniprogram.tools import run_tool
from miniprogram_flutter.preview import launch
from miniprogram_flutter.rendering import DartCode, render

FOLDER = Path(".mini_program", "preview_host")
PROJECT_NAME = "mini_program_preview_host"
PLATFORMS = ("android", "ios", "linux", "macos", "web", "windows")
CREATE_TIMEOUT_S = 600.0
"""Flutter builds itself and downloads its parts on its first start."""
WAITS_S = (0.2, 0.4, 0.6)
"""Between attempts at deleting: on Windows the last run's programs hold on to their files for a moment."""
DEPENDENCIES = {
    "http": "^1.5.0",
    "mini_program_contracts": "^0.1.1",
    "mini_program_sdk": "^0.3.6",  # 0.3.5 has no auth controller, and the app would not compile with it
}
PLATFORM_PACKAGES = ("mini_program_contracts", "mini_program_sdk")


def app_folder(program: PreviewProgram) -> Path:
    return program.root / FOLDER


def prepare_app(
    program: PreviewProgram,
    platform: str,
    *,
    environ: Mapping[str, str],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Make or refresh the app that shows `program` on `platform`, and delete what older builds of it left.

    Raises MiniProgramError when Flutter is missing or fails, or a file cannot be written or deleted.
    """
    folder = app_folder(program)
    flutter = shutil.which("flutter", path=environ.get("PATH", ""))
    if flutter is None:
        raise ToolError(
            "flutter is not on PATH",
            hint="Install Flutter, or add its folder to PATH. Your browser needs no Flutter: `preview -d web`.",
        )
    if not ((folder / "pubspec.yaml").is_file() and (folder / platform).is_dir()):
        _create(folder, platform, flutter, environ)
    for path, body in _files(folder, program):
        if not path.is_file() or path.read_bytes() != body:
            write_atomic(path, body)
    for stale in _stale(folder):
        _delete(stale, sleep)


def _create(folder: Path, platform: str, flutter: str, environ: Mapping[str, str]) -> None:
    platforms = {platform, *(name for name in PLATFORMS if (folder / name).is_dir())}
    argv = [flutter, "create", f"--platforms={','.join(sorted(platforms))}", "--project-name", PROJECT_NAME]
    argv += ["--org", "dev.miniprogram", "--description", "Shows a mini-program while it is written.", "--no-pub"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run_tool([*argv, str(folder)], cwd=folder, timeout_s=CREATE_TIMEOUT_S, environ=environ)
    except (ToolError, OSError) as error:
        raise MiniProgramError(f"the preview host app could not be made in {folder}: {error}") from error


def _files(folder: Path, program: PreviewProgram) -> Iterator[tuple[Path, bytes]]:
    """What is ours in the app, by path."""
    yield folder / "pubspec.yaml", _pubspec(program.repo_root)
    defines = {
        "base_url_define": launch.BASE_URL_DEFINE,
        "program_id_define": launch.PROGRAM_ID_DEFINE,
        "title_define": launch.TITLE_DEFINE,
        "backend_define": launch.BACKEND_DEFINE,
    }
    yield (
        folder / "lib" / "main.dart",
        render("preview/main.dart", program_id=program.program_id, title=program.title, **defines),
    )
    debug = folder / "android" / "app" / "src" / "debug"
    if debug.is_dir():
        yield debug / "AndroidManifest.xml", render("preview/debug_AndroidManifest.xml")
        config = debug / "res" / "xml" / "mini_program_preview_network_security_config.xml"
        yield config, render("preview/network_security_config.xml")


def _pubspec(repo_root: Path | None) -> bytes:
    overrides: dict[DartCode, DartCode] = {}
    for package in PLATFORM_PACKAGES if repo_root is not None else ():
        assert repo_root is not None  # noqa: S101 - for the type checker
        path = repo_root / "packages" / package
        if (path / "pubspec.yaml").is_file():
            overrides[DartCode(package)] = DartCode(json.dumps(str(path)))  # every JSON text is a YAML one
    constraints = {DartCode(package): DartCode(constraint) for package, constraint in DEPENDENCIES.items()}
    return render(
        "preview/pubspec.yaml", name=DartCode(PROJECT_NAME), dependencies=constraints, overrides=overrides
    )


def _stale(folder: Path) -> list[Path]:
    """What Flutter's last run left: old code in it would be shown instead of ours."""
    logs = [log for log in folder.glob("flutter_*.log") if log.stem.removeprefix("flutter_").isdecimal()]
    return [folder / "build", folder / ".dart_tool" / "flutter_build", *sorted(logs)]


def _delete(path: Path, sleep: Callable[[float], None]) -> None:
    for wait_s in (*WAITS_S, None):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            if wait_s is None:
                raise MiniProgramError(f"{path} cannot be deleted: {error.strerror or error}") from error
            sleep(wait_s)
        else:
            return
