"""`create`: scaffold a mini-program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import ProjectError
from miniprogram.project.creation.create import CreateReport, create_program, require_outside
from miniprogram.project.creation.new_program import (
    NewProgram,
    default_description,
    default_title,
    parse_capabilities,
    require_program_id,
)
from miniprogram.project.location import PROGRAMS_FOLDER

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry


def create(
    context: typer.Context,
    program_id: Annotated[
        str, typer.Argument(metavar="mini-program-id", help="Lower-case letters, digits and _.")
    ],
    *,
    language: Annotated[
        Literal["python", "json", "yaml", "dart"], typer.Option(help="What the screens are written in.")
    ] = "python",
    output_root: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="DIR", help="Folder to create; default ./<mini-program-id>."),
    ] = None,
    repo_root: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="DIR", help="Create in mini_programs/<mini-program-id> below DIR."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="Display title; default from the id.")
    ] = None,
    description: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="One sentence; default from the title.")
    ] = None,
    capabilities: Annotated[
        str,
        typer.Option(metavar="LIST", help="Comma list of auth, analytics, secure_api, native_navigation."),
    ] = "analytics",
    with_backend: Annotated[
        Literal["mock"] | None, typer.Option(help="Also scaffold a publisher backend of this kind.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over the scaffold's own files in a folder that is not empty.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a mini-program: a manifest, two screens and a README, ready to build and publish."""
    from miniprogram.cli.commands.outcomes import ProgramCreated

    tools: AppContext = context.obj
    wanted = require_program_id(program_id.strip())
    shown = title or default_title(wanted)
    new = NewProgram(
        program_id=wanted,
        title=shown,
        description=description or default_description(shown),
        capabilities=parse_capabilities(capabilities),
        language=language,
        backend_files=_backend_files(tools.registry, with_backend, wanted, shown) if with_backend else {},
    )
    root = _root(wanted, tools.cwd, output_root, repo_root)
    require_outside(root, was_named=output_root is not None)
    report = create_program(new, root, force=force, now=tools.now())
    outcome = ProgramCreated(
        command="create",
        mini_program_id=wanted,
        root_path=str(report.root),
        created_files=report.created_paths,
        replaced_files=report.replaced_paths,
        backup_path=str(report.backup_folder) if report.backup_folder else None,
    )
    emit(outcome, as_json=as_json, lines=lambda _: _lines(report, wanted, tools.cwd))


def _root(program_id: str, cwd: Path, output_root: str | None, repo_root: str | None) -> Path:
    from miniprogram.files import real_path

    if output_root:
        return (cwd / output_root).absolute()
    if not repo_root:
        return cwd / program_id
    programs = real_path(cwd / repo_root) / PROGRAMS_FOLDER
    if not programs.is_dir():
        raise ProjectError(f"{programs} does not exist: --repo-root names a folder that holds {PROGRAMS_FOLDER}/")
    return programs / program_id


def _backend_files(
    registry: Registry, template: str, program_id: str, title: str
) -> Mapping[PurePosixPath, bytes]:
    from miniprogram.seams.backend_template import ProgramFacts

    spec = registry.backend_templates().get(template)
    if spec is None:
        raise ProjectError(
            f"there is no backend template {template!r}; the plugin that brings it may not load here"
        )
    backend = spec.create()
    rendered = backend.render(ProgramFacts(program_id, title), spec.storages[0])
    return {backend.folder / path: body for path, body in rendered.items()}


def _lines(report: CreateReport, program_id: str, cwd: Path) -> Iterator[str]:
    yield f"Created {program_id} in {report.root}"
    yield from (f"  {path}" for path in report.created_paths)
    if report.replaced_paths:
        yield f"Replaced {', '.join(report.replaced_paths)}"
        yield f"What they looked like is kept in {report.backup_folder}"
    shown_root = report.root.relative_to(cwd) if report.root.is_relative_to(cwd) else report.root
    yield "Next: " + (f"cd {shown_root} && " if report.root != cwd else "") + "miniprogram build"
