"""Signs what is published: the seam that `publish` calls before it sends hosts to a version."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.signing_key import SigningKey
from miniprogram.seams.version_signing import Deadline, SignerContext, VersionToSign
from miniprogram_trust.settings import read_settings


class TufVersionSigner:
    """Implements VersionSigner. Nothing is opened or imported before there is something to sign."""

    def __init__(self, context: SignerContext) -> None:
        self._context = context

    def sign(self, store: ObjectStore, keys: Keys, version: VersionToSign) -> tuple[str, ...]:
        from miniprogram_trust.files import TrustFiles
        from miniprogram_trust.plans import sign_version
        from miniprogram_trust.signed_list import list_of
        from miniprogram_trust.writing import Writer

        context = self._context
        settings = read_settings(context.cwd, context.environ)
        keyring = settings.keyring(context.open_key, cwd=context.cwd)
        files = TrustFiles(store, keys)
        writer = Writer(files, keyring, context.now(), pinned=settings.pinned())
        writer.change(partial(sign_version, version=version, listed=list_of(version)))
        return tuple(sorted(files.written))

    def signing_keys(self, more: Sequence[str] = ()) -> tuple[SigningKey, ...]:
        """Implements NamesKeys."""
        context = self._context
        settings = read_settings(context.cwd, context.environ)
        return settings.keyring(context.open_key, more, cwd=context.cwd).signing_keys()

    def carried(self, store: ObjectStore, keys: Keys, program_id: str, version: str) -> tuple[str, ...]:
        """Implements CarriesTrust."""
        from miniprogram_trust.carried import carried

        context = self._context
        return carried(store, keys, (program_id, version), read_settings(context.cwd, context.environ).pinned())

    def check_carried(
        self, store: ObjectStore, keys: Keys, program_id: str, version: str, digest: str
    ) -> bool | None:
        """Implements CarriesTrust."""
        from miniprogram_trust.carried import check_carried

        context = self._context
        pinned = read_settings(context.cwd, context.environ).pinned()
        return check_carried(store, keys, (program_id, version), digest, pinned)

    def deadlines(self, store: ObjectStore, keys: Keys) -> tuple[Deadline, ...]:
        """Implements TellsDeadlines. No key is opened."""
        from miniprogram_trust.files import TrustFiles
        from miniprogram_trust.reports import deadline_rows
        from miniprogram_trust.repository import load

        context = self._context
        found = load(TrustFiles(store, keys), read_settings(context.cwd, context.environ).pinned())
        return () if found is None else tuple(deadline_rows(found, context.now()))
