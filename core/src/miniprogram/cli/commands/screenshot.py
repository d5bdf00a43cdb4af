"""`screenshot`: a mini-program's screens as pictures, drawn by a browser of this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.program_options import selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, OptionalProgramId, ProgramRoot, RepoRoot, trimmed
from miniprogram.errors import UsageError
from miniprogram.seams.screen_painter import THEMES, Theme
from miniprogram.suggestions import did_you_mean

if TYPE_CHECKING:
    from miniprogram.pictures.saving import SavedPictures
    from miniprogram.project.build import BuildReport

DEFAULT_OUTPUT = "screenshots"


def _theme(value: str) -> Theme:
    found = next((theme for theme in THEMES if theme == value.strip().lower()), None)
    if found is None:
        raise typer.BadParameter(f"{value!r} is no theme; there are: {', '.join(THEMES)}")
    return found


def screenshot(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    screen: Annotated[
        list[str] | None,
        typer.Option(
            "--screen", parser=trimmed, metavar="ID", help="A screen; repeatable. The entry unless given."
        ),
    ] = None,
    all_screens: Annotated[bool, typer.Option("--all", help="Every screen.")] = False,
    theme: Annotated[
        list[str] | None,
        typer.Option(
            "--theme",
            parser=_theme,
            metavar=f"<{'|'.join(THEMES)}>",
            help="How it looks; repeatable. light unless given.",
            autocompletion=lambda incomplete: [each for each in THEMES if each.startswith(incomplete)],
        ),
    ] = None,
    width: Annotated[
        list[int] | None,
        typer.Option("--width", metavar="PIXELS", help="Logical pixels; repeatable. 390 unless given."),
    ] = None,
    height: Annotated[int, typer.Option("--height", metavar="PIXELS", help="Logical pixels.")] = 844,
    scale: Annotated[
        int, typer.Option("--scale", min=1, max=4, metavar="NUMBER", help="Pixels for each logical one.")
    ] = 1,
    text_scale: Annotated[
        float | None,
        typer.Option(
            "--text-scale", min=0.5, max=4, metavar="NUMBER", help="How large letters are; 1 if not given."
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            parser=trimmed,
            metavar="NAME",
            help="A scenario of preview.toml: its screen and looks, unless given, values and answers.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=trimmed,
            metavar="PATH",
            help="Folder for the pictures, or FILE.png for a single one. Default: screenshots/ here.",
        ),
    ] = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    as_json: AsJson = False,
) -> None:
    """Build a mini-program and save pictures of its screens, drawn by Chromium, Chrome or Edge.

    The same sources give the same pictures on one machine. No server is asked; a scenario's mocks answer.
    """
    from miniprogram.pictures.saving import is_file, save_pictures
    from miniprogram.pictures.shots import Wanted, shots_of, take_pictures
    from miniprogram.plugins.absent import unusable_sentences
    from miniprogram.project.build import build_program
    from miniprogram.publish.built_bundle import bundle_of, notes_on
    from miniprogram.seams.screen_source import SourceContext

    tools: AppContext = context.obj
    if screen and all_screens:
        raise UsageError("give --screen or --all, not both")
    location = selected_program(tools, program_id, mini_program_root, repo_root)
    around = SourceContext(
        environ=tools.environ,
        home=tools.home,
        repo_root=location.repo_root,
        unusable_plugins=unusable_sentences(tools.registry.plugins),
    )
    built = build_program(location, sources=tools.registry.screen_sources(), context=around)
    sys.stderr.writelines(f"{note}\n" for note in notes_on(built))
    bundle = bundle_of(built)
    chosen = _scenario(built, scenario) if scenario else {}
    first = [chosen["screen"]] if "screen" in chosen and not all_screens else []
    wanted = Wanted(
        screens=tuple(screen or first),
        all_screens=all_screens,
        themes=tuple(_theme(each) for each in theme or [chosen.get("theme", "light")]),
        widths=tuple(width or [390]),
        height=height,
        scale=scale,
        text_scale=chosen.get("textScale", 1.0) if text_scale is None else text_scale,
    )
    shots = shots_of(bundle, wanted)
    path = tools.cwd / (output or DEFAULT_OUTPUT)
    if is_file(path) and len(shots) > 1:
        raise UsageError(f"{path.name} is one file, and {len(shots)} pictures were asked for: name a folder")
    pictures = take_pictures(tools.registry.screen_painters(), bundle, shots, tools.environ, chosen)
    report = save_pictures(bundle, pictures, path)
    emit(report, as_json=as_json, lines=lambda report: _lines(report, tools.cwd))


def _scenario(built: BuildReport, name: str) -> Mapping[str, Any]:
    from miniprogram.preview.scenarios import FILE_NAME, load_scenarios

    location = built.location
    screens = [draft.name for draft in built.drafts if draft.kind == "screen"]
    found = {each["name"]: each for each in load_scenarios(location.root, location.program_id, screens)}
    if name not in found:
        known = did_you_mean(name, found) or f"there are: {', '.join(found)}" if found else None
        raise UsageError(f"{FILE_NAME} has no scenario {name!r}", hint=known)
    if "device" in found[name]:
        sys.stderr.write("The scenario's device counts for nothing here: --width and --height give the size.\n")
    return found[name]


def _lines(report: SavedPictures, cwd: Path) -> Iterator[str]:
    for each in report.pictures:
        path = Path(each.path)
        shown = path.relative_to(cwd) if path.is_relative_to(cwd) else path
        yield f"Saved {shown} ({each.screen_id}, {each.theme}, {each.width} × {each.height})"
        yield from (f"  {remark}" for remark in each.remarks)
