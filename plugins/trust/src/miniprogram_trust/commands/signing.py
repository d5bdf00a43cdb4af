"""`trust sign` and `trust withdraw`: what is vouched for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, trimmed
from miniprogram.errors import UsageError
from miniprogram_trust.commands.options import Signers, Target, opened
from miniprogram_trust.reports import SignReport

Program = Annotated[
    str | None, typer.Argument(metavar="[mini-program-id]", parser=trimmed, help="The mini-program's id.")
]
Version = Annotated[str | None, typer.Argument(metavar="[version]", parser=trimmed, help="One of its versions.")]


def sign(
    context: typer.Context,
    program_id: Program = None,
    version: Version = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Sign all that keys at hand may sign, due or not.")
    ] = False,
    recover: Annotated[
        bool,
        typer.Option(
            "--recover", help="Go on after a rotation that was cut off: take version numbers as they are."
        ),
    ] = False,
    signer: Signers = None,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Sign again what is due, for scheduled jobs; or a version that was published and is not signed.

    Due is what has a third of its life left. Exits with 1 when something is due whose keys are not at hand.
    """
    from miniprogram_trust.plans import Renewal
    from miniprogram_trust.service import sign_again, sign_version
    from miniprogram_trust.signed_list import stored_version

    tools: AppContext = context.obj
    if program_id is not None and (version is None or everything or recover):
        raise UsageError("name a mini-program and one of its versions, or none of both and what to sign again")
    with opened(tools, target, env, settings, message="Sign", signers=signer or ()) as trust:
        left: list[str] = []
        renewed: list[str] = []
        if program_id is not None and version is not None:
            sign_version(trust.writer, stored_version(trust.opened.store, trust.opened.keys, program_id, version))
        else:
            renewal = Renewal(trust.keyring, tools.now(), everything, recover)
            sign_again(trust.writer, renewal, recover=recover)
            renewed, left = renewal.renewed, renewal.left
        report = SignReport(
            command="trust sign",
            location=trust.files.location,
            changed=bool(trust.files.written),
            signed_roles=tuple(renewed),
            left_roles=tuple(left),
            mini_program_id=program_id,
            version=version,
            written_files=tuple(sorted(trust.files.written)),
        )
    emit(report, as_json=as_json, lines=_signed)
    if report.left_roles:
        raise typer.Exit(1)


def withdraw(
    context: typer.Context,
    program_id: Program = None,
    version: Version = None,
    *,
    signer: Signers = None,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Vouch no longer for a version: hosts that verify refuse it from then on, wherever they get it from.

    Its files stay. Send hosts to another version first: `rollback` or `release rollback`.
    """
    from miniprogram_trust.service import withdraw as vouch_no_longer

    tools: AppContext = context.obj
    if program_id is None or version is None:
        raise UsageError("name a mini-program and the version to withdraw")
    with opened(
        tools, target, env, settings, message=f"Withdraw {program_id} {version}", signers=signer or ()
    ) as trust:
        changed = vouch_no_longer(trust.writer, program_id, version)
        report = SignReport(
            command="trust withdraw",
            location=trust.files.location,
            changed=changed,
            mini_program_id=program_id,
            version=version,
            written_files=tuple(sorted(trust.files.written)),
        )
    emit(report, as_json=as_json, lines=_withdrawn)


def _signed(report: SignReport) -> Iterator[str]:
    if report.mini_program_id is not None:
        what = "Signed" if report.changed else "Was signed already:"
        yield f"{what} {report.mini_program_id} {report.version} in {report.location}"
    elif report.changed:
        yield f"Signed again in {report.location}: {', '.join(report.signed_roles)}"
    else:
        yield f"Nothing that keys at hand may sign is due in {report.location}"
    for role in report.left_roles:
        yield f"Due, and its keys are not at hand: {role}"


def _withdrawn(report: SignReport) -> Iterator[str]:
    name = f"{report.mini_program_id} {report.version}"
    yield f"{name} is signed no longer in {report.location}" if report.changed else f"{name} was not signed"
