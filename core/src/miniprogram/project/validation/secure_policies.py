"""Secure API policies: `backend/api/secure-api-policies/*.json`, one per endpoint, whatever the mini-program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.kinds import SECURE_API_POLICY
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.project.validation.authored import Authored
from miniprogram.project.validation.report import ValidationMessage, error
from miniprogram.project.validation.workspace_view import Unreadable, WorkspaceView, as_text

REQUIRED_LISTS = ("allowedMethods", "allowedHosts", "allowedSources")
OPTIONAL_LISTS = ("blockedUserIds", "expiredAccessTokenPrefixes")
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_UPPER_CASED = "allowedMethods"


def check_secure_policies(view: WorkspaceView, authored: Authored) -> Iterator[ValidationMessage]:
    """Check every secure API policy in `view`."""
    for path in view.api_documents(SECURE_API_POLICY):
        try:
            document = view.read(path)
        except Unreadable as unreadable:
            yield unreadable.message
            continue
        name = view.shown(path)
        yield from _endpoint(document, path, name)
        for member in (*REQUIRED_LISTS, *OPTIONAL_LISTS):
            yield from _list(document, member, name)
        yield from _sources(document, view, authored, name)
        yield from _minimum_length(document, name)


def _endpoint(document: Mapping[str, Any], path: Path, name: str) -> Iterator[ValidationMessage]:
    endpoint = as_text(document.get("endpoint"))
    if not endpoint:
        yield error("secure_api_policy_missing_endpoint", name, "endpoint is missing or blank")
        return
    if not all(is_safe_segment(segment) for segment in endpoint.split("/")):
        text = f"endpoint {endpoint!r} must be segments of letters, digits, '.', '_' and '-' joined by '/'"
        yield error("secure_api_policy_invalid_endpoint", name, text)
    if endpoint.replace("/", "_") != path.stem:
        text = f"the policy of endpoint {endpoint!r} belongs in {endpoint.replace('/', '_')}.json"
        yield error("secure_api_policy_filename_mismatch", name, text)


def _list(document: Mapping[str, Any], member: str, name: str) -> Iterator[ValidationMessage]:
    value = document.get(member)
    if value is None:
        if member in REQUIRED_LISTS:
            yield error(f"{member}_missing", name, f"{member} is missing")
        return
    if not isinstance(value, list):
        yield error(f"{member}_not_list", name, f"{member} must be a list")
        return
    yield from _items(value, member, name)
    if member in REQUIRED_LISTS and not _usable(value, member):
        yield error(f"{member}_empty", name, f"{member} has no usable item")


def _items(items: Sequence[Any], member: str, name: str) -> Iterator[ValidationMessage]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        location, text = f"{name}#{member}[{index}]", _item(item, member)
        if not text:
            yield error(f"{member}_blank", location, f"an item of {member} is blank")
            continue
        if text in seen:
            yield error(f"{member}_duplicate", location, f"{text!r} is listed twice in {member}")
        seen.add(text)
        if member == _UPPER_CASED and text not in METHODS:
            yield error(f"{member}_invalid_value", location, f"{text!r} is not one of {', '.join(METHODS)}")


def _item(item: object, member: str) -> str:
    return as_text(item).upper() if member == _UPPER_CASED else as_text(item)


def _usable(items: Sequence[Any], member: str) -> bool:
    texts = [_item(item, member) for item in items]
    return any(text in METHODS if member == _UPPER_CASED else text for text in texts)


def _sources(
    document: Mapping[str, Any], view: WorkspaceView, authored: Authored, name: str
) -> Iterator[ValidationMessage]:
    listed = document.get("allowedSources")
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        source = as_text(item)
        if source and view.wants(source) and source not in authored.manifests:
            text = f"no authored mini-program {source!r} is known here"
            yield error("secure_api_policy_unknown_source", f"{name}#allowedSources[{index}]", text)


def _minimum_length(document: Mapping[str, Any], name: str) -> Iterator[ValidationMessage]:
    value = document.get("minimumMessageLength")
    if value is None:
        code = "secure_api_policy_missing_minimum_message_length"
        yield error(code, name, "minimumMessageLength is missing")
    elif isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        text = f"minimumMessageLength {value!r} must be a whole number above 0"
        yield error("secure_api_policy_invalid_minimum_message_length", name, text)
