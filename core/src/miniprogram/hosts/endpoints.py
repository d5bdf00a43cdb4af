"""`host endpoint add|import|list|remove`: the mini-programs a host app loads, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miniprogram.errors import MiniProgramError, ToolError
from miniprogram.hosts.file_changes import WrittenFiles, apply_changes
from miniprogram.hosts.host_entries import HostEntries, entry_changes, read_entries, render_entries
from miniprogram.hosts.host_lock import host_lock
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.endpoint_rules import check_title, is_plain_http
from miniprogram.seams.host_generator import HostFiles, HostGenerator
from miniprogram.tools import run_tool

Outcome = Literal["created", "added", "updated", "unchanged", "removed"]


@dataclass(frozen=True, slots=True)
class EndpointReport:
    """What became of one endpoint. `endpoint` and `title` are those of the id, before it was removed if it was."""

    outcome: Outcome
    endpoint: Endpoint
    title: str
    files: HostFiles
    endpoint_count: int
    written: WrittenFiles
    notes: tuple[str, ...] = ()


def add_endpoint(
    generator: HostGenerator, project_root: Path, endpoint: Endpoint, *, title: str | None, force: bool
) -> EndpointReport:
    """Add `endpoint` to the app, or replace the one of its id; all others stay.

    Without `title` the one the registry has is kept. Raises MiniProgramError when a file is somebody else's and
    `force` is not given, or cannot be read or written; nothing has changed then.
    """
    files = generator.files(project_root)
    chosen = _checked_title(title) if title else None
    with host_lock(project_root):
        before = read_entries(generator, files, force=force)
        endpoint, pinned = _with_its_pin(_with_its_preset(endpoint, before), before)
        after = before.with_endpoint(endpoint, chosen or before.title_of(endpoint.app_id))
        existed = files.endpoint_map.is_file()
        rendered = render_entries(generator, after)
        written = apply_changes(entry_changes(rendered, files, after))
    outcome = _outcome(before, endpoint, existed=existed, changed=bool(written.written))
    notes = (*pinned, *_notes(endpoint, files), *rendered.notes)
    return EndpointReport(
        outcome, endpoint, after.title_of(endpoint.app_id), files, len(after.endpoints), written, notes
    )


def remove_endpoint(generator: HostGenerator, project_root: Path, app_id: str) -> EndpointReport:
    """Take the endpoint `app_id` and its registry entry out of the app. Raises MiniProgramError if it has none."""
    files = generator.files(project_root)
    with host_lock(project_root):
        before = read_entries(generator, files)
        endpoint = before.find(app_id)
        if endpoint is None:
            known = ", ".join(each.app_id for each in before.endpoints) or "none"
            raise MiniProgramError(f"{files.endpoint_map} has no endpoint {app_id!r}; it has: {known}")
        after = before.without(app_id)
        written = apply_changes(entry_changes(render_entries(generator, after), files, after))
    title = before.title_of(app_id)
    return EndpointReport("removed", endpoint, title, files, len(after.endpoints), written)


def list_endpoints(generator: HostGenerator, project_root: Path) -> HostEntries:
    """The endpoints and titles of the app. Raises MiniProgramError when one of its files is somebody else's."""
    return read_entries(generator, generator.files(project_root))


def _with_its_pin(endpoint: Endpoint, before: HostEntries) -> tuple[Endpoint, tuple[str, ...]]:
    """`endpoint` with the root that the app pins for it already: what is said again unpins nothing."""
    known = before.find(endpoint.app_id)
    if endpoint.trust_root is not None or known is None or known.trust_root is None:
        return endpoint, ()
    note = f"The root that is pinned for {endpoint.app_id} stays; `host endpoint remove` takes it out."
    return endpoint.model_copy(update={"trust_root": known.trust_root}), (note,)


def _with_its_preset(endpoint: Endpoint, before: HostEntries) -> Endpoint:
    """`endpoint` with the version that the app is built with: where it is loaded from says nothing about that."""
    known = before.find(endpoint.app_id)
    if known is None or endpoint.preset_version is not None:
        return endpoint
    preset = {"preset_version": known.preset_version, "preset_digest": known.preset_digest}
    return endpoint.model_copy(update=preset)


def _checked_title(title: str) -> str:
    try:
        return check_title(title)
    except ValueError as error:
        raise MiniProgramError(f"the title {error}") from None


def _outcome(before: HostEntries, endpoint: Endpoint, *, existed: bool, changed: bool) -> Outcome:
    if not changed:
        return "unchanged"
    if not existed:
        return "created"
    return "updated" if before.find(endpoint.app_id) else "added"


def _notes(endpoint: Endpoint, files: HostFiles) -> tuple[str, ...]:
    notes = [
        f"{url} is plain http: anybody on the way can read and change what is sent."
        for url in (endpoint.api_base_uri, endpoint.backend_base_uri)
        if url is not None and is_plain_http(url)
    ]
    if endpoint.access_key is not None and _would_be_committed(files.endpoint_map):
        notes.append(
            f"{files.endpoint_map} holds the access key in clear and git does not ignore it: "
            "everybody with the repository will have the key."
        )
    return tuple(notes)


def _would_be_committed(path: Path) -> bool:
    if not any((folder / ".git").exists() for folder in path.absolute().parents):
        return False
    try:
        run_tool(["git", "check-ignore", "--quiet", "--", path.name], cwd=path.parent, timeout_s=5)
    except ToolError:
        return True  # not ignored, or git cannot tell: better one warning too many
    return False
