"""Screens written in Dart, built by the Stac command line in a copy of the mini-program.

That builder empties its output folder before it starts, writes temporary files into the project, and drops
screens that come out empty. The copy keeps the mini-program as it is; what is missing afterwards is told.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from miniprogram.errors import DocumentError, ProjectError, ToolError
from miniprogram.project.output.output_folder import DEFAULT_OUTPUT, OPTIONS_FILE, OUTPUT_OPTION
from miniprogram.project.source_tree import shown
from miniprogram.project.sources.dart_builder import DartBuilder, find_builder
from miniprogram.seams.screen_source import Mark, ScreenDraft, SourceContext
from miniprogram.strict_json import read_bounded, read_object
from miniprogram.tools import run_tool

ANNOTATION = re.compile(
    r"@(?P<mark>StacScreen|StacThemeRef)\(\s*(?:screenName|name):\s*(['\"])(?P<name>[^'\"]+)\2"
)
MARKED = re.compile(r"^\s*@(StacScreen|StacThemeRef)\b", re.MULTILINE)
BUILD_TIMEOUT_S = 600.0
"""Seconds the whole builder may take; it limits each screen to 60 s itself."""
LEFT_OUT = (".git", ".mini_program", ".build", "build", "backend", "node_modules", "__pycache__")


class DartScreens:
    """Source of `.dart`, for those who have that toolchain."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft]:
        annotated = _annotated(files, program_root)
        if not annotated:
            return
        builder = find_builder(self._context, needed_by=shown(files[0], program_root))
        if not (program_root / "pubspec.yaml").is_file():
            raise ProjectError(f"{program_root / 'pubspec.yaml'} is missing: Dart screens need it")
        if self._context.fetch_dependencies and builder.needs_dart:
            self._run(("dart", "pub", "get"), program_root)
        with _copy_of(program_root) as copy:
            self._run(builder.command(copy), copy)
            yield from _collect(copy / DEFAULT_OUTPUT, annotated, builder, program_root)

    def _run(self, argv: Sequence[str], folder: Path) -> None:
        stubs = {"STAC_BASE_API_URL": "http://localhost", "STAC_GOOGLE_CLIENT_ID": "unset"}
        stubs["STAC_FIREBASE_API_KEY"] = "unset"
        environ = {**stubs, **self._context.environ}
        program = shutil.which(argv[0], path=environ.get("PATH", "")) or argv[0]
        try:
            run_tool([program, *argv[1:]], cwd=folder, timeout_s=BUILD_TIMEOUT_S, environ=environ)
        except ToolError as error:
            raise ProjectError(f"the Dart screens were not built: {error}") from error


def _annotated(files: Sequence[Path], program_root: Path) -> dict[tuple[str, str], Path]:
    """The file of every annotated screen and theme by (kind, name).

    Raises ProjectError for a name given twice, and for one that does not stand in the annotation.
    """
    found: dict[tuple[str, str], Path] = {}
    for file in files:
        text = read_bounded(file).decode("utf-8", "replace")
        for mark in MARKED.finditer(text):
            if not ANNOTATION.match(text, mark.start(1) - 1):
                line = text.count("\n", 0, mark.start(1)) + 1
                raise ProjectError(
                    f"{shown(file, program_root)}:{line}: the name in @{mark[1]} is no plain text in quotes, "
                    "so the screen would be missing from the build"
                )
        for match in ANNOTATION.finditer(text):
            kind = "screen" if match["mark"] == "StacScreen" else "theme"
            other = found.setdefault((kind, match["name"]), file)
            if other is not file:
                names = f"{shown(other, program_root)} and {shown(file, program_root)}"
                raise ProjectError(f"{names} both declare the {kind} {match['name']!r}")
    return found


def _locate(file: Path, kind: str, name: str, steps: Sequence[str | int]) -> Mark | None:
    """The line of the annotation: the Stac command line does not tell more."""
    del steps
    text = read_bounded(file).decode("utf-8", "replace")
    for match in ANNOTATION.finditer(text):
        if match["name"] == name and (match["mark"] == "StacScreen") is (kind == "screen"):
            return Mark(file, text.count("\n", 0, match.start()) + 1)
    return None


@contextmanager
def _copy_of(program_root: Path) -> Iterator[Path]:
    """A copy beside the mini-program, so that relative paths in its pubspec.yaml still lead somewhere."""
    for left_over in program_root.parent.glob(f".{program_root.name}.*.build"):
        shutil.rmtree(left_over, ignore_errors=True)  # of a build that was killed: we hold the build lock
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{program_root.name}.", suffix=".build", dir=program_root.parent))
    except OSError as error:
        reason = error.strerror or error
        raise ProjectError(f"{program_root.parent} cannot hold a copy of the mini-program: {reason}") from error
    try:
        ignore = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(program_root, aside, ignore=ignore, symlinks=True, dirs_exist_ok=True)
        _write_options(aside / OPTIONS_FILE)
        yield aside
    except (OSError, shutil.Error) as error:
        raise ProjectError(f"{program_root} cannot be copied for the Dart build: {error}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_options(options: Path) -> None:
    """Make the copy build into its own default folder, wherever the original's output goes."""
    if options.is_file():
        text = options.read_text("utf-8")
        options.write_text(OUTPUT_OPTION.sub(f"outputDir: '{DEFAULT_OUTPUT.as_posix()}'", text, count=1), "utf-8")


def _collect(
    output: Path, annotated: dict[tuple[str, str], Path], builder: DartBuilder, program_root: Path
) -> Iterator[ScreenDraft]:
    for (kind, name), origin in annotated.items():
        path = output / f"{kind}s" / f"{name}.json"
        if not path.is_file():
            declared = shown(origin, program_root)
            raise ProjectError(f"{declared}: {builder.label} made nothing of the {kind} {name!r}")
        try:
            yield ScreenDraft(name, read_object(path), origin, kind, partial(_locate, origin, kind, name))
        except DocumentError as error:
            location = f"{shown(origin, program_root)}: the {kind} {name!r} came out broken"
            raise ProjectError(f"{location}: {error}") from error
