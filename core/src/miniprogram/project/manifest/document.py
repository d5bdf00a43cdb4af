"""`manifest.json` as its author wrote it: what it says, what in it does not fit, and where that stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from miniprogram.errors import DocumentError
from miniprogram.misfit_words import misfit_words
from miniprogram.packages.manifest import CachePolicy, CacheRule, Capability, Fallback, Manifest
from miniprogram.project.findings import BuildFinding
from miniprogram.project.location import MANIFEST_NAME
from miniprogram.project.manifest.rules import Problem, check_manifest
from miniprogram.project.sources.json_marks import position_in_json
from miniprogram.stac.json_path import write_steps
from miniprogram.stac.schema import SCHEMA_KEY
from miniprogram.strict_json import STORED, parse_json, read_bounded, require_object
from miniprogram.suggestions import did_you_mean

MISFIT = "manifest_parse_failed"
_PARTS: dict[tuple[str, ...], type[Any]] = {
    (): Manifest,
    ("cachePolicy",): CachePolicy,
    ("cachePolicy", "manifest"): CacheRule,
    ("cachePolicy", "entryScreen"): CacheRule,
    ("fallback",): Fallback,
}
_LISTED = {"requiredCapabilities": get_args(Capability)}


@dataclass(frozen=True, slots=True)
class ManifestDocument:
    """The text of a manifest and its members. `manifest` is None when `problems` says why it does not fit."""

    text: str
    members: Mapping[str, Any]
    manifest: Manifest | None
    problems: tuple[Problem, ...]

    def texts(self, member: str) -> tuple[str, ...]:
        """The texts in the list `member`, whether or not the rest of the manifest fits."""
        value = self.members.get(member)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def findings(self) -> Iterator[BuildFinding]:
        """The problems with their places."""
        for problem in self.problems:
            yield self.finding(problem)

    def finding(self, problem: Problem) -> BuildFinding:
        line, column = position_in_json(self.text, problem.member)
        path = write_steps(problem.member) if problem.member else ""
        return BuildFinding(
            problem.severity, problem.code, MANIFEST_NAME, problem.message, path, problem.suggestion, line, column
        )


def read_manifest_document(path: Path) -> ManifestDocument:
    """Read and check the manifest at `path`. Raises DocumentError, with a line when it is no JSON object."""
    body = read_bounded(path)
    try:
        members = require_object(parse_json(body, name=path.name), name=path.name)
    except DocumentError as error:
        raise DocumentError(str(error), line=error.line or 1, column=error.column, hint=error.hint) from error
    manifest, misfits = fit_manifest(members)
    rules = () if manifest is None else check_manifest(manifest)
    return ManifestDocument(
        body.decode("utf-8-sig"), members, manifest, (*misfits, *rules, *unknown_members(members))
    )


def fit_manifest(members: Mapping[str, Any]) -> tuple[Manifest | None, tuple[Problem, ...]]:
    """`members` as a manifest, or what does not fit the contract's schema, all of it."""
    from pydantic import ValidationError

    try:
        return Manifest.model_validate(members, context=STORED), ()
    except ValidationError as error:
        found = {_misfit(one, members) for one in error.errors(include_url=False)}
        return None, tuple(sorted(found, key=lambda problem: str(problem.member)))


def parse_manifest(members: Mapping[str, Any], *, name: str) -> Manifest:
    """`members` as a manifest. Raises DocumentError with the first thing that does not fit."""
    manifest, misfits = fit_manifest(members)
    if manifest is None:
        first = misfits[0]
        advice = f" ({first.suggestion})" if first.suggestion else ""
        raise DocumentError(f"{name}: {first.message}{advice}", member=first.member)
    return manifest


def unknown_members(members: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys that nothing reads. Those that start with `_` or `//` are comments."""
    for path, part in _PARTS.items():
        value: Any = members
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if not isinstance(value, dict):
            continue
        known = known_members(part)
        for key in value:
            if key in known or key.startswith(("_", "//")) or (not path and key == SCHEMA_KEY):
                continue
            text = f"nothing reads {key!r} in {'.'.join(path) or 'a manifest'}"
            yield Problem("warning", "manifest_unknown_member", text, (*path, key), did_you_mean(key, known))


def known_members(part: type[Any]) -> tuple[str, ...]:
    """The keys of a part of the manifest, as they are written."""
    return tuple(field.alias or name for name, field in part.model_fields.items())


def _misfit(error: Mapping[str, Any], members: Mapping[str, Any]) -> Problem:
    member = tuple(error["loc"])
    while member and not _leads_somewhere(members, member[:-1]):
        member = member[:-1]  # names of alternatives that pydantic adds
    where = write_steps(member)
    if error["type"] == "missing":
        text = f"{where} is missing: {', '.join(known_members(Manifest)[:6])} are needed"
        return Problem("error", MISFIT, text if len(member) == 1 else f"{where} is missing")
    known = _LISTED.get(str(member[0]), ()) if member else ()
    words = known or _words(error)
    given = error["input"]
    if words and isinstance(given, str):
        text = f"{where} {given!r} is none of {', '.join(words)}"
        return Problem("error", MISFIT, text, member, did_you_mean(given, words))
    wanted = misfit_words(error) or f"must be {str(error['msg']).removeprefix('Value error, ')}"
    return Problem("error", MISFIT, f"{where} {wanted}, not {given!r:.60}", member)


def _words(error: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of an enumeration, out of pydantic's own list of them."""
    if error["type"] != "literal_error":
        return ()
    return tuple(part.strip("' ") for part in str(error["ctx"]["expected"]).replace(" or ", ",").split(","))


def _leads_somewhere(value: Any, steps: tuple[str | int, ...]) -> bool:
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return False
    return isinstance(value, (dict, list))
