"""Which Stac command line builds Dart screens: the first one found, in the contract's order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import ProjectError
from miniprogram.seams.screen_source import SourceContext

PINNED_VERSION = "1.6.0"
PINNED_FILES = ("pubspec.yaml", "bin/stac_cli.dart", ".dart_tool/package_config.json")
SCRIPT = Path("bin", "stac_cli.dart")


@dataclass(frozen=True, slots=True)
class DartBuilder:
    """A builder. `script` is run with `dart run`; without one it is the `stac` on PATH."""

    label: str
    """`explicit_script`, `managed_pinned_stac`, `vendored_script` or `global_stac`."""
    script: Path | None = None

    @property
    def needs_dart(self) -> bool:
        return self.script is not None

    def command(self, project: Path) -> tuple[str, ...]:
        """The command line that builds `project`."""
        program = ("stac",) if self.script is None else ("dart", "run", str(self.script))
        return (*program, "build", "--project", str(project))


def find_builder(context: SourceContext, *, needed_by: str) -> DartBuilder:
    """The builder to use. Raises ProjectError naming `needed_by` and what to install when there is none."""
    path = context.environ.get("PATH", "")
    if context.builder_script is not None and not context.builder_script.is_file():
        raise ProjectError(f"the builder script {context.builder_script} does not exist")
    has_dart = shutil.which("dart", path=path) is not None
    for builder in _builders(context):
        if has_dart or not builder.needs_dart:
            return builder
    raise ProjectError(
        f"{needed_by} is written in Dart, and {_missing(context, has_dart=has_dart)} on PATH",
        hint="Install the Dart SDK, then: dart pub global activate stac_cli. Python, JSON and YAML need neither.",
    )


def _missing(context: SourceContext, *, has_dart: bool) -> str:
    if has_dart:
        return "the Stac command line (stac) is not"
    return "dart is not" if context.builder_script else "neither dart nor stac is"


def _builders(context: SourceContext) -> Iterator[DartBuilder]:
    if context.builder_script is not None:
        yield DartBuilder("explicit_script", context.builder_script)
        return
    pinned = context.home / ".mini_program" / "cache" / "stac_cli" / PINNED_VERSION
    if all((pinned / name).is_file() for name in PINNED_FILES):
        yield DartBuilder("managed_pinned_stac", pinned / SCRIPT)
    vendored = context.repo_root / "stac-dev" / "packages" / "stac_cli" / SCRIPT if context.repo_root else None
    if vendored is not None and vendored.is_file():
        yield DartBuilder("vendored_script", vendored)
    if shutil.which("stac", path=context.environ.get("PATH", "")) is not None:
        yield DartBuilder("global_stac")
