"""Read a mini-program whole and check it: manifest, screens, themes. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.errors import DocumentError, MiniProgramError, ProjectError
from miniprogram.packages.manifest import Manifest
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.progress import counted
from miniprogram.project.findings import BuildError, BuildFinding
from miniprogram.project.location import MANIFEST_NAME, ProgramLocation
from miniprogram.project.manifest.document import ManifestDocument, read_manifest_document
from miniprogram.project.manifest.rules import Problem
from miniprogram.project.memory import BuildMemory
from miniprogram.project.screen_limits import require_bounded
from miniprogram.project.source_tree import (
    ASSETS_FOLDER,
    SourceTree,
    asset_paths,
    scan_sources,
    shown,
    unportable_names,
)
from miniprogram.seams.screen_source import ScreenDraft, ScreenSourceError, SourceContext
from miniprogram.stac.findings import Finding
from miniprogram.suggestions import did_you_mean

SOURCE_FAILED = "screen_source_failed"
"""The code of the finding about a screen that cannot be read or run."""


@dataclass(frozen=True, slots=True)
class CheckedProgram:
    """A mini-program as its sources give it. `drafts` are sorted by kind and name; `findings` by file."""

    location: ProgramLocation
    manifest: Manifest
    drafts: tuple[ScreenDraft, ...]
    findings: tuple[BuildFinding, ...]


def check_program(
    location: ProgramLocation,
    *,
    sources: Mapping[str, ScreenSourceSpec],
    context: SourceContext | None = None,
    memory: BuildMemory | None = None,
) -> CheckedProgram:
    """Run every source of the mini-program at `location` and check what comes out.

    `sources` are by suffix, `memory` is what earlier calls found out. Everything that is wrong is a finding, a
    screen that cannot be read or run included; then only what does not depend on that screen is said of the
    others. Raises BuildError with findings when the manifest does not fit, ProjectError when there is nothing to
    point at.
    """
    document = _read_manifest(location)
    around = context or SourceContext(repo_root=location.repo_root)
    tree = scan_sources(location.root, sources, unusable_plugins=around.unusable_plugins)
    loaded = list(counted(_loaded(location, tree, sources, around), "reading screens"))
    failures = [each for each in loaded if isinstance(each, ScreenSourceError)]
    broken = list(dict.fromkeys(_source_finding(each, location) for each in failures))
    drafts = [each for each in loaded if isinstance(each, ScreenDraft)]
    if not loaded:
        raise ProjectError(
            f"{location.program_id} has no screens",
            hint=f"Put them in {location.root / 'stac' / 'screens'}, as {', '.join(sorted(sources))}.",
        )
    assets = asset_paths(location.root)
    drafts.sort(key=lambda draft: (draft.kind, draft.name, str(draft.origin)))
    findings = [
        *document.findings(),
        *tree.findings,
        *broken,
        *unportable_names(f"{ASSETS_FOLDER}/{name}" for name in sorted(assets)),
        *_names(drafts, location),
        *([] if broken else _entry(document, drafts)),
        *_nodes(document, drafts, location, assets, is_complete=not broken, memory=memory),
    ]
    if document.manifest is None:
        raise _stopped(location, findings)
    return CheckedProgram(location, document.manifest, tuple(drafts), tuple(findings))


def _read_manifest(location: ProgramLocation) -> ManifestDocument:
    try:
        return read_manifest_document(location.root / MANIFEST_NAME)
    except DocumentError as error:
        if error.line is None:
            raise ProjectError(str(error)) from error
        found = BuildFinding(
            "error",
            "json_decode_failed",
            MANIFEST_NAME,
            str(error),
            "",
            _suggestion(error),
            error.line,
            error.column,
        )
        raise _stopped(location, [found]) from error


def _stopped(location: ProgramLocation, findings: Iterable[BuildFinding]) -> BuildError:
    """For what keeps everything behind it from being looked at."""
    return BuildError(location.program_id, tuple(findings), folder=location.shown_folder)


def _loaded(
    location: ProgramLocation,
    tree: SourceTree,
    sources: Mapping[str, ScreenSourceSpec],
    context: SourceContext,
) -> Iterator[ScreenDraft | ScreenSourceError]:
    for suffix, files in sorted(tree.files.items()):
        source = sources[suffix].create(context)
        try:
            yield from source.load(location.root, files)
        except ScreenSourceError as error:
            yield error


def _source_finding(error: ScreenSourceError, location: ProgramLocation) -> BuildFinding:
    file, line, column = error.mark
    name = shown(file, location.root)
    return BuildFinding("error", SOURCE_FAILED, name, error.reason, "", _suggestion(error), line, column)


def _suggestion(error: MiniProgramError) -> str | None:
    """The hint of an error, as it stands in brackets behind a message."""
    if error.hint and error.hint[:2].isupper() and error.hint[1].isalpha() and error.hint[1].isalpha():
        return error.hint
    return f"{error.hint[0].lower()}{error.hint[1:].removesuffix('.')}" if error.hint else None


def _names(drafts: Sequence[ScreenDraft], location: ProgramLocation) -> Iterator[BuildFinding]:
    """Names are files and parts of URLs: safe, and unlike each other on every file system."""
    first: dict[tuple[str, str], ScreenDraft] = {}
    for draft in drafts:
        file = shown(draft.origin, location.root)
        if not is_safe_segment(draft.name):
            text = f"{draft.kind} name {draft.name!r} must consist of letters, digits, '.', '_' and '-'"
            yield BuildFinding("error", "screen_name_unsafe", file, text)
        other = first.setdefault((draft.kind, draft.name.casefold()), draft)
        if other is not draft:
            text = f"{draft.kind} {draft.name!r} is already made by {shown(other.origin, location.root)}"
            yield BuildFinding("error", "screen_duplicate", file, text)


def _entry(document: ManifestDocument, drafts: Sequence[ScreenDraft]) -> Iterator[BuildFinding]:
    manifest = document.manifest
    names = sorted(draft.name for draft in drafts if draft.kind == "screen")
    if manifest is None or not manifest.entry.strip() or manifest.entry in names:
        return
    advice = did_you_mean(manifest.entry, names) or f"there are {', '.join(names) or 'no screens'}"
    text = f"the entry screen {manifest.entry!r} does not exist"
    yield document.finding(Problem("error", "entry_screen_missing", text, ("entry",), advice))


class _AnyScreen:
    """The screens of a mini-program of which some are not known: any name may be one."""

    def __contains__(self, name: object) -> bool:
        return True


def _nodes(
    document: ManifestDocument,
    drafts: Sequence[ScreenDraft],
    location: ProgramLocation,
    assets: Collection[str],
    *,
    is_complete: bool,
    memory: BuildMemory | None,
) -> Iterator[BuildFinding]:
    from miniprogram.stac.checker import check_screen, check_theme
    from miniprogram.stac.checks.run import Declared

    # asked for every link, and listed in order for suggestions
    names = sorted(draft.name for draft in drafts if draft.kind == "screen")
    screens: Container[str] = dict.fromkeys(names) if is_complete else _AnyScreen()
    declared = Declared(document.texts("hostWidgets"), document.texts("hostActions"))
    capabilities = None if document.manifest is None else document.manifest.required_capabilities
    around = (names, is_complete, frozenset(assets), capabilities, declared)

    def check(draft: ScreenDraft) -> list[Finding]:
        levels = require_bounded(draft.node, name=f"the {draft.kind} {draft.name!r}")
        if draft.kind != "screen":
            return check_theme(draft.node)
        return check_screen(
            draft.node,
            screens=screens,
            assets=assets,
            capabilities=capabilities,
            declared=declared,
            levels=levels,
        )

    for draft in counted(drafts, "checking screens", len(drafts)):
        file = shown(draft.origin, location.root)
        try:
            asked = partial(check, draft)
            found = memory.about(draft.node, draft.kind, around, asked) if memory else asked()
        except ProjectError as error:
            yield BuildFinding("error", SOURCE_FAILED, file, str(error))
            continue
        yield from _once(_placed(one, draft, location) for one in found)


def _once(findings: Iterable[BuildFinding]) -> Iterator[BuildFinding]:
    """One finding for what one line of an author's makes several times, such as all four sides of a padding."""
    seen: set[BuildFinding] = set()
    for finding in findings:
        at_its_line = finding if finding.line is None else replace(finding, path="")
        if at_its_line not in seen:
            seen.add(at_its_line)
            yield finding


def _placed(found: Finding, draft: ScreenDraft, location: ProgramLocation) -> BuildFinding:
    """`found` where its author wrote it: perhaps in another file than the screen's own."""
    mark = draft.locate(found.steps) if draft.locate else None
    line, column = (mark.line, mark.column) if mark else (None, None)
    file = mark.file if mark and mark.file.is_relative_to(location.root) else draft.origin
    message = found.message if file == draft.origin else f"{found.message} (in the {draft.kind} {draft.name})"
    return BuildFinding(
        found.severity, found.code, shown(file, location.root), message, found.path, found.suggestion, line, column
    )
