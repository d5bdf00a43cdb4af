"""What a host team would stumble over: a hand-off that is written as asked, and cannot work as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from miniprogram.addresses import is_this_machine
from miniprogram.environments.session import CloudSession, open_session
from miniprogram.environments.unpublished import unpublished_note
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.hosts.environments import Environments
from miniprogram.hosts.handoff.partner_package import PartnerPackage
from miniprogram.keys.listing import list_keys
from miniprogram.project.location import locate_program
from miniprogram.project.output.output_folder import output_folder

CALLS_BACKEND = '"miniProgramBackend'
"""How the types of all widgets and actions begin that ask the mini-program's own backend."""


def handoff_notes(package: PartnerPackage, environments: Environments, name: str | None) -> tuple[str, ...]:
    """Sentences about `package`; `name` is the environment that the command line names, if it does."""
    folders = environments.start_directories
    return (
        *_about_addresses(package),
        *_about_backend(package, folders[0], folders[-1] if len(folders) > 1 else None),
        *_about_environment(package, environments, name),
    )


def _about_addresses(package: PartnerPackage) -> Iterator[str]:
    for what, url in (("Delivery", package.api_base_url), ("The backend", package.backend_base_url)):
        if url and is_this_machine(url):
            yield f"{what} is at {url}, which every machine takes for itself: only hosts on this one reach it."
    plain = urlsplit(package.api_base_url).scheme == "http"
    if package.access_key and plain and not is_this_machine(package.api_base_url):
        yield "The access key would go over plain http, where others can read it on its way: use https."


def _about_backend(package: PartnerPackage, cwd: Path, repo_root: Path | None) -> Iterator[str]:
    """From what was built here last; nothing when the mini-program is not here, or was never built."""
    if package.backend_base_url:
        return
    try:
        location = locate_program(package.app_id, explicit_root=None, repo_root=repo_root, cwd=cwd)
        screens = sorted((output_folder(location.root) / "screens").glob("*.json"))
        asking = [path.stem for path in screens if CALLS_BACKEND in path.read_text("utf-8")]
    except (MiniProgramError, OSError, UnicodeDecodeError):
        return
    if asking:
        yield (
            f"A backend of the mini-program's own is asked by {', '.join(asking)}, and the package names none: "
            "add --backend-base-url."
        )


def _about_environment(package: PartnerPackage, environments: Environments, name: str | None) -> Iterator[str]:
    """What the environment knows that delivers it: the one named, else the active one if the URL is its own."""
    try:
        session = _session(package, environments, name)
        if session is None:
            return
        yield from unpublished_note(session, package.app_id)
        keys = list_keys(session, package.app_id)
    except UsageError:
        raise
    except MiniProgramError as error:
        yield f"Whether {package.app_id} is published and needs a key was not looked up: {error}"
        return
    needs_key = keys.policy_exists or keys.keys_required
    if needs_key and not package.access_key:
        yield f"{package.app_id} needs a key in {session.name}, and the package says that it is public."
    elif package.access_key and not needs_key:
        yield f"{package.app_id} is public in {session.name}: the key in the package is not needed."


def _session(package: PartnerPackage, environments: Environments, name: str | None) -> CloudSession | None:
    resolved = environments.find()
    if resolved is None:
        return None
    chosen = name or resolved.document.active_environment
    environment = resolved.document.find(chosen) if chosen else None
    if environment is None:
        return None
    if name is None and environments.stored_url(resolved, environment) != package.api_base_url:
        return None
    return open_session(
        resolved,
        environment.name,
        find_provider=environments.find_provider,
        home=environments.home,
        environ=environments.environ,
    )
