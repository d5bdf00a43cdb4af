"""What a manifest must say beyond its schema. One set of rules for authored, built and published manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange
from miniprogram.packages.manifest import Manifest

CONTRACT_VERSION = "1.0.0"
"""The revision of the contract that is written and understood."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule, before it is known which file it is about."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    member: tuple[str | int, ...] = ()
    """The keys and indexes that lead to what is meant; empty for the manifest as a whole."""
    suggestion: str | None = None


def check_manifest(manifest: Manifest) -> Iterator[Problem]:
    """The contract's rules in its order, then what is legal and still cannot work."""
    yield from _grammar(manifest)
    yield from _policies(manifest)
    yield from _doubts(manifest)


def parses(parse: Callable[[str], object], text: str) -> bool:
    """Whether `parse` takes `text`."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _grammar(manifest: Manifest) -> Iterator[Problem]:
    if not parses(Version.parse, manifest.version):
        text = f"version {manifest.version!r} is not a semantic version"
        yield _error("manifest_invalid_version", text, "version")
    if not parses(Version.parse, manifest.contract_version):
        text = f"contractVersion {manifest.contract_version!r} is not a semantic version"
        yield _error("manifest_invalid_contract_version", text, "contractVersion")
    if not parses(VersionRange.parse, manifest.sdk_version_range):
        text = f"sdkVersionRange {manifest.sdk_version_range!r} is not a version range"
        yield _error("manifest_invalid_sdk_version_range", text, "sdkVersionRange")
    if not manifest.entry.strip():
        text = f"entry {manifest.entry!r} is blank: name the first screen"
        yield _error("manifest_blank_entry", text, "entry")


def _policies(manifest: Manifest) -> Iterator[Problem]:
    fallback = manifest.fallback
    if fallback and fallback.strategy == "hostRoute" and not (fallback.route or "").strip():
        text = "fallback.strategy hostRoute needs a route"
        yield _error("manifest_host_route_fallback_missing_route", text, "fallback", "strategy")
    mode = manifest.cache_policy.entry_screen.mode
    if "secure_api" in manifest.required_capabilities and mode != "noCache":
        text = f"cachePolicy.entryScreen.mode is {mode!r}; a mini-program with secure_api needs 'noCache'"
        yield _error("secure_api_entry_screen_must_not_cache", text, "cachePolicy", "entryScreen", "mode")


def _doubts(manifest: Manifest) -> Iterator[Problem]:
    for member, value in (("id", manifest.id), ("entry", manifest.entry)):
        if value.strip() and not is_safe_segment(value):
            text = f"{member} {value!r} cannot be part of a delivery path: use letters, digits, '.', '_' and '-'"
            yield Problem("warning", f"manifest_unsafe_{member}", text, (member,))
    if "+" in manifest.version and parses(Version.parse, manifest.version):
        text = f"version {manifest.version!r} has build metadata: no delivery path can carry it"
        yield Problem("warning", "manifest_unreachable_version", text, ("version",))
    yield from _contract(manifest.contract_version)
    for kind, member, values in (
        ("feature_flag", "featureFlags", manifest.feature_flags),
        ("capability", "requiredCapabilities", manifest.required_capabilities),
    ):
        for value in sorted({value for value in values if values.count(value) > 1}):
            again = len(values) - 1 - values[::-1].index(value)
            text = f"{value!r} is listed more than once"
            yield Problem("warning", f"manifest_duplicate_{kind}", text, (member, again))
    for index, flag in enumerate(manifest.feature_flags):
        if not flag.strip():
            text = "featureFlags holds a blank flag: no host enables it"
            yield Problem("warning", "manifest_blank_feature_flag", text, ("featureFlags", index))


def _contract(version: str) -> Iterator[Problem]:
    if (
        parses(Version.parse, version)
        and Version.parse(version).triple[0] != Version.parse(CONTRACT_VERSION).triple[0]
    ):
        text = f"contractVersion {version!r} is none that hosts and this tool know"
        advice = f'write "{CONTRACT_VERSION}"'
        yield Problem("warning", "manifest_unknown_contract_version", text, ("contractVersion",), advice)


def _error(code: str, message: str, *member: str) -> Problem:
    return Problem("error", code, message, member)
