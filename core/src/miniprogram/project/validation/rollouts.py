"""Rollout rules: `backend/api/rollout-rules/<id>.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.kinds import ROLLOUT_RULES
from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange
from miniprogram.project.manifest.rules import parses
from miniprogram.project.validation.authored import Authored
from miniprogram.project.validation.published import Published
from miniprogram.project.validation.report import ValidationMessage, error, warning
from miniprogram.project.validation.workspace_view import Unreadable, WorkspaceView, as_text

CONDITIONS = ("hostApp", "platform", "locale", "tenantId")


@dataclass(frozen=True, slots=True)
class VersionCodes:
    """What is reported about a member that names a published version."""

    member: str
    missing: str
    invalid: str
    not_published: str


DEFAULT_VERSION = VersionCodes(
    "defaultVersion",
    "rollout_missing_default_version",
    "rollout_invalid_default_version",
    "rollout_default_version_not_published",
)
RULE_VERSION = VersionCodes(
    "version",
    "rollout_rule_missing_version",
    "rollout_rule_invalid_version",
    "rollout_rule_version_not_published",
)


def check_rollouts(
    view: WorkspaceView, authored: Authored, published: Published, *, thorough: bool
) -> Iterator[ValidationMessage]:
    """Check every rollout document; with `thorough` also whether its rules can ever matter."""
    for path in view.api_documents(ROLLOUT_RULES):
        if not view.wants(path.stem):
            continue
        try:
            document = view.read(path)
        except Unreadable as unreadable:
            yield unreadable.message
            continue
        yield from _check_document(document, path, view, authored, published)
        if thorough:
            yield from _doubts(document, view.shown(path), published)


def _check_document(
    document: Mapping[str, Any], path: Path, view: WorkspaceView, authored: Authored, published: Published
) -> Iterator[ValidationMessage]:
    name = view.shown(path)
    program_id = as_text(document.get("miniProgramId"))
    if not program_id:
        yield error("rollout_missing_mini_program_id", name, "miniProgramId is missing or blank")
        return
    if program_id != path.stem:
        text = f"miniProgramId {program_id!r} is not the name of its file {path.stem!r}"
        yield error("rollout_filename_mismatch", name, text)
    if program_id not in authored.manifests and program_id not in published.versions:
        text = f"there is no mini-program {program_id!r}, neither authored nor published"
        yield error("rollout_unknown_mini_program", name, text)
    versions = published.versions.get(program_id, set())
    yield from _version(document, DEFAULT_VERSION, name, versions)
    rules = document.get("rules")
    if not isinstance(rules, list):
        yield error("rollout_rules_not_list", name, "rules must be a list")
        return
    yield from _rules(rules, name, versions)


def _rules(rules: Sequence[Any], name: str, versions: set[str]) -> Iterator[ValidationMessage]:
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        location = f"{name}#rules[{index}]"
        if not isinstance(rule, dict):
            yield error("rollout_rule_not_object", location, f"rule {index} must be an object")
            continue
        yield from _identity(rule, location, seen)
        yield from _version(rule, RULE_VERSION, location, versions)
        yield from _conditions(rule, location)


def _identity(rule: Mapping[str, Any], location: str, seen: set[str]) -> Iterator[ValidationMessage]:
    rule_id = as_text(rule.get("id"))
    if not rule_id:
        yield error("rollout_rule_missing_id", location, "id is missing or blank")
    elif rule_id in seen:
        yield error("rollout_rule_duplicate_id", location, f"the id {rule_id!r} is used by an earlier rule")
    seen.add(rule_id)


def _version(
    members: Mapping[str, Any], codes: VersionCodes, location: str, versions: set[str]
) -> Iterator[ValidationMessage]:
    member = codes.member
    text = as_text(members.get(member))
    if not text:
        yield error(codes.missing, location, f"{member} is missing or blank")
        return
    if not parses(Version.parse, text):
        yield error(codes.invalid, location, f"{member} {text!r} is not a semantic version")
    if text not in versions:
        yield error(codes.not_published, location, f"{member} {text!r} is not published here")


def _conditions(rule: Mapping[str, Any], location: str) -> Iterator[ValidationMessage]:
    host_range = as_text(rule.get("hostVersionRange"))
    if host_range and not parses(VersionRange.parse, host_range):
        text = f"hostVersionRange {host_range!r} is not a version range"
        yield error("rollout_rule_invalid_host_version_range", location, text)
    for member in CONDITIONS:
        if member in rule and not as_text(rule[member]):
            yield error(f"rollout_rule_blank_{member}", location, f"{member} is blank: leave it out instead")
    if "enabled" in rule and not isinstance(rule["enabled"], bool):
        yield error(
            "rollout_rule_invalid_enabled", location, f"enabled must be true or false, not {rule['enabled']!r}"
        )


def _doubts(document: Mapping[str, Any], name: str, published: Published) -> Iterator[ValidationMessage]:
    rules = document.get("rules")
    usable = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    if not isinstance(rules, list) or len(usable) < len(rules):
        return
    for index, rule in enumerate(usable):
        location = f"{name}#rules[{index}]"
        shadow = next((i for i, earlier in enumerate(usable[:index]) if _covers(earlier, rule)), None)
        if shadow is not None:
            text = f"no host ever gets here: rules[{shadow}] matches whatever this one does"
            yield warning("rollout_rule_unreachable", location, text)
        host_range = as_text(rule.get("hostVersionRange"))
        if host_range and parses(VersionRange.parse, host_range) and VersionRange.parse(host_range).is_empty:
            text = f"hostVersionRange {host_range!r} allows no version"
            yield warning("rollout_rule_matches_nothing", location, text)
    newest = published.newest(as_text(document.get("miniProgramId")))
    chosen = {as_text(document.get("defaultVersion"))}
    chosen.update(as_text(rule.get("version")) for rule in usable if rule.get("enabled") is not False)
    if newest is not None and newest not in chosen:
        text = f"the newest published version {newest!r} is selected by no rule and is not the default"
        yield warning("rollout_newest_version_not_selected", name, text)


def _covers(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    """Whether `earlier` matches every request `later` matches: it demands nothing else and nothing more."""
    given = ((member, as_text(earlier.get(member))) for member in (*CONDITIONS, "hostVersionRange"))
    return all(not text or text == as_text(later.get(member)) for member, text in given)
