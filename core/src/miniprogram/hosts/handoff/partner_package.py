"""The partner package: the one file a publisher gives a host team, so that they need no account.

We write schema 2 with two members more, `expiresAt` and `integrity`; older readers ignore both. Packages without
them, and of schema 1, are read as well.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StrictInt,
    StrictStr,
    model_validator,
)

from miniprogram.clock import to_iso
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.files import write_atomic
from miniprogram.models import CamelModel
from miniprogram.seams.endpoint import (
    AnyCaseAccessMode,
    AppId,
    BaseUrl,
    Endpoint,
    OptionalAccessKey,
    OptionalBaseUrl,
)
from miniprogram.seams.endpoint_rules import check_title
from miniprogram.strict_json import parse_model, read_object, to_canonical_json, to_pretty_json

SCHEMA = 2
TYPE: Literal["mini_program_partner_handoff"] = "mini_program_partner_handoff"
SUFFIX = ".partner.json"
DIGEST_PREFIX = "sha256:"


def parse_instant(value: object) -> object:
    """A text as an aware UTC datetime; a date is its first moment. Raises ValueError for other text."""
    if not isinstance(value, str):
        return value
    try:
        instant = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("must be an ISO 8601 date or date and time") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _text_or_instant(value: object) -> object:
    if not isinstance(value, datetime) and not (isinstance(value, str) and value.strip()):
        raise ValueError("must be a text that is not blank")
    return value


Instant = Annotated[datetime, BeforeValidator(parse_instant), BeforeValidator(_text_or_instant)]


class PartnerPackage(CamelModel):
    """A package as it is used. Unknown members are ignored. A key is there exactly when the mode is protected."""

    schema_version: StrictInt = SCHEMA
    type: Literal["mini_program_partner_handoff"] = TYPE
    app_id: AppId
    title: Annotated[StrictStr, AfterValidator(check_title)]
    api_base_url: BaseUrl
    backend_base_url: OptionalBaseUrl = None
    access_mode: AnyCaseAccessMode
    access_key: OptionalAccessKey = Field(default=None)
    generated_at_utc: Instant
    expires_at: Instant | None = None

    @model_validator(mode="after")
    def _key_fits_mode(self) -> PartnerPackage:
        if self.access_mode == "protected" and self.access_key is None:
            raise ValueError("a protected package needs an accessKey")
        if self.access_mode == "public" and self.access_key is not None:
            raise ValueError("a public package must not hold an accessKey")
        return self

    def endpoint(self) -> Endpoint:
        """The entry a host's endpoint map gets."""
        return Endpoint(
            app_id=self.app_id,
            api_base_uri=self.api_base_url,
            access_mode=self.access_mode,
            access_key=self.access_key,
            backend_base_uri=self.backend_base_url,
            backend_mode="remote" if self.backend_base_url else "none",
        )

    def to_json(self) -> dict[str, Any]:
        """The document as it is stored, with its key in clear and its digest last."""
        document: dict[str, Any] = {
            "schemaVersion": SCHEMA,
            "type": TYPE,
            "appId": self.app_id,
            "title": self.title,
            "apiBaseUrl": self.api_base_url,
            "backendBaseUrl": self.backend_base_url,
            "accessMode": self.access_mode,
            "accessKey": _revealed(self.access_key),
            "generatedAtUtc": to_iso(self.generated_at_utc),
            "expiresAt": to_iso(self.expires_at) if self.expires_at else None,
        }
        present = {key: value for key, value in document.items() if value is not None}
        return {**present, "integrity": digest_of(present)}


def digest_of(document: Mapping[str, Any]) -> str:
    """`sha256:` and the hex digest of the canonical JSON of `document` without its `integrity` member."""
    members = {key: value for key, value in document.items() if key != "integrity"}
    return DIGEST_PREFIX + hashlib.sha256(to_canonical_json(members)).hexdigest()


def write_package(path: Path, package: PartnerPackage) -> None:
    """Write `package` so that only its owner can read it. It replaces another package, but no other file."""
    if path.is_dir():
        raise MiniProgramError(f"{path} is a folder")
    if path.exists() and not path.name.endswith(SUFFIX) and not _is_package(path):
        raise MiniProgramError(f"{path} exists and is not a partner package", hint="Choose another --output.")
    write_atomic(path, to_pretty_json(package.to_json()) + b"\n", mode=0o600)


def read_package(path: Path, *, now: datetime) -> PartnerPackage:
    """The package in the file `path`, checked whole.

    Raises DocumentError naming the file and the member that is wrong, and when the package was changed after it
    was written or has expired at `now`.
    """
    document = read_object(path)
    _check_kind(document, path)
    _check_integrity(document, path)
    if document["schemaVersion"] == 1:
        document = {**document, "accessMode": "protected"}
    package = parse_model(PartnerPackage, document, name=str(path))
    if package.expires_at is not None and package.expires_at <= now:
        raise DocumentError(
            f"{path} expired on {to_iso(package.expires_at)}", hint="Ask the publisher for a new package."
        )
    return package


def _check_kind(document: Mapping[str, Any], path: Path) -> None:
    if document.get("type") != TYPE:
        raise DocumentError(f"{path}: type must be {TYPE!r}: this is not a partner package")
    version = document.get("schemaVersion")
    if type(version) is not int or version < 1:
        raise DocumentError(f"{path}: schemaVersion must be a whole number from 1")
    if version > SCHEMA:
        raise DocumentError(
            f"{path} was written by a newer release (schemaVersion {version}, understood up to {SCHEMA})",
            hint="Upgrade miniprogram.",
        )


def _check_integrity(document: Mapping[str, Any], path: Path) -> None:
    stated = document.get("integrity")
    if stated is None:
        return
    if not isinstance(stated, str) or not stated.startswith(DIGEST_PREFIX):
        raise DocumentError(f"{path}: integrity must be a text that starts with {DIGEST_PREFIX!r}")
    try:
        fits = hmac.compare_digest(stated.encode(), digest_of(document).encode())
    except UnicodeEncodeError:  # JSON can spell half a surrogate pair; UTF-8 cannot
        fits = False
    if not fits:
        raise DocumentError(
            f"{path}: integrity does not fit the rest: the file was changed or damaged after it was written",
            hint="Ask the publisher to send it again.",
        )


def _is_package(path: Path) -> bool:
    try:
        return read_object(path).get("type") == TYPE
    except DocumentError:
        return False


def _revealed(key: SecretStr | None) -> str | None:
    return key.get_secret_value() if key is not None else None
