"""The checks of `doctor` that need no plugin: the machine, and what earlier commands saved."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.local_backend.control import backend_status
from miniprogram.project.location import find_monorepo
from miniprogram.seams.checks import Check, CheckContext
from miniprogram.state.env_file import ResolvedEnv, find_env
from miniprogram.state.unknown_members import unknown_members
from miniprogram.state.workspace_location import BackendWorkspace, find_record, find_workspace
from miniprogram.version import VERSION


def check_python(context: CheckContext) -> Check:
    """The interpreter the command line runs on."""
    del context
    summary = f"Python {platform.python_version()}, miniprogram {VERSION}"
    return Check("Python runtime", "ok", summary, sys.executable)


def check_screen_builder(context: CheckContext) -> Check:
    """The catalogue screens are checked against; it is part of the installation."""
    del context
    from miniprogram.stac.catalog import load_catalog

    try:
        catalog = load_catalog()
    except (MiniProgramError, OSError, ValueError) as error:
        return Check("Screen builder", "error", f"the Stac catalogue is damaged: {error}")
    known = f"{len(catalog.widget_names)} widgets, {len(catalog.action_names)} actions known"
    return Check("Screen builder", "ok", known)


def check_env(context: CheckContext) -> Check:
    """The environment file in force."""
    try:
        found = _env(context)
    except MiniProgramError as error:
        return Check("Env config", "error", str(error))
    if found is None:
        return Check(
            "Env config", "warning", "no env.json here, above, or in the home folder", "miniprogram env init"
        )
    where = f"{found.scope}: {found.path}, active: {found.document.active_environment}"
    if unread := [member.sentence for member in unknown_members(found.document)]:
        return Check("Env config", "warning", f"{where}; {unread[0]}", "\n".join(unread))
    return Check("Env config", "ok", where)


def check_repo(context: CheckContext) -> Check:
    """The monorepo that was named, remembered, or stands around the working folder."""
    try:
        root = find_monorepo(context.repo_root or _remembered_repo(context), cwd=context.cwd)
    except MiniProgramError as error:
        return Check("Platform repo", "error", str(error))
    if root is None:
        return Check("Platform repo", "skipped", "none configured")
    return Check("Platform repo", "ok", str(root))


def check_workspace(context: CheckContext) -> Check:
    """The folder local publishes go to."""
    try:
        found = _workspace(context)
        recorded = find_record(cwd=context.cwd, extra_roots=[], home=context.home)
    except MiniProgramError as error:
        return Check("Backend workspace", "error", str(error))
    if found is not None:
        return Check("Backend workspace", "ok", f"{found.root} ({found.scope})")
    if recorded is not None:
        missing = f"{recorded.path} names {recorded.workspace.root}, which is not a backend workspace"
        return Check("Backend workspace", "error", missing, "miniprogram backend init")
    return Check("Backend workspace", "warning", "none", "miniprogram backend init")


def check_backend(context: CheckContext) -> Check:
    """Whether the local backend runs and answers."""
    try:
        workspace = _workspace(context)
    except MiniProgramError:
        workspace = None  # the check of the workspace says why
    if workspace is None:
        return Check("Backend status", "skipped", "there is no workspace")
    try:
        status = backend_status(workspace)
    except MiniProgramError as error:
        return Check("Backend status", "error", str(error))
    if status.state is None:
        return Check("Backend status", "warning", "not running", "miniprogram backend start")
    if not status.healthy:
        reason = status.health.error if status.health else None
        return Check("Backend status", "warning", f"process {status.state.pid} is not healthy", reason)
    return Check("Backend status", "ok", f"healthy at {status.state.health_check_url}")


def _env(context: CheckContext) -> ResolvedEnv | None:
    return find_env(explicit_root=None, start_directories=[context.cwd], home=context.home)


def _remembered_repo(context: CheckContext) -> Path | None:
    try:
        found = _env(context)
    except MiniProgramError:
        return None  # the check of the environment file says why
    remembered = found.document.repo_root_path if found else None
    return Path(remembered) if remembered else None


def _workspace(context: CheckContext) -> BackendWorkspace | None:
    return find_workspace(explicit=None, cwd=context.cwd, extra_roots=[], home=context.home)
