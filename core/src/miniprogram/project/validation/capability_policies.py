"""Capability policies: `backend/api/capability-policies/<id>.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.kinds import CAPABILITY_POLICY
from miniprogram.project.validation.authored import Authored
from miniprogram.project.validation.report import ValidationMessage, error, warning
from miniprogram.project.validation.workspace_view import Unreadable, WorkspaceView, as_text

PARAMETERS = (
    "hostApp", "sdkVersion", "hostVersion", "platform", "locale", "tenantId", "pinnedVersion", "capabilities",
)  # fmt: skip
FLAGS = {
    "requireContextForLatest": "capability_policy_invalid_require_context",
    "enforceManifestCapabilities": "capability_policy_invalid_enforce_capabilities",
}


def check_capability_policies(view: WorkspaceView, authored: Authored) -> Iterator[ValidationMessage]:
    """Check every capability policy in `view`."""
    for path in view.api_documents(CAPABILITY_POLICY):
        if not view.wants(path.stem):
            continue
        try:
            document = view.read(path)
        except Unreadable as unreadable:
            yield unreadable.message
            continue
        yield from _check_policy(document, path, view, authored)


def _check_policy(
    document: Mapping[str, Any], path: Path, view: WorkspaceView, authored: Authored
) -> Iterator[ValidationMessage]:
    name = view.shown(path)
    program_id = as_text(document.get("miniProgramId"))
    if not program_id:
        yield error("capability_policy_missing_mini_program_id", name, "miniProgramId is missing or blank")
        return
    if program_id != path.stem:
        text = f"miniProgramId {program_id!r} is not the name of its file {path.stem!r}"
        yield error("capability_policy_filename_mismatch", name, text)
    if program_id not in authored.manifests:
        text = f"no authored mini-program {program_id!r} is known here"
        yield warning("capability_policy_missing_authored_manifest", name, text)
    for flag, code in FLAGS.items():
        if flag in document and not isinstance(document[flag], bool):
            yield error(code, name, f"{flag} must be true or false, not {document[flag]!r}")
    listed = document.get("requiredQueryParameters")
    if not isinstance(listed, list):
        code = "capability_policy_required_query_parameters_not_list"
        yield error(code, name, "requiredQueryParameters must be a list")
        return
    yield from _parameters(listed, name)
    yield from _demands(document, {as_text(item) for item in listed} & set(PARAMETERS), name)


def _parameters(listed: Sequence[Any], name: str) -> Iterator[ValidationMessage]:
    seen: set[str] = set()
    for index, item in enumerate(listed):
        location, text = f"{name}#requiredQueryParameters[{index}]", as_text(item)
        if not text:
            yield error("capability_policy_blank_required_parameter", location, "a required parameter is blank")
            continue
        if text in seen:
            yield error("capability_policy_duplicate_required_parameter", location, f"{text!r} is listed twice")
        seen.add(text)
        if text not in PARAMETERS:
            known = f"{text!r} is no context parameter; there are {', '.join(PARAMETERS)}"
            yield error("capability_policy_unknown_required_parameter", location, known)


def _demands(document: Mapping[str, Any], usable: set[str], name: str) -> Iterator[ValidationMessage]:
    if document.get("requireContextForLatest") is True and not usable:
        text = "requireContextForLatest is true, but no usable parameter is listed"
        yield error("capability_policy_missing_required_parameters", name, text)
    if document.get("enforceManifestCapabilities") is True and "capabilities" not in usable:
        text = "enforceManifestCapabilities is true, but 'capabilities' is not listed"
        yield error("capability_policy_missing_capabilities_parameter", name, text)
