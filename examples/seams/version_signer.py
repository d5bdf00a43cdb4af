"""A company's own notary: a service that has to agree to every version before hosts are sent to it."""

from __future__ import annotations

import httpx

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import VersionSignerSpec
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_signing import SignerContext, VersionToSign

VARIABLE = "ACME_NOTARY"


class NotarySigner:
    """Implements VersionSigner. The notary keeps its own records, so nothing is written beside the versions."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._url, self._transport = url, transport

    def sign(self, store: ObjectStore, keys: Keys, version: VersionToSign) -> tuple[str, ...]:
        del keys  # of documents beside the versions
        name = f"{version.program_id} {version.version}"
        files = {path: file.sha256 for path, file in version.files.items()}
        told = {"version": name, "digest": version.digest, "files": files, "where": store.location}
        try:
            with httpx.Client(transport=self._transport, timeout=10) as client:
                answer = client.post(self._url, json=told)
        except httpx.HTTPError as error:
            raise MiniProgramError(f"the notary cannot be told of {name} ({type(error).__name__})") from error
        if answer.status_code != 201:
            raise MiniProgramError(f"the notary did not agree to {name}: it answered {answer.status_code}")
        return ()


def open_notary(context: SignerContext) -> NotarySigner:
    url = context.environ.get(VARIABLE)
    if not url:
        raise MiniProgramError(f"no notary is named: set {VARIABLE}")
    return NotarySigner(url)


SPEC = VersionSignerSpec("acme-notary", "the notary of Acme", open_notary)
"""What the hook `miniprogram_version_signers` returns in a list."""
