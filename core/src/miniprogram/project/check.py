"""Read a mini-program whole and check it: manifest, screens, themes. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.errors import DocumentError, ProjectError
from miniprogram.packages.manifest import Manifest
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.findings import BuildFinding
from miniprogram.project.location import MANIFEST_NAME, ProgramLocation
from miniprogram.project.manifest_rules import check_manifest
from miniprogram.project.screen_limits import require_bounded
from miniprogram.project.source_tree import asset_paths, scan_sources, shown
from miniprogram.seams.screen_source import ScreenDraft, SourceContext
from miniprogram.strict_json import parse_model, read_object


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
) -> CheckedProgram:
    """Run every source of the mini-program at `location` and check what comes out.

    `sources` are by suffix. Raises ProjectError when the manifest or a screen cannot be read or run;
    everything that can be read and is wrong is a finding.
    """
    manifest = read_manifest(location)
    tree = scan_sources(location.root, sources)
    drafts: list[ScreenDraft] = []
    for suffix, files in sorted(tree.files.items()):
        source = sources[suffix].create(context or SourceContext(repo_root=location.repo_root))
        drafts.extend(source.load(location.root, files))
    if not drafts:
        raise ProjectError(
            f"{location.program_id} has no screens",
            hint=f"Put them in {location.root / 'stac' / 'screens'}, as {', '.join(sorted(sources))}.",
        )
    drafts.sort(key=lambda draft: (draft.kind, draft.name, str(draft.origin)))
    findings = [
        *_manifest_findings(manifest),
        *tree.findings,
        *_names(drafts, location),
        *_entry(manifest, drafts),
    ]
    findings.extend(_nodes(manifest, drafts, location))
    return CheckedProgram(location, manifest, tuple(drafts), tuple(findings))


def read_manifest(location: ProgramLocation) -> Manifest:
    """The manifest at `location`. Raises ProjectError when it does not fit the contract's schema."""
    path = location.root / MANIFEST_NAME
    try:
        return parse_model(Manifest, read_object(path), name=str(path))
    except DocumentError as error:
        raise ProjectError(str(error)) from error


def _manifest_findings(manifest: Manifest) -> Iterator[BuildFinding]:
    for problem in check_manifest(manifest):
        yield BuildFinding(problem.severity, problem.code, MANIFEST_NAME, problem.message)


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


def _entry(manifest: Manifest, drafts: Sequence[ScreenDraft]) -> Iterator[BuildFinding]:
    from difflib import get_close_matches

    names = sorted(draft.name for draft in drafts if draft.kind == "screen")
    if not manifest.entry.strip() or manifest.entry in names:
        return
    near = get_close_matches(manifest.entry, names, 1)
    advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names) or 'no screens'}"
    text = f"the entry screen {manifest.entry!r} does not exist"
    yield BuildFinding("error", "entry_screen_missing", MANIFEST_NAME, text, "$.entry", advice)


def _nodes(manifest: Manifest, drafts: Sequence[ScreenDraft], location: ProgramLocation) -> Iterator[BuildFinding]:
    from miniprogram.stac.checker import check_screen, check_theme

    screens = sorted(draft.name for draft in drafts if draft.kind == "screen")
    assets = asset_paths(location.root)
    for draft in drafts:
        file = shown(draft.origin, location.root)
        require_bounded(draft.node, name=f"{file}: {draft.kind} {draft.name!r}")
        if draft.kind == "screen":
            capabilities = manifest.required_capabilities
            found = check_screen(draft.node, screens=screens, assets=assets, capabilities=capabilities)
        else:
            found = check_theme(draft.node)
        for one in found:
            yield BuildFinding(one.severity, one.code, file, one.message, one.path, one.suggestion)
