"""The index of a version's package: how to get it, whole, by files or by a delta, and what must come out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from miniprogram.models import CamelModel
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES, MAX_BUNDLE_BYTES, MAX_FILES
from miniprogram.strict_json import parse_json, parse_model

FORMAT = 1
SHA256 = r"^[0-9a-f]{64}$"
MAX_DELTAS = 1_000
MAX_INDEX_BYTES = 8 * 1024 * 1024


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, populate_by_name=True)


class SizedDigest(_Part):
    """Bytes: how many, and their sha256 in hex."""

    size: int = Field(ge=0, le=MAX_ARCHIVE_BYTES)
    sha256: str = Field(pattern=SHA256)


class IndexedFile(_Part):
    """A file of the version as its author made it.

    `filled`: where its usual address is, it lies with addresses of images written in; as it is in the package, it
    lies beside this index.
    """

    path: str
    size: int = Field(ge=0, le=MAX_BUNDLE_BYTES)
    sha256: str = Field(pattern=SHA256)
    filled: bool = False


class IndexedDelta(SizedDigest):
    """A delta. `base` is the sha256 of the archive it builds upon, that of the version `from`."""

    base_version: str = Field(alias="from")
    base: str = Field(pattern=SHA256)


class IndexedSeal(_Part):
    """How the package is sealed, and for which keys, by id. Then there are no deltas, and no files beside it."""

    algorithm: str
    recipients: tuple[str, ...] = Field(strict=False, max_length=256)


class PackageIndex(CamelModel):
    """What lies at the address of a package's index. `archive` is what is told of the result, however it comes."""

    model_config = ConfigDict(strict=True)

    schema_version: int = Field(FORMAT, ge=FORMAT, le=FORMAT)
    mini_program_id: str
    version: str
    digest: str
    archive: SizedDigest
    package: SizedDigest
    files: tuple[IndexedFile, ...] = Field(strict=False, max_length=MAX_FILES)
    deltas: tuple[IndexedDelta, ...] = Field((), strict=False, max_length=MAX_DELTAS)
    sealed: IndexedSeal | None = None
    """Of a package that only some host apps can open; `package` is it as it is sealed."""
    embedded: tuple[str, ...] = Field((), strict=False, max_length=MAX_DELTAS)
    """Versions that hosts have embedded, as who published said: the next version gets deltas from them too."""

    def delta_from(self, base: str) -> IndexedDelta | None:
        """The delta upon the archive with this sha256, if there is one."""
        return next((delta for delta in self.deltas if delta.base == base), None)


def read_index(body: bytes, *, name: str) -> PackageIndex:
    """Raises DocumentError naming `name` for anything that is no index."""
    return parse_model(PackageIndex, parse_json(body, name=name), name=name)
