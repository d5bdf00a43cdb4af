"""What must not become public: keys, packages that hold keys, and the state of a machine."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle

_PRIVATE_NAME = re.compile(
    r".*\.partner\.json|\.env(?!\.(example|sample|template)$)(\..*)?|.*\.(pem|key|p12|pfx|keystore|jks)|id_(rsa|ed25519|ecdsa)"
    r"|.*service-?account.*\.json|google-services\.json",
    re.IGNORECASE,
)
_PRIVATE_FOLDERS = frozenset({".mini_program", ".dart_tool", ".aws-sam", "node_modules", "access_keys", ".ssh"})
_SECRET_TEXT = re.compile(rb"mpk_live_[A-Za-z0-9_-]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b")


def refuse_secrets(bundle: Bundle) -> None:
    """Raises PublishError naming the first file of `bundle` that is private, or has something like a key in it.

    Only what is published is looked at; what else a branch serves is for those who put it there.
    """
    for file in bundle.files:
        parts = PurePosixPath(file.path).parts
        if _PRIVATE_NAME.fullmatch(parts[-1]) or _PRIVATE_FOLDERS.intersection(parts):
            raise PublishError(
                f"{bundle.program_id} {bundle.version} holds {file.path}, which must not become public",
                hint="Everything on a Pages branch can be read by everybody. Remove the file and publish again.",
            )
        if _SECRET_TEXT.search(file.body):
            raise PublishError(f"{file.path} of {bundle.program_id} holds what looks like a secret key")
