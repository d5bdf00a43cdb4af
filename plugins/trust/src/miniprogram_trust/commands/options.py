"""Options that commands below `trust` share, and the store they are about, opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import target_names, trimmed

if TYPE_CHECKING:
    from miniprogram.publish.target_store import TargetStore
    from miniprogram_trust.files import TrustFiles
    from miniprogram_trust.keyring import Keyring
    from miniprogram_trust.writing import Writer

Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        parser=trimmed,
        metavar="NAME",
        help="Where the versions are; local, or cloud with an active environment.",
        autocompletion=target_names,
    ),
]
Signers = Annotated[
    list[str] | None,
    typer.Option(
        "--signer",
        parser=trimmed,
        metavar="URI",
        help="A key to sign with, such as file:release.pem; repeatable, besides those in miniprogram.toml.",
    ),
]
KEYS_HELP = "such as file:release.pem, cmd:PROGRAM, awskms:…, gcpkms:…, pkcs11:…, vault:…"


@dataclass(frozen=True)
class OpenedTrust:
    """A store to be signed, the keys at hand, and what signs with them."""

    opened: TargetStore
    files: TrustFiles
    keyring: Keyring
    writer: Writer
    pinned: bytes | None


@contextmanager
def opened(
    tools: AppContext,
    target: str | None,
    env: str | None,
    settings: Mapping[str, object],
    *,
    message: str,
    signers: Sequence[str] = (),
) -> Iterator[OpenedTrust]:
    """What the options choose. What was written counts once this is left without an exception."""
    from miniprogram.plugins.signer_context import signer_context
    from miniprogram.publish.target_store import opened_target_store
    from miniprogram_trust.files import TrustFiles
    from miniprogram_trust.settings import read_settings
    from miniprogram_trust.writing import Writer

    trust = read_settings(tools.cwd, tools.environ)
    keyring = trust.keyring(signer_context(tools).open_key, signers, cwd=tools.cwd)
    pinned = trust.pinned()
    with opened_target_store(tools, target=target, environment=env, settings=settings, message=message) as found:
        files = TrustFiles(found.store, found.keys)
        writer = Writer(files, keyring, tools.now(), pinned=pinned)
        yield OpenedTrust(found, files, keyring, writer, pinned)
