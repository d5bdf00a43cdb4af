"""The form of a sealed package: a header anybody can read, and the package, which nobody can without a key.

    8 bytes       MPSEAL\\0\\1
    4 bytes       how long the header is, most significant byte first
    the header    canonical JSON
    the rest      the compressed archive, encrypted and authenticated together with everything before it

The header says which version it is of. Each recipient's copy of the content key is bound to that as well, so a
copy that is moved to another version opens nothing.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict, Field

from miniprogram.errors import DocumentError
from miniprogram.models import CamelModel
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json

MAGIC = b"MPSEAL\x00\x01"
ALGORITHM: Literal["HPKE-X25519-HKDF-SHA256-AES-256-GCM"] = "HPKE-X25519-HKDF-SHA256-AES-256-GCM"
"""RFC 9180 in its base mode for the content key, AES-256-GCM for the content. Browsers have all of it."""
TAG_BYTES = 16
MOST_RECIPIENTS = 256
MAX_HEADER_BYTES = 256 * 1024
MAX_SEALED_BYTES = MAX_ARCHIVE_BYTES + MAX_HEADER_BYTES + TAG_BYTES + 12
_BINDING = b"miniprogram sealed package 1\x00"


class Recipient(CamelModel):
    """Who can open it: the id of a public key, and the content key for it, in base64."""

    model_config = ConfigDict(strict=True)

    key_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    content_key: str = Field(pattern=r"^[A-Za-z0-9+/]{107}=$")  # 32 bytes of KEM, 32 of key, 16 of tag


class SealedHeader(CamelModel):
    """What anybody can read of a sealed package. `digest` is the version's, `size` that of the plain package."""

    model_config = ConfigDict(strict=True)

    schema_version: Literal[1] = 1
    algorithm: Literal["HPKE-X25519-HKDF-SHA256-AES-256-GCM"]
    mini_program_id: str
    version: str
    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    size: int = Field(ge=0, le=MAX_ARCHIVE_BYTES)
    recipients: tuple[Recipient, ...] = Field((), strict=False, max_length=MOST_RECIPIENTS)

    @property
    def binding(self) -> bytes:
        """What every copy of the content key is bound to: all but the recipients themselves."""
        members: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude={"recipients"})
        return _BINDING + to_canonical_json(members)

    @property
    def authenticated(self) -> bytes:
        """The beginning of the file, which is authenticated with the content."""
        header = to_canonical_json(self.model_dump(mode="json", by_alias=True))
        return MAGIC + struct.pack(">I", len(header)) + header


@dataclass(frozen=True, slots=True)
class SealedPackage:
    """A sealed package taken apart."""

    header: SealedHeader
    beginning: bytes = field(repr=False)
    """As it lies in the file."""
    content: bytes = field(repr=False)


def is_sealed(body: bytes) -> bool:
    """Whether `body` says that it is a sealed package."""
    return body.startswith(MAGIC)


def read_sealed(body: bytes, *, name: str) -> SealedPackage:
    """The parts of a sealed package. Nothing of it is believed yet.

    Raises DocumentError, naming `name`, for anything else, and for one that is cut off or goes on.
    """
    if len(body) > MAX_SEALED_BYTES:
        raise DocumentError(f"{name} is too large")
    start = len(MAGIC) + 4
    if not is_sealed(body) or len(body) < start:
        raise DocumentError(f"{name} is no sealed package")
    (length,) = struct.unpack(">I", body[len(MAGIC) : start])
    if not 0 < length <= min(MAX_HEADER_BYTES, len(body) - start):
        raise DocumentError(f"{name} is cut off, or its header is too large")
    where = f"{name}: header"
    document = parse_json(body[start : start + length], name=where)
    algorithm = document.get("algorithm") if isinstance(document, dict) else None
    if algorithm != ALGORITHM:
        raise DocumentError(f"{name} is sealed by {algorithm!r}, which is not known here; {ALGORITHM} is")
    header = parse_model(SealedHeader, document, name=where)
    content = body[start + length :]
    if len(content) != header.size + TAG_BYTES:
        raise DocumentError(f"{name} is not as long as its header says")
    return SealedPackage(header, body[: start + length], content)


def encoded(content_key: bytes) -> str:
    """An encrypted content key as a header holds it."""
    return base64.b64encode(content_key).decode()
