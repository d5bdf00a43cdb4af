"""From the world a command runs in to the keys it may sign with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from miniprogram.clock import Clock
from miniprogram.errors import UsageError
from miniprogram.seams.signing_key import SigningKey
from miniprogram.seams.version_signing import SignerContext

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry


class World(Protocol):
    """Where a command runs, what time it is, and which plugins there are."""

    @property
    def cwd(self) -> Path: ...
    @property
    def home(self) -> Path: ...
    @property
    def environ(self) -> Mapping[str, str]: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def now(self) -> Clock: ...


def signer_context(world: World) -> SignerContext:
    """What opens keys by the kinds that the plugins bring. Nothing is opened yet."""

    def open_key(uri: str, folder: Path) -> SigningKey:
        scheme, colon, rest = uri.partition(":")
        if not colon or not scheme or not rest.strip():
            raise UsageError(
                f"{uri!r} names no key: it has to begin with where the key is kept, such as file:release.pem",
                hint=f"Known here: {', '.join(f'{name}:' for name in sorted(world.registry.signing_keys()))}.",
            )
        key: SigningKey = world.registry.signing_key(scheme).open(rest.strip(), replace(context, cwd=folder))
        return key

    context = SignerContext(world.cwd, world.home, world.environ, world.now, open_key)
    return context
