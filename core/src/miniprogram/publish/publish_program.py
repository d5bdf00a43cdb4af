"""The use case behind `publish`: build a mini-program, make a bundle, hand it to the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from miniprogram.attestations.build import Build
from miniprogram.attestations.source_revision import source_revision
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.packages.package_options import PackageOptions
from miniprogram.plugins.absent import unusable_sentences
from miniprogram.plugins.additions import PROVIDERS, SOURCES, TARGETS
from miniprogram.plugins.run_context import RunContext
from miniprogram.project.build import build_program
from miniprogram.project.garbage import garbage_seldom_sought
from miniprogram.project.location import ProgramLocation, locate_program
from miniprogram.publish.base_url import parse_base_url
from miniprogram.publish.built_bundle import bundle_of, notes_on, refuse_unread_screens
from miniprogram.publish.default_target import LOCAL
from miniprogram.publish.provenance import statement_maker, told
from miniprogram.publish.publishing import plan_release, publish_release
from miniprogram.publish.report import PublishReport
from miniprogram.publish.sealing import recipients, sealed_note
from miniprogram.publish.signing import open_signers, statement_keys
from miniprogram.publish.target_choice import ChosenTarget, TargetChoice, choose_target, open_target
from miniprogram.publish.this_machine_notes import this_machine_notes
from miniprogram.seams.publish_target import PublishTarget, Release
from miniprogram.seams.screen_source import SourceContext


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """What is to be published, and how. `settings` are options of targets, by field name."""

    program_id: str | None
    program_root: Path | None
    repo_root: Path | None
    target: str | None
    environment: str | None
    base_url: str | None
    allow_older: bool
    dry_run: bool
    builder_script: Path | None
    fetch_dependencies: bool
    settings: Mapping[str, object]
    published_by: str | None = None
    """As in `Release`: a name for every record."""
    build_dir: Path | None = None
    """Where to build instead of in the mini-program's folder; absolute."""
    account: str | None = None
    """As in `Release`: a name for records that only those read who may write them."""
    packages: PackageOptions | None = None
    """As in `Release`."""
    provenance: bool = False
    """Whether a signed statement on how the version was built goes beside it."""


def publish_program(request: PublishRequest, run_context: RunContext) -> PublishReport:
    """Build the mini-program and publish it, or say what that would do."""
    with garbage_seldom_sought():
        return _publish_program(request, run_context)


def _publish_program(request: PublishRequest, run_context: RunContext) -> PublishReport:
    found = locate_program(
        request.program_id, explicit_root=request.program_root, repo_root=request.repo_root, cwd=run_context.cwd
    )
    location = replace(found, build_dir=request.build_dir)
    run_context.registry.require_pins_of(location.root, run_context.environ)
    choice = TargetChoice(request.target, request.environment, request.settings)
    monorepo = [location.repo_root] if location.repo_root else []
    chosen = choose_target(choice, run_context, location.root, *monorepo)
    url = parse_base_url(request.base_url) if request.base_url else None
    target = _open(chosen, choice, run_context, location)
    context = _builder(request, run_context, location)
    signers = open_signers(run_context)
    sealed_for = recipients(location.root, target) if not isinstance(target, MiniProgramError) else ()
    keys = statement_keys(signers, "provenance") if request.provenance else ()
    source = source_revision(location.root, run_context.environ) if request.provenance else None
    started = run_context.now()
    built = build_program(location, sources=run_context.registry.screen_sources(), context=context)
    refuse_unread_screens(built)
    if isinstance(target, MiniProgramError):
        raise target
    built_with = run_context.registry.versions_behind(
        (TARGETS, (chosen.name,)),
        (PROVIDERS, (chosen.provider,) if chosen.provider else ()),
        (SOURCES, built.read_as),
    )
    if source is not None and source_revision(location.root, run_context.environ) != source:
        source = replace(source, dirty=True)  # somebody changed something while it was built
    bundle, finished = bundle_of(built), run_context.now()
    build = Build(source, started, finished, built_with)
    release = Release(
        bundle,
        finished,
        base_url=url,
        allow_older=request.allow_older,
        published_by=request.published_by,
        built_with=built_with,
        account=request.account,
        packages=request.packages,
        signers=signers,
        sealed_for=sealed_for,
        provenance=statement_maker(bundle, build, keys) if request.provenance else None,
    )
    run = plan_release if request.dry_run else publish_release
    report = run(release, target, target_name=chosen.name, environment=chosen.environment)
    here = () if chosen.name == LOCAL else this_machine_notes(release.bundle, report.delivery_api_base_url)
    proven = [told(build, keys)] if request.provenance else []
    sealed = [sealed_note(sealed_for)] if sealed_for else []
    notes = (*notes_on(built), *here, *report.notes, *proven, *sealed, *chosen.unused(choice))
    return report.model_copy(update={"notes": notes})


def _open(
    chosen: ChosenTarget, choice: TargetChoice, run_context: RunContext, location: ProgramLocation
) -> PublishTarget | MiniProgramError:
    """The target, or why it cannot be reached: an author hears what is wrong with the mini-program before that.

    Raises UsageError for what is wrong with the command line.
    """
    try:
        return open_target(chosen, choice, run_context, program_root=location.root, repo_root=location.repo_root)
    except UsageError:
        raise
    except MiniProgramError as error:
        return error


def _builder(request: PublishRequest, run_context: RunContext, location: ProgramLocation) -> SourceContext:
    return SourceContext(
        environ=run_context.environ,
        home=run_context.home,
        repo_root=location.repo_root,
        builder_script=request.builder_script,
        fetch_dependencies=request.fetch_dependencies,
        unusable_plugins=unusable_sentences(run_context.registry.plugins),
    )
