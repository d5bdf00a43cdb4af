"""Which archive a stack's function runs, and which it ran before: kept as parameters of the stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

from miniprogram.provider_kit.archives import Archive
from miniprogram.seams.object_store import ObjectStore
from miniprogram_aws.stacks.stacks import Stack, StackError


def code_parameters(bucket: str, archive: Archive, before: Stack | None) -> Mapping[str, str]:
    """The parameters for `archive` in `bucket`. What ran `before`, if it was something else, is remembered."""
    stood = before.parameters if before is not None else {}
    is_same = stood.get("FunctionCodeKey") == archive.key
    previous = ("PreviousCodeKey", "PreviousCodeDigest") if is_same else ("FunctionCodeKey", "FunctionCodeDigest")
    return {
        "FunctionCodeBucket": bucket,
        "FunctionCodeKey": archive.key,
        "FunctionCodeDigest": sha256(archive.body).hexdigest(),
        "PreviousCodeKey": stood.get(previous[0], ""),
        "PreviousCodeDigest": stood.get(previous[1], ""),
    }


def previous_code(stack: Stack, open_store: Callable[[str], ObjectStore]) -> Mapping[str, str]:
    """The parameters that put back what ran before, which trades places with what runs now.

    Raises StackError when there is none, or when its archive is gone or not what was deployed then.
    """
    stood = stack.parameters
    key, digest = stood.get("PreviousCodeKey", ""), stood.get("PreviousCodeDigest", "")
    if not key or not digest:
        raise StackError(
            f"{stack.name} never ran other code than now, so there is nothing to go back to",
            hint="Install the version of miniprogram you want, and deploy.",
        )
    bucket = stood["FunctionCodeBucket"]
    found = open_store(bucket).get(key)
    if found is None or sha256(found.body).hexdigest() != digest:
        what = "is gone" if found is None else "is not what was deployed then"
        raise StackError(
            f"s3://{bucket}/{key} {what}, so that {stack.name} cannot go back to it",
            hint="Install the version of miniprogram you want, and deploy.",
        )
    return {
        "FunctionCodeKey": key,
        "FunctionCodeDigest": digest,
        "PreviousCodeKey": stood["FunctionCodeKey"],
        "PreviousCodeDigest": stood.get("FunctionCodeDigest", ""),
    }
