"""The map of the store: every kind of document there is, where it lies, and what holds of it.

Keys, listings, deletion, headers, file modes and the list of what belongs into a store are made from this table;
nothing else spells a key. A new kind is one row.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from miniprogram.delivery.documents.cache_control import IMMUTABLE, POINTER
from miniprogram.delivery.documents.content_types import JSON, content_type_of

BY_EXTENSION = "by extension"


class Headers(TypedDict):
    """What an object is stored with, as `ObjectStore.put` takes it."""

    content_type: str | None
    cache_control: str | None


class DocumentKind:  # a named tuple would cost a function's cold start more
    """A row of the map.

    A template holds prefixes (`{artifacts}`, `{metadata}`) and fields (`{program}`, `{version}`, …); `{path}` is
    the one field that may hold slashes. An empty one says that the layout has no such document.
    """

    __slots__ = (
        "cache", "cloud", "content_type", "local", "name", "owner", "scope", "secrecy", "static",
        "survives_deletion", "written",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        owner: str,
        scope: Literal["version", "program", "environment"],
        written: Literal["once", "conditionally"],
        cache: Literal["immutable", "pointer", "unsaid"],
        *,
        cloud: str = "",
        local: str = "",
        static: str = "",
        content_type: str | None = JSON,
        secrecy: Literal["public", "hashed", "secret"] = "public",
        survives_deletion: bool = False,
    ) -> None:
        self.name = name
        self.owner = owner
        """The room of core that writes it."""
        self.scope = scope
        self.written = written
        """Never changed once it is there, or by conditional writes only."""
        self.cache = cache
        self.cloud, self.local, self.static = cloud, local, static
        self.content_type = content_type
        self.secrecy = secrecy
        """`hashed`: only digests, which still tell whoever can guess. It and `secret` are for the owner's eyes."""
        self.survives_deletion = survives_deletion
        """Whether it stays when its mini-program is deleted. What is of no program stays anyway."""

    @property
    def is_private(self) -> bool:
        """Whether only its owner may read the file."""
        return self.secrecy != "public"

    def headers(self, path: str = "") -> Headers:
        """Content type and cache control to store it with. `path` is that of a file whose type depends on it."""
        cache = {"immutable": IMMUTABLE, "pointer": POINTER, "unsaid": None}[self.cache]
        stored = content_type_of(path) if self.content_type is BY_EXTENSION else self.content_type
        return {"content_type": stored, "cache_control": cache}


MANIFEST = DocumentKind(
    "manifest", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/manifest.json",
    local="manifests/{program}/versions/{version}.json",
    static="manifests/{program}/versions/{version}.json",
)  # fmt: skip
SCREEN = DocumentKind(
    "screen", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/screens/{screen}.json",
    local="screens/{program}/{version}/{screen}.json",
    static="screens/{program}/{version}/{screen}.json",
)  # fmt: skip
ASSET = DocumentKind(
    "asset", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/assets/{path}",
    local="assets/{program}/{version}/{path}",
    static="assets/{program}/{version}/{path}",
    content_type=BY_EXTENSION,
)  # fmt: skip
PACKAGE = DocumentKind(
    "package of a version", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/packages/package.tar.zst",
    local="packages/{program}/{version}/package.tar.zst",
    static="packages/{program}/{version}/package.tar.zst",
    content_type="application/zstd",
)  # fmt: skip
SEALED_PACKAGE = DocumentKind(
    # in place of everything else of the version but its manifest and the index; named by its sha256
    "sealed package of a version", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/packages/{sha256}.sealed",
    local="packages/{program}/{version}/{sha256}.sealed",
    static="packages/{program}/{version}/{sha256}.sealed",
    content_type="application/octet-stream",
)  # fmt: skip
PACKAGE_DELTA = DocumentKind(
    "delta from another package", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/packages/{base}.dcz",
    local="packages/{program}/{version}/{base}.dcz",
    static="packages/{program}/{version}/{base}.dcz",
    content_type="application/octet-stream",
)  # fmt: skip
PACKAGE_INDEX = DocumentKind(
    "index of a package and its deltas", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/packages/deltas.json",
    local="packages/{program}/{version}/deltas.json",
    static="packages/{program}/{version}/deltas.json",
)  # fmt: skip
AUTHORED_SCREEN = DocumentKind(
    # of screens that are stored with addresses in them, so that a package can be put together from files
    "screen as it is in the package", "publish", "version", "once", "immutable",
    cloud="{artifacts}/{program}/{version}/packages/screens/{screen}.json",
    local="packages/{program}/{version}/screens/{screen}.json",
    static="packages/{program}/{version}/screens/{screen}.json",
)  # fmt: skip
RELEASE_RECORD = DocumentKind(
    # a claim until the version is whole, and filled anew when addresses change: not for caches
    "release record", "publish", "version", "conditionally", "pointer",
    cloud="{metadata}/releases/{program}/{version}.json",
    local="releases/{program}/{version}.json",
    static="metadata/releases/{program}/{version}.json",
)  # fmt: skip
PROVENANCE = DocumentKind(
    # says more of how it was made than hosts need to know: not among what they are sent
    "provenance of a version", "publish", "version", "conditionally", "unsaid",
    cloud="{metadata}/provenance/{program}/{version}.json",
    local="provenance/{program}/{version}.json",
    static="metadata/provenance/{program}/{version}.json",
)  # fmt: skip
LATEST_MANIFEST = DocumentKind(
    "manifest of the latest version", "publish", "program", "conditionally", "pointer",
    local="manifests/{program}/latest.json",
    static="manifests/{program}/latest.json",
)  # fmt: skip
CATALOG_POINTER = DocumentKind(
    "catalogue pointer", "publish", "program", "conditionally", "pointer",
    cloud="{metadata}/catalog/{program}.json",
    static="metadata/catalog/{program}.json",
)  # fmt: skip
DISABLED_POINTER = DocumentKind(
    "pointer of a disabled mini-program", "catalogue", "program", "conditionally", "pointer",
    cloud="{metadata}/disabled/{program}.json",
)  # fmt: skip
ROLLOUT_RULES = DocumentKind(
    "rollout rules", "written by hand", "program", "conditionally", "pointer",
    cloud="{metadata}/rollout-rules/{program}.json",
    local="rollout-rules/{program}.json",
)  # fmt: skip
CAPABILITY_POLICY = DocumentKind(
    "capability policy", "written by hand", "program", "conditionally", "pointer",
    cloud="{metadata}/capability-policies/{program}.json",
    local="capability-policies/{program}.json",
)  # fmt: skip
ACCESS_KEYS = DocumentKind(
    "access keys", "keys", "program", "conditionally", "pointer",
    cloud="{metadata}/access_keys/{program}.json",
    local="access_keys/{program}.json",
    secrecy="hashed",
)  # fmt: skip
LINK_KEYS = DocumentKind(
    "keys that sign links", "releases", "program", "conditionally", "pointer",
    cloud="{metadata}/link_keys/{program}.json",
    local="link_keys/{program}.json",
    secrecy="secret",
)  # fmt: skip
RELEASE_DOCUMENT = DocumentKind(
    "releases and their policy", "releases", "program", "conditionally", "pointer",
    cloud="{metadata}/releases/{program}.json",
    local="releases/{program}.json",
)  # fmt: skip
LAST_GOOD = DocumentKind(
    "copy of the last good releases document", "releases", "program", "conditionally", "unsaid",
    cloud="{metadata}/last_good/{program}.json",
)  # fmt: skip
FINISHED_ATTEMPT = DocumentKind(
    "finished attempt at a release", "releases", "program", "once", "unsaid",
    cloud="{metadata}/releases/{program}/{version}/{app}/{stage}/{attempt:04}-{revision:010}.json",
)  # fmt: skip
SEGMENT_IDS = DocumentKind(
    "id list of a segment", "releases", "program", "once", "unsaid",
    cloud="{metadata}/segments/{program}/{segment}/{number}.ids",
    local="segments/{program}/{segment}/{number}.ids",
    content_type="application/octet-stream",
    secrecy="hashed",
)  # fmt: skip
ADMISSION_COUNT = DocumentKind(
    "how many a window admitted", "documents", "program", "conditionally", "unsaid",
    cloud="{metadata}/admissions/{program}/{window}.json",
    secrecy="hashed",
)  # fmt: skip
ADMISSION = DocumentKind(
    "visitor admitted to a window", "documents", "program", "once", "unsaid",
    cloud="{metadata}/admissions/{program}/{window}/{visitor}.json",
    secrecy="hashed",
)  # fmt: skip
WITHDRAWN = DocumentKind(
    "what an inspector withdrew", "releases", "program", "conditionally", "pointer",
    cloud="{metadata}/withdrawn/{program}.json",
    survives_deletion=True,
)  # fmt: skip
AUDIT_EVENT = DocumentKind(
    "audit event", "documents", "program", "once", "unsaid",
    cloud="{metadata}/audit/{program}/{seq:012}.json",
    survives_deletion=True,
)  # fmt: skip
DENIALS = DocumentKind(
    "what was denied", "identity", "environment", "conditionally", "unsaid",
    cloud="{metadata}/admin/denials.json",
    secrecy="hashed",
)  # fmt: skip
ACCESS_LOG = DocumentKind(
    "who signed in", "identity", "environment", "conditionally", "unsaid",
    cloud="{metadata}/admin/access.json",
    secrecy="hashed",
)  # fmt: skip
TOKEN_USES = DocumentKind(
    "when tokens were last shown", "identity", "environment", "conditionally", "unsaid",
    cloud="{metadata}/admin/token_uses.json",
    secrecy="hashed",
)  # fmt: skip
ENVIRONMENT_DOCUMENT = DocumentKind(
    "host apps, members, tokens and subscriptions", "identity", "environment", "conditionally", "pointer",
    cloud="{metadata}/admin/environment.json",
    secrecy="secret",
)  # fmt: skip
ENVIRONMENT_COPY = DocumentKind(
    "copy of the last good environment document", "identity", "environment", "conditionally", "unsaid",
    cloud="{metadata}/admin/last_good.json",
    secrecy="secret",
)  # fmt: skip
NOTICE_JOURNAL = DocumentKind(
    "journal of what there is to tell", "notices", "environment", "conditionally", "unsaid",
    cloud="{metadata}/notices/journal.json",
)  # fmt: skip
NOTICE_DISPATCHES = DocumentKind(
    "notices on their way to a subscriber", "notices", "environment", "conditionally", "unsaid",
    cloud="{metadata}/notices/dispatches/{subscription}.json",
)  # fmt: skip
PROGRAM_INDEX = DocumentKind(
    "index of the mini-programs", "documents", "environment", "conditionally", "pointer",
    cloud="{metadata}/index/programs.json",
)  # fmt: skip
INDEX_SHARD = DocumentKind(
    "part of a large index", "documents", "environment", "once", "immutable",
    cloud="{metadata}/index/programs/{digest}.json",
)  # fmt: skip
WRITE_PROBE = DocumentKind(
    "trial of conditional writes", "a store", "environment", "conditionally", "unsaid",
    cloud="{metadata}/.probe-{nonce}",
    content_type=None,
)  # fmt: skip
SECURE_API_POLICY = DocumentKind(
    "policy of a protected endpoint", "written by hand", "environment", "conditionally", "pointer",
    local="secure-api-policies/{endpoint}.json",
)  # fmt: skip
TRUST_TIMESTAMP = DocumentKind(
    "time stamp of the trust metadata", "plugin trust", "environment", "conditionally", "pointer",
    cloud="{metadata}/trust/timestamp.json",
    local="trust/timestamp.json",
    static="trust/timestamp.json",
)  # fmt: skip
TRUST_METADATA = DocumentKind(
    "trust metadata of a role", "plugin trust", "environment", "once", "immutable",
    cloud="{metadata}/trust/{number}.{role}.json",
    local="trust/{number}.{role}.json",
    static="trust/{number}.{role}.json",
)  # fmt: skip
SIGNED_VERSION = DocumentKind(
    "list of the files of a version, as it is signed", "plugin trust", "environment", "once", "immutable",
    cloud="{metadata}/trust/targets/{program}/{digest}.{version}.json",
    local="trust/targets/{program}/{digest}.{version}.json",
    static="trust/targets/{program}/{digest}.{version}.json",
)  # fmt: skip
STATIC_CATALOGUE = DocumentKind(
    "catalogue of a static folder", "publish", "environment", "conditionally", "pointer",
    static="discovery/mini-programs.json",
)  # fmt: skip
INSTRUCTIONS = DocumentKind(
    "instructions for who uploads the folder", "publish", "environment", "conditionally", "pointer",
    static="PUBLISH_INSTRUCTIONS.md",
    content_type="text/markdown",
)  # fmt: skip
PAGES_MARKER = DocumentKind(
    "marker that keeps Pages hosts from building", "publish", "environment", "conditionally", "pointer",
    static=".nojekyll",
    content_type=None,
)  # fmt: skip

KINDS: tuple[DocumentKind, ...] = (
    MANIFEST,
    SCREEN,
    ASSET,
    PACKAGE,
    SEALED_PACKAGE,
    PACKAGE_DELTA,
    PACKAGE_INDEX,
    AUTHORED_SCREEN,
    RELEASE_RECORD,
    PROVENANCE,
    LATEST_MANIFEST,
    CATALOG_POINTER,
    DISABLED_POINTER,
    ROLLOUT_RULES,
    CAPABILITY_POLICY,
    ACCESS_KEYS,
    LINK_KEYS,
    RELEASE_DOCUMENT,
    LAST_GOOD,
    FINISHED_ATTEMPT,
    SEGMENT_IDS,
    ADMISSION_COUNT,
    ADMISSION,
    WITHDRAWN,
    AUDIT_EVENT,
    DENIALS,
    ACCESS_LOG,
    TOKEN_USES,
    ENVIRONMENT_DOCUMENT,
    ENVIRONMENT_COPY,
    NOTICE_JOURNAL,
    NOTICE_DISPATCHES,
    PROGRAM_INDEX,
    INDEX_SHARD,
    WRITE_PROBE,
    SECURE_API_POLICY,
    TRUST_TIMESTAMP,
    TRUST_METADATA,
    SIGNED_VERSION,
    STATIC_CATALOGUE,
    INSTRUCTIONS,
    PAGES_MARKER,
)
