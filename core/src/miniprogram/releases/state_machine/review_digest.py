"""The digest of everything a reviewer is shown: an approval counts for exactly that."""

from __future__ import annotations

import hashlib
from typing import Any

from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.strict_json import to_canonical_json


def shown_to_reviewer(document: ReleaseDocument, release: Release, package_digest: str | None) -> dict[str, Any]:
    """What the review is about. Segments count with their version: another list is another audience."""
    names = sorted(segments_in(release.configuration.audience))
    return {
        "miniProgramId": document.mini_program_id,
        "version": release.version,
        "kind": release.kind,
        "target": str(release.target),
        "attempt": release.attempt,
        "packageDigest": package_digest,
        "configuration": release.configuration.model_dump(mode="json", by_alias=True),
        "segments": {name: found.version for name in names if (found := document.segment(name))},
    }


def review_digest(document: ReleaseDocument, release: Release, package_digest: str | None) -> str:
    """SHA-256 of `shown_to_reviewer`, in hex."""
    return hashlib.sha256(to_canonical_json(shown_to_reviewer(document, release, package_digest))).hexdigest()
