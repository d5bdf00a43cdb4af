"""Access keys of protected programs (contract, section 6)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from miniprogram.delivery.documents.document import Document, parse_object
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import ACCESS_KEY_ERROR, Refusal, broken

HEADER = "x-mini-program-access-key"

_PLAINTEXT_MEMBERS = ("key", "value", "accessKey")
_DIGEST_MEMBERS = ("sha256", "sha256Hash", "hash")


class AccessPolicy:
    """`access_keys/<id>.json`: the keys that open a program, kept as SHA-256 only."""

    __slots__ = ("_digests",)

    def __init__(self, digests: tuple[bytes, ...]) -> None:
        self._digests = digests

    def allows(self, key: str) -> bool:
        """Whether `key` is one of them. Takes the same time wherever the match is."""
        from hmac import compare_digest  # unprotected programs do without it

        presented = _digest(key)
        allowed = False
        for digest in self._digests:
            allowed |= compare_digest(presented, digest)
        return allowed


def compile_access_policy(document: Document) -> AccessPolicy:
    """Raises BrokenDocument when the document is not an object. Unusable entries open nothing."""
    members = parse_object(document, unique_keys=True)
    lists = (members.get("keys"), members.get("accessKeys"))
    entries = [entry for entry_list in lists if isinstance(entry_list, list) for entry in entry_list]
    return AccessPolicy(tuple(digest for entry in entries for digest in _digests(entry)))


def check_access(
    program_id: str, policy: AccessPolicy | None, presented: str | None, *, key_required: bool
) -> Refusal | None:
    """Why the caller may not have the program; None when it may.

    `presented` is the header's value, if any. With `key_required` a program without a policy is closed.
    """
    details = {"miniProgramId": program_id}
    key = (presented or "").strip()
    if policy is None:
        if not key_required:
            return None
        message = f"Mini-program {program_id} has no access keys, and this server requires them."
        return Refusal(403, "access_key_not_configured", message, ACCESS_KEY_ERROR, details)
    if not key:
        message = f"Mini-program {program_id} is protected; send its access key in {HEADER}."
        return Refusal(401, "access_key_missing", message, ACCESS_KEY_ERROR, details)
    if not policy.allows(key):
        message = f"The access key sent for mini-program {program_id} is not valid."
        return Refusal(403, "access_key_invalid", message, ACCESS_KEY_ERROR, details)
    return None


def broken_policy(program_id: str, error: BrokenDocument) -> Refusal:
    """Nobody gets a program whose key policy cannot be read."""
    return broken(
        f"The access key policy of mini-program {program_id} cannot be used: {error.reason}.",
        {"key": error.key, "reason": error.reason},
    )


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest().encode("ascii")


def _digests(entry: Any) -> list[bytes]:
    if isinstance(entry, str):
        return [_digest(entry)] if entry.strip() else []
    if not isinstance(entry, dict) or entry.get("enabled") is False or entry.get("revoked") is True:
        return []
    plaintext = _first_text(entry, _PLAINTEXT_MEMBERS)
    digest = _first_text(entry, _DIGEST_MEMBERS)
    found = [] if plaintext is None else [_digest(plaintext)]
    return found if digest is None else [*found, digest.strip().lower().encode("utf-8", "surrogatepass")]


def _first_text(entry: dict[str, Any], names: tuple[str, ...]) -> str | None:
    texts = (entry.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)
