"""Have a stored version vouched for, where the store's versions are signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from miniprogram.delivery.documents.kinds import PACKAGE_INDEX, TRUST_TIMESTAMP
from miniprogram.errors import PublishError, UsageError
from miniprogram.plugins.installed.first_party import TRUST, how_to_install
from miniprogram.plugins.signer_context import signer_context
from miniprogram.publish.layouts.layout import Layout, LayoutFile
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.signing_key import SigningKey
from miniprogram.seams.version_signing import NamesKeys, SignedFile, VersionSigner, VersionToSign

if TYPE_CHECKING:
    from miniprogram.plugins.run_context import RunContext


def open_signers(run_context: RunContext) -> tuple[VersionSigner, ...]:
    """What the installed plugins sign versions with. Opens no key."""
    context = signer_context(run_context)
    return tuple(spec.open(context) for spec in run_context.registry.version_signers())


def statement_keys(
    signers: Iterable[VersionSigner], what: str, more: Sequence[str] = ()
) -> tuple[SigningKey, ...]:
    """The keys that sign statements about versions, those at the URIs `more` in front.

    Raises UsageError when none was named: `what` is to be signed.
    """
    named = [signer for signer in signers if isinstance(signer, NamesKeys)]
    keys = tuple(key for signer in named for key in signer.signing_keys(more))
    if keys:
        return keys
    hint = (
        "Name keys in MINIPROGRAM_SIGNERS, such as file:release.pem, or in miniprogram.toml below [trust]."
        if named
        else how_to_install(TRUST)
    )
    raise UsageError(f"{what} is signed, and no key is named to sign it with", hint=hint)


def sign_version(store: ObjectStore, layout: Layout, *, is_new: bool) -> tuple[str, ...]:
    """Have the version of `layout`, which is stored whole, vouched for. The keys that were written.

    A store without trust metadata stays without. Raises PublishError when it has some and nothing here can sign
    what `is_new`: hosts that verify would refuse the version, and nobody would know why.
    """
    if not (is_new or layout.signers) or not _is_signed(store, layout):
        return ()
    _require_signer(store, layout)
    version = replace(version_to_sign(layout), package_index=package_index(store, layout))
    return tuple(key for signer in layout.signers for key in signer.sign(store, layout.keys, version))


def plan_signing(store: ObjectStore, layout: Layout) -> None:
    """Raises what `sign_version` would raise for want of a signer, before anything is written."""
    if not layout.signers and _is_signed(store, layout):
        _require_signer(store, layout)


def version_to_sign(layout: Layout) -> VersionToSign:
    """The version of `layout` as hosts are sent it."""
    files = {file.path: _signed(file) for file in sorted(layout.files, key=lambda file: file.path)}
    return VersionToSign(layout.program_id, layout.version, layout.digest, files)


def package_index(store: ObjectStore, layout: Layout) -> SignedFile | None:
    """The stored index of the version's package."""
    found = store.get(layout.keys.key(PACKAGE_INDEX, layout.program_id, layout.version))
    return SignedFile(hashlib.sha256(found.body).hexdigest(), len(found.body)) if found is not None else None


def _signed(file: LayoutFile) -> SignedFile:
    stored = hashlib.sha256(file.body).hexdigest() if file.filled else file.sha256
    return SignedFile(stored, len(file.body))


def _is_signed(store: ObjectStore, layout: Layout) -> bool:
    return store.get(layout.keys.key(TRUST_TIMESTAMP)) is not None


def _require_signer(store: ObjectStore, layout: Layout) -> None:
    if not layout.signers:
        name = f"{layout.program_id} {layout.version}"
        raise PublishError(
            f"versions in {store.location} are signed, and nothing here can sign {name}",
            hint=f"{how_to_install(TRUST)} Then name the keys to sign with.",
        )
