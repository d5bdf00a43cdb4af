"""The seam to what signs published versions, so that hosts need trust neither the store nor who serves it.

`publish` calls it for a version that is stored whole, before anything points to it: hosts that verify are never
sent to a version nobody signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import PluginError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.signing_key import SigningKey


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file as it is stored. `sha256` in lower-case hex, `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class VersionToSign:
    """A version as a target stores it."""

    program_id: str
    version: str
    digest: str
    """The bundle's, `sha256:…`."""
    files: Mapping[str, SignedFile]
    """By path in the bundle; the bytes are those that hosts are sent."""
    package_index: SignedFile | None = None
    """The index of the version's package, which names every way to it by its digest; None where there is none."""


class VersionSigner(Protocol):
    def sign(self, store: ObjectStore, keys: Keys, version: VersionToSign) -> tuple[str, ...]:
        """Vouch for `version` in the trust metadata of `store`. The keys that were written, sorted.

        A version that is vouched for as it is changes nothing, and so does a store without trust metadata. Raises
        MiniProgramError when it cannot be signed; the store then vouches for what it did before.
        """
        ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something is signed. `role` as people name it; `expires` is aware UTC."""

    role: str
    expires: datetime
    state: Literal["good", "due", "expired"]


@runtime_checkable
class TellsDeadlines(Protocol):
    """A version signer that knows until when everything is signed."""

    def deadlines(self, store: ObjectStore, keys: Keys) -> tuple[Deadline, ...]:
        """The calendar of `store`, by role; empty where nothing is signed.

        Raises MiniProgramError for what cannot be trusted.
        """
        ...


@runtime_checkable
class NamesKeys(Protocol):
    """A version signer whose keys sign other statements about versions too."""

    def signing_keys(self, more: Sequence[str] = ()) -> tuple[SigningKey, ...]:
        """The keys that were named to sign with, those at the URIs `more` in front. None is opened yet.

        Raises MiniProgramError for one that nothing opens.
        """
        ...


@runtime_checkable
class CarriesTrust(Protocol):
    """A version signer whose metadata can travel with a version, and be checked where it arrives."""

    def carried(self, store: ObjectStore, keys: Keys, program_id: str, version: str) -> tuple[str, ...]:
        """Keys of what vouches for a version in `store`, sorted; empty where nothing is signed.

        Raises MiniProgramError where the store is signed and nobody vouches for this version.
        """
        ...

    def check_carried(
        self, store: ObjectStore, keys: Keys, program_id: str, version: str, digest: str
    ) -> bool | None:
        """Whether `store`, which holds what was carried, vouches for the version with this digest.

        None when no root is pinned here, so that nobody can say. Raises MiniProgramError when it does not, and
        when a root is pinned and nothing was carried.
        """
        ...


def _no_keys(uri: str, folder: Path) -> SigningKey:
    del folder
    raise PluginError(f"no plugin opens the key {uri}")


@dataclass(frozen=True, slots=True)
class SignerContext:
    """Where keys are looked for, what time it is, and how a key is opened."""

    cwd: Path
    home: Path
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    open_key: Callable[[str, Path], SigningKey] = _no_keys
    """Opens the key that a URI such as `file:release.pem` names; paths in it start at the folder.

    Raises MiniProgramError when nothing can.
    """
