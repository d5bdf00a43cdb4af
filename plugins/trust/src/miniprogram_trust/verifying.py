"""`trust verify`: everything an address serves, as a host that pins the root gets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from miniprogram_trust.client import PinnedHost
from miniprogram_trust.reports import VerifiedVersion, VerifyReport
from miniprogram_trust.role_names import program_of, role_of


def verify_address(
    address: str, root: bytes, *, access_key: str | None = None, transport: httpx.BaseTransport | None = None
) -> VerifyReport:
    """Load all that is signed from `address` and check it. Raises TrustError at the first that is wrong."""
    with TemporaryDirectory() as folder:
        host = PinnedHost(address, root, Path(folder), access_key=access_key, transport=transport)
        try:
            number = host.refresh()
            versions = tuple(_verified(host, Path(folder)))
        finally:
            host.close()
    return VerifyReport(
        address=host.address,
        root_version=number,
        versions=versions,
        file_count=sum(each.file_count for each in versions),
    )


def _verified(host: PinnedHost, folder: Path) -> Iterator[VerifiedVersion]:
    for program_id, version in _signed(host, folder):
        listed = host.version(program_id, version)
        for path in listed.files:
            host.load(listed, path)
        if listed.package_index is not None:
            host.load_package_index(listed)
        yield VerifiedVersion(
            mini_program_id=program_id, version=version, digest=listed.digest, file_count=len(listed.files)
        )


def _signed(host: PinnedHost, folder: Path) -> Iterator[tuple[str, str]]:
    """Mini-programs and versions that are signed, from metadata that was verified and stored."""
    targets = json.loads((folder / "targets.json").read_bytes())
    for role in targets["signed"].get("delegations", {}).get("roles", []):
        program_id = program_of(role["name"])
        if program_id is None or not host.learn(program_id):
            continue
        stored = json.loads((folder / f"{role_of(program_id)}.json").read_bytes())
        for path in sorted(stored["signed"]["targets"]):
            yield program_id, path.rpartition("/")[2].removesuffix(".json")
