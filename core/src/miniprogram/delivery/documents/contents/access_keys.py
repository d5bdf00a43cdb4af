"""Access keys of protected programs (contract, section 6)."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.documents.cache.document import Document, parse_object
from miniprogram.delivery.evaluation.digests import sha256
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import ACCESS_KEY_ERROR, Refusal, broken

HEADER = "x-mini-program-access-key"

PLAINTEXT_MEMBERS = ("key", "value", "accessKey")
DIGEST_MEMBERS = ("sha256", "sha256Hash", "hash")


class AccessPolicy:
    """`access_keys/<id>.json`: the keys that open a program, kept as SHA-256 only."""

    __slots__ = ("_digests",)

    def __init__(self, digests: tuple[bytes, ...]) -> None:
        self._digests = digests

    def allows(self, key: str) -> bool:
        """Whether `key` is one of them. Takes the same time wherever the match is."""
        from hmac import compare_digest  # unprotected programs do without it

        presented = digest_of(key).encode("ascii")
        allowed = False
        for digest in self._digests:
            allowed |= compare_digest(presented, digest)
        return allowed


def compile_access_policy(document: Document) -> AccessPolicy:
    """Raises BrokenDocument when the document is not an object. Unusable entries open nothing."""
    members = parse_object(document, unique_keys=True)
    lists = (members.get("keys"), members.get("accessKeys"))
    entries = [entry for entry_list in lists if isinstance(entry_list, list) for entry in entry_list]
    digests = (digest for entry in entries if opens(entry) for digest in entry_digests(entry))
    return AccessPolicy(tuple(digest.encode("utf-8", "surrogatepass") for digest in digests))


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


def opens(entry: Any) -> bool:
    """Whether the keys of `entry` open the program. When it was revoked is for people: `enabled` decides."""
    if not isinstance(entry, dict):
        return isinstance(entry, str)
    return entry.get("enabled") is not False and entry.get("revoked") is not True


def entry_digests(entry: Any) -> list[str]:
    """Hex digests of the keys in `entry`: of one in plain text, and of one that is stored as its hash."""
    if isinstance(entry, str):
        return [digest_of(entry)] if entry.strip() else []
    if not isinstance(entry, dict):
        return []
    plaintext = _first_text(entry, PLAINTEXT_MEMBERS)
    digest = _first_text(entry, DIGEST_MEMBERS)
    found = [] if plaintext is None else [digest_of(plaintext)]
    return list(dict.fromkeys(found if digest is None else [*found, digest.strip().lower()]))


def digest_of(key: str) -> str:
    """Lower-case hex SHA-256 of the key's UTF-8 bytes: what is stored."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _first_text(entry: dict[str, Any], names: tuple[str, ...]) -> str | None:
    texts = (entry.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)
