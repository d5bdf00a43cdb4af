"""`access-key`: keys that protect a mini-program's delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.cloud_app import ProgramId, required_id
from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.environments.unpublished import unpublished_note
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import NewAccessKey, RevokedAccessKey
    from miniprogram.environments.session import CloudSession
    from miniprogram.keys.lifecycle import NewKey
    from miniprogram.keys.listing import AccessKeyList

KeyId = Annotated[
    str | None, typer.Option("--key-id", parser=trimmed, metavar="ID", help="Label of the key; required.")
]
KeyText = Annotated[
    str | None, typer.Option("--key", hidden=True, help="The key itself, instead of a generated one.")
]


@in_environment
def create(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    key_id: KeyId = None,
    key: KeyText = None,
    as_json: AsJson = False,
) -> None:
    """Create an access key and print it, this once."""
    from miniprogram.keys.lifecycle import create_key
    from miniprogram.keys.listing import policy_location

    tools = selected.tools
    wanted, label = required_id(program_id), _required_key_id(key_id, "--key-id")
    text = _key_text(key)
    session = selected.open()
    created = create_key(policy_location(session, wanted), label, text, now=tools.now())
    report = _new_key("access-key create", session, wanted, created)
    emit(report, as_json=as_json, lines=_new_key_lines)


@in_environment
def list_keys(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the keys of a mini-program, without their secrets."""
    from miniprogram.keys.listing import list_keys as listed

    wanted = required_id(program_id)
    session = selected.open()
    emit(listed(session, wanted), as_json=as_json, lines=_list_lines)


@in_environment
def revoke(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    key_id: KeyId = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key: from now on it opens nothing."""
    from miniprogram.cli.commands.outcomes import RevokedAccessKey
    from miniprogram.keys.lifecycle import revoke_key
    from miniprogram.keys.listing import policy_location

    tools = selected.tools
    wanted, label = required_id(program_id), _required_key_id(key_id, "--key-id")
    session = selected.open()
    policy = revoke_key(policy_location(session, wanted), label, now=tools.now())
    report = RevokedAccessKey(
        command="access-key revoke",
        environment_name=session.name,
        provider=session.provider_name,
        mini_program_id=wanted,
        key_id=label,
        active_key_count=policy.active_count,
    )
    emit(report, as_json=as_json, lines=_revoked_lines)


@in_environment
def rotate(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    key_id: KeyId = None,
    new_key_id: Annotated[
        str | None,
        typer.Option(
            "--new-key-id",
            parser=trimmed,
            metavar="ID",
            help="Label of the new key; default: the old one and the time.",
        ),
    ] = None,
    key: KeyText = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key and create another in one step."""
    from miniprogram.keys.lifecycle import rotate_key
    from miniprogram.keys.listing import policy_location

    tools = selected.tools
    wanted, label = required_id(program_id), _required_key_id(key_id, "--key-id")
    new_label = _required_key_id(new_key_id, "--new-key-id") if new_key_id else None
    if new_label == label:
        raise UsageError("--new-key-id must differ from --key-id")
    text = _key_text(key)
    session = selected.open()
    location = policy_location(session, wanted)
    created = rotate_key(location, label, new_id=new_label, key=text, now=tools.now())
    report = _new_key("access-key rotate", session, wanted, created, revoked=label)
    emit(report, as_json=as_json, lines=_new_key_lines)


def _required_key_id(key_id: str | None, option: str) -> str:
    from miniprogram.object_keys import require_segment

    if key_id is None:
        raise UsageError(f"{option} is required")
    return require_segment(key_id, what="a key id")


def _key_text(given: str | None) -> str:
    from miniprogram.keys.key_text import check_key_text, generate_key

    return generate_key() if given is None or not given.strip() else check_key_text(given)


def _new_key(
    command: str, session: CloudSession, program_id: str, created: NewKey, *, revoked: str | None = None
) -> NewAccessKey:
    from miniprogram.cli.commands.outcomes import NewAccessKey

    return NewAccessKey(
        command=command,
        environment_name=session.name,
        provider=session.provider_name,
        mini_program_id=program_id,
        key_id=created.key_id,
        key=created.key,
        revoked_key_id=revoked,
        now_protected=created.first,
        notes=unpublished_note(session, program_id),
    )


def _new_key_lines(report: NewAccessKey) -> Iterator[str]:
    yield f"Access key: {report.key}"
    yield f"Key id: {report.key_id}"
    yield "Keep it now: only its hash is stored, so it cannot be shown again."
    if report.now_protected:
        yield f"{report.mini_program_id} is protected from now on: only holders of a key can load it."
    yield from report.notes
    if report.revoked_key_id is not None:
        yield f"Revoked {report.revoked_key_id}"


def _revoked_lines(report: RevokedAccessKey) -> Iterator[str]:
    yield f"Revoked {report.key_id} of {report.mini_program_id}; active keys left: {report.active_key_count}"
    if report.active_key_count == 0:
        yield "Nobody can load it now; `access-key create` makes a new key."


def _list_lines(report: AccessKeyList) -> Iterator[str]:
    yield f"{report.mini_program_id} in {report.environment_name} ({report.provider}): {report.policy_key}"
    if not report.policy_exists:
        if report.keys_required:
            yield "No access keys, and the environment refuses mini-programs without: nobody can load it."
        else:
            yield "No access keys: it is public."
        return
    yield f"Active keys: {report.active_count} of {report.key_count}"
    for entry in report.keys:
        state = "active" if entry.active else f"revoked {entry.revoked_at_utc or ''}".rstrip()
        yield f"{entry.id}: {state}, created {entry.created_at_utc or 'unknown'}"
