"""What must not become public: keys, packages that hold keys, and the state of a machine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram_github_pages.git import Git

_PRIVATE_NAME = re.compile(
    r".*\.partner\.json|\.env(?!\.(example|sample|template)$)(\..*)?|.*\.(pem|key|p12|pfx|keystore|jks)|id_(rsa|ed25519|ecdsa)"
    r"|.*service-?account.*\.json|google-services\.json",
    re.IGNORECASE,
)
_PRIVATE_FOLDERS = frozenset({".mini_program", ".dart_tool", ".aws-sam", "node_modules", "access_keys", ".ssh"})
_SECRET_TEXT = re.compile(rb"mpk_live_[A-Za-z0-9_-]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b")


def refuse_private(paths: Iterable[str], *, where: str) -> None:
    """Raises PublishError naming the first of `paths` (with `/`) that is not meant for the public."""
    for path in paths:
        parts = PurePosixPath(path).parts
        if _PRIVATE_NAME.fullmatch(parts[-1]) or _PRIVATE_FOLDERS.intersection(parts):
            raise PublishError(
                f"{where} holds {path}, which must not become public",
                hint="Everything on a Pages branch can be read by everybody. Remove the file and publish again.",
            )


def refuse_secrets(bundle: Bundle) -> None:
    """Raises PublishError naming the first file of `bundle` with something like a key in it."""
    refuse_private((file.path for file in bundle.files), where=f"{bundle.program_id} {bundle.version}")
    for file in bundle.files:
        if _SECRET_TEXT.search(file.body):
            raise PublishError(f"{file.path} of {bundle.program_id} holds what looks like a secret key")


def refuse_dirty(program: Git) -> None:
    """Raises PublishError when the mini-program is in a git clone and has changes that are not committed.

    What Pages serves could not be found in the history again.
    """
    if program.ask("rev-parse", "--show-toplevel") is None:
        return
    if program.ask("check-ignore", "--quiet", ".") is not None:
        return
    changed = (program.ask("status", "--porcelain", "--", ".") or "").splitlines()
    if changed:
        first = changed[0][3:]
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise PublishError(
            f"the mini-program has uncommitted changes: {first}{more}",
            hint="Commit them, or publish with --allow-dirty.",
        )
