"""From what a command runs in to the keys it may sign with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from miniprogram.errors import UsageError
from miniprogram.plugins.run_context import RunContext
from miniprogram.seams.signing_key import SigningKey
from miniprogram.seams.version_signing import SignerContext


def signer_context(run: RunContext) -> SignerContext:
    """What opens keys by the kinds that the plugins bring. Nothing is opened yet."""

    def open_key(uri: str, folder: Path) -> SigningKey:
        scheme, colon, rest = uri.partition(":")
        if not colon or not scheme or not rest.strip():
            raise UsageError(
                f"{uri!r} names no key: it has to begin with where the key is kept, such as file:release.pem",
                hint=f"Known here: {', '.join(f'{name}:' for name in sorted(run.registry.signing_keys()))}.",
            )
        key: SigningKey = run.registry.signing_key(scheme).open(rest.strip(), replace(context, cwd=folder))
        return key

    context = SignerContext(run.cwd, run.home, run.environ, run.now, open_key)
    return context
