"""`release lint`: what is written down and can never happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.roles import Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.lint.unsatisfiable import can_never_match, impossibilities
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.model.switches import Switch
from miniprogram.releases.queries.cut_off import who_is_cut_off
from miniprogram.releases.queries.readable import readable_document
from miniprogram.releases.storage.release_documents import require_releases


class LintFinding(FrozenModel):
    """Something of no effect. `subject` is the release, switch or override, `path` leads to it."""

    code: str
    subject: str
    path: str
    message: str


class LintReport(FrozenModel):
    """The document of `release lint --json`."""

    schema_version: int = 1
    command: str = "release lint"
    environment_name: str
    mini_program_id: str
    findings: tuple[LintFinding, ...]


def lint(
    storage: EnvironmentStorage, program_id: str, *, now: datetime, reader: Actor | None = None
) -> LintReport:
    """Conditions that match nobody and entries nobody reaches; with a `reader` of what they have a role for."""
    document = require_releases(storage, program_id)
    seen = readable_document(document, reader)
    now_ms = int(now.timestamp() * 1000)
    findings = (*_releases(seen, now_ms), *_overrides(seen, now_ms), *_switches(seen, now_ms))
    return LintReport(
        environment_name=storage.environment,
        mini_program_id=program_id,
        findings=(*findings, *_directed(seen), *_unused_segments(document), *_cut_off(storage, document)),
    )


def _releases(document: ReleaseDocument, now_ms: int) -> Iterator[LintFinding]:
    for release in document.releases:
        if release.state is State.ARCHIVED:
            continue
        audience = release.configuration.audience
        for path, reason in impossibilities(audience, document, release.target, now_ms):
            yield _finding("condition-never-matches", f"release {release.label}", path, reason)
        yield from _unreachable(document, release, now_ms)


def _unreachable(document: ReleaseDocument, release: Release, now_ms: int) -> Iterator[LintFinding]:
    subject = f"release {release.label}"
    if can_never_match(release.configuration.audience, document, release.target, now_ms):
        yield _finding("release-reaches-nobody", subject, "audience", "its audience matches nobody")
    if release.state is State.PILOT and not release.testers:
        yield _finding("pilot-without-testers", subject, "testers", "no tester is named; only links lead to it")
    window = release.configuration.window
    if window is not None and window.on_end != "promote" and (epoch_ms(window.end) or 0) <= now_ms:
        yield _finding("window-over", subject, "window", f"it ended at {window.end} and admits nobody new")
    if release.version in document.withdrawn_versions:
        yield _finding("version-withdrawn", subject, "version", "its version was removed by an inspector")
    yield from _hidden_full(document, release)


def _hidden_full(document: ReleaseDocument, release: Release) -> Iterator[LintFinding]:
    everybody = release.grayscale.basis_points == 10_000 and release.configuration.audience is None
    full = document.full(release.target)
    if release.state is State.GRAYSCALE and everybody and release.overlay is None and full is not None:
        message = f"{release.version} goes to everybody already; `release finish` archives this one"
        yield _finding("full-release-unreachable", f"release {full.label}", "full", message)
    if full is release and release.overlay is Overlay.HALTED and document.fallback(release.target) is None:
        yield _finding(
            "nothing-to-fall-back-to", f"release {release.label}", "halted", "nobody is served anything"
        )


def _overrides(document: ReleaseDocument, now_ms: int) -> Iterator[LintFinding]:
    for override in document.overrides:
        subject = f"{override.kind} {override.id}"
        for path, reason in impossibilities(override.audience, document, override.target, now_ms):
            yield _finding("condition-never-matches", subject, path, reason)


def _switches(document: ReleaseDocument, now_ms: int) -> Iterator[LintFinding]:
    for switch in document.switches:
        for index, rule in enumerate(switch.rules):
            path = f"rules[{index}].audience"
            for path_in_rule, reason in impossibilities(rule.audience, document, None, now_ms, path):
                yield _finding("condition-never-matches", f"switch {switch.key}", path_in_rule, reason)
        yield from _hidden_rules(switch)


def _hidden_rules(switch: Switch) -> Iterator[LintFinding]:
    subject = f"switch {switch.key}"
    seen = False
    for index, rule in enumerate(switch.rules):
        if seen:
            yield _finding("rule-unreachable", subject, f"rules[{index}]", "a rule before it holds for everybody")
        if rule.basis_points == 0:
            yield _finding("rule-unreachable", subject, f"rules[{index}]", "its percentage is 0")
        seen = seen or (rule.audience is None and rule.basis_points in (None, 10_000))


def _directed(document: ReleaseDocument) -> Iterator[LintFinding]:
    for record in document.targets:
        if record.embedded:
            message = "hosts run the version they were built with; one that was built with none is refused"
            yield _finding("directed-to-embedded", f"target {record.target}", "embedded", message)


def _cut_off(storage: EnvironmentStorage, document: ReleaseDocument) -> Iterator[LintFinding]:
    message = who_is_cut_off(storage, document)
    if message is not None:
        yield _finding("others-get-nothing", "other hosts", "otherwise", message)


def _unused_segments(document: ReleaseDocument) -> Iterator[LintFinding]:
    trees = [release.configuration.audience for release in document.releases]
    trees += [override.audience for override in document.overrides]
    trees += [rule.audience for switch in document.switches for rule in switch.rules]
    used = frozenset().union(*(segments_in(tree) for tree in trees))
    for segment in document.segments:
        if segment.name not in used:
            yield _finding("segment-unused", f"segment {segment.name}", "", "nothing asks it")


def _finding(code: str, subject: str, path: str, message: str) -> LintFinding:
    return LintFinding(code=code, subject=subject, path=path, message=message)
