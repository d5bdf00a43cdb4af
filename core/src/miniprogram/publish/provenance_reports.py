"""The use cases behind `provenance`: whose keys sign statements, and what is said of a version."""

from __future__ import annotations

from collections.abc import Sequence

from miniprogram.attestations.key_texts import key_id_of, key_text, parse_key_text
from miniprogram.attestations.provenance import Provenance
from miniprogram.attestations.stored_provenance import checked_provenance, stored_provenance
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.models import CamelModel
from miniprogram.object_keys import require_segment
from miniprogram.packages.release_record import read_record
from miniprogram.plugins.run_context import RunContext
from miniprogram.publish.signing import open_signers, statement_keys
from miniprogram.publish.target_store import TargetStore


class StatementKey(CamelModel):
    """A key that signs statements. `key` is its public part as one text, `name` what people call it here."""

    name: str
    key_id: str
    key: str


class StatementKeys(CamelModel):
    """The keys that were named to sign with."""

    schema_version: int = 1
    command: str = "provenance keys"
    keys: tuple[StatementKey, ...]


class ProvenanceReport(CamelModel):
    """The provenance of a published version, after its signature was checked."""

    schema_version: int = 1
    command: str = "provenance verify"
    location: str
    provenance: Provenance


def statement_keys_report(run_context: RunContext, more: Sequence[str]) -> StatementKeys:
    """The public parts of the keys at hand. Raises UsageError when none was named."""
    found = [(key.name, key.public()) for key in statement_keys(open_signers(run_context), "a statement", more)]
    return StatementKeys(
        keys=tuple(
            StatementKey(name=name, key_id=key_id_of(public), key=key_text(public)) for name, public in found
        )
    )


def _own_keys(run_context: RunContext) -> list[str]:
    """The keys at hand, as texts. Raises UsageError when none was named."""
    try:
        return [each.key for each in statement_keys_report(run_context, ()).keys]
    except UsageError as error:
        raise UsageError(
            "nobody says whose word counts: name a public key with --key",
            hint="`miniprogram provenance keys` prints it.",
        ) from error


def verify_provenance(
    run_context: RunContext, found: TargetStore, program_id: str, version: str, trusted: Sequence[str]
) -> ProvenanceReport:
    """What is said of a version, by a key of `trusted`, as texts; by one that is at hand where there are none.

    Raises MiniProgramError for a version that is not published whole, or of which nothing is said that counts.
    """
    require_segment(program_id, what="a mini-program id")
    texts = trusted or _own_keys(run_context)
    keys = [parse_key_text(text) for text in texts]
    name = f"{program_id} {version}"
    stored = found.store.get(found.keys.release_record_key(program_id, version))
    record = read_record(stored.body) if stored is not None else None
    if record is None or not record.finished or record.digest is None:
        raise MiniProgramError(f"{name} is not published whole in {found.store.location}")
    body = stored_provenance(found.store, found.keys, program_id, version)
    if body is None:
        raise MiniProgramError(
            f"{name} has no provenance in {found.store.location}",
            hint="`miniprogram publish --provenance` of the same sources adds it.",
        )
    said = checked_provenance(body, keys, program_id=program_id, version=version, digest=record.digest)
    return ProvenanceReport(location=found.store.location, provenance=said)
