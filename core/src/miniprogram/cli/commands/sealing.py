"""`sealing`: the keys of host apps that alone can open a version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import Report, emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of

SHOWN = 12
Name = Annotated[str | None, typer.Argument(metavar="<app>", parser=trimmed, help="A host app.")]


def make(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="<file>", parser=trimmed, help="Where the private key goes.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key for a host app: the private part into a file, the public part on the screen.

    The file is for its owner's eyes only. Give the private part to the host app and to nobody else; the public
    part is what `sealing keys add` takes.
    """
    from miniprogram.cli.commands.outcomes import NewSealingKey
    from miniprogram.sealing.keys import make_key_file

    tools: AppContext = context.obj
    if file is None:
        raise UsageError("say which file the private key goes into")
    path = tools.cwd / file
    key = make_key_file(path)
    report = NewSealingKey(file=str(path), key_id=key.key_id, key=key.text)
    emit(
        report,
        as_json=as_json,
        lines=lambda made: [made.key, f"  id {made.key_id[:SHOWN]}, private in {made.file}"],
    )


def _changed(report: Any) -> Iterator[str]:
    used = sum(1 for each in report.subject["sealingKeys"] if each["revokedAt"] is None)
    yield f"{report.subject['name']}: {number_of(used, 'key')} in use, from the next version on"


@on_environment(_changed)
def add(
    work: Work,
    name: Name = None,
    key: Annotated[
        str | None, typer.Argument(metavar="<key>", parser=trimmed, help="A public key, as `make` prints it.")
    ] = None,
) -> Report:
    """Seal for a key of a host app as well, the next version on."""
    from miniprogram.identity.sealing_keys import add_sealing_key

    return add_sealing_key(work.context, required(name, "the name of a host app"), required(key, "a public key"))


@on_environment(_changed)
def revoke(
    work: Work,
    name: Name = None,
    key_id: Annotated[
        str | None, typer.Argument(metavar="<key-id>", parser=trimmed, help="The id of a key, or its beginning.")
    ] = None,
    *,
    reason: Reason = None,
) -> Report:
    """Seal nothing for a key any more, the next version on. What was sealed before, it still opens."""
    from miniprogram.identity.sealing_keys import revoke_sealing_key

    wanted = required(key_id, "the id of a key")
    return revoke_sealing_key(work.context, required(name, "the name of a host app"), wanted, reason=reason)


def _listed(report: Any) -> Iterator[str]:
    for each in report.keys:
        state = f"revoked {each.revoked_at[:10]}" if each.revoked_at else f"since {each.added_at[:10]}"
        yield f"{each.app}  {each.key_id[:SHOWN]}  {state}"
    if not report.keys:
        yield "No host app has a key: `sealing keys add APP KEY` adds one."


@on_environment(_listed)
def list_keys(work: Work) -> Report:
    """List the keys of the host apps, those that were revoked too."""
    from miniprogram.identity.sealing_keys import list_sealing_keys

    return list_sealing_keys(work.storage)
