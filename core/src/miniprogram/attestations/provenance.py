"""What a version was built from, and with what: an in-toto statement with the predicate of SLSA v1.

https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1 say what the members mean. The subject is the
version's archive, by its SHA-256 and by the digest of the bundle in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import ConfigDict, Field

from miniprogram.attestations.build import Build
from miniprogram.attestations.envelope import Believed, open_envelope, seal_statement
from miniprogram.attestations.source_revision import SourceRevision
from miniprogram.clock import to_iso
from miniprogram.errors import DocumentError
from miniprogram.models import CamelModel
from miniprogram.packages.archive import write_archive
from miniprogram.packages.bundle import Bundle
from miniprogram.seams.signing_key import PublicKey, SigningKey
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "https://miniprogram.example/build/v1"
BUILDER = "https://miniprogram.example/builders/command-line/v1"
BUNDLE_DIGEST = "miniprogramBundle"
"""The name of our digest among those of a subject: SHA-256 of the list of paths, hashes and sizes."""
COMMIT = "gitCommit"
DIRTY = "miniprogram_uncommittedChanges"
"""Annotation of the commit: whether something that is not in it may have been built too."""


class _Part(CamelModel):
    model_config = ConfigDict(strict=True)


class _Subject(_Part):
    name: str
    digest: dict[str, str]


class _Dependency(_Part):
    uri: str = ""
    digest: Mapping[str, str] = Field(default_factory=dict)
    annotations: Mapping[str, Any] = Field(default_factory=dict)


class _Definition(_Part):
    build_type: str
    external_parameters: Mapping[str, Any] = Field(default_factory=dict)
    resolved_dependencies: tuple[_Dependency, ...] = Field((), strict=False)


class _Builder(_Part):
    id: str
    version: Mapping[str, str] = Field(default_factory=dict)


class _Times(_Part):
    started_on: str = ""
    finished_on: str = ""


class _Run(_Part):
    builder: _Builder
    metadata: _Times = _Times()


class _Predicate(_Part):
    build_definition: _Definition
    run_details: _Run


class _Statement(_Part):
    type: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[_Subject, ...] = Field(strict=False, min_length=1, max_length=64)
    predicate_type: Literal["https://slsa.dev/provenance/v1"]
    predicate: _Predicate


class Provenance(CamelModel):
    """What somebody whose word counts says of a version. Times as ISO 8601; `commit` None where none was known."""

    mini_program_id: str
    version: str
    digest: str
    archive_sha256: str
    commit: str | None
    dirty: bool
    repository: str | None
    folder: str
    builder: str
    built_with: dict[str, str]
    started_at: str
    finished_at: str
    key_ids: tuple[str, ...]
    """SHA-256 of the trusted keys that signed it."""


def provenance_of(bundle: Bundle, build: Build, keys: Sequence[SigningKey]) -> bytes:
    """The statement about how `bundle` was built, signed with `keys`.

    The same build, signed with the same Ed25519 keys, gives the same bytes.
    """
    statement = {
        "_type": STATEMENT,
        "subject": [
            {
                "name": f"{bundle.program_id}-{bundle.version}.tar",
                "digest": {
                    "sha256": hashlib.sha256(write_archive(bundle)).hexdigest(),
                    BUNDLE_DIGEST: bundle.digest.removeprefix("sha256:"),
                },
            }
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "miniProgramId": bundle.program_id,
                    "version": bundle.version,
                    "folder": build.source.folder if build.source is not None else "",
                },
                "resolvedDependencies": [_commit(build.source)] if build.source is not None else [],
            },
            "runDetails": {
                "builder": {"id": BUILDER, "version": dict(sorted(build.built_with.items()))},
                "metadata": {"startedOn": to_iso(build.started), "finishedOn": to_iso(build.finished)},
            },
        },
    }
    return seal_statement(PAYLOAD_TYPE, to_canonical_json(statement), keys)


def read_provenance(body: bytes, trusted: Iterable[PublicKey], *, name: str) -> Provenance:
    """What `body` says, when it is signed with one of `trusted`.

    Raises NotBelieved when it is not, DocumentError for what is no such statement.
    """
    return _read(open_envelope(body, PAYLOAD_TYPE, trusted, name=name), name)


def _read(believed: Believed, name: str) -> Provenance:
    found = parse_model(_Statement, parse_json(believed.payload, name=name), name=name)
    definition, run = found.predicate.build_definition, found.predicate.run_details
    if definition.build_type != BUILD_TYPE:
        raise DocumentError(f"{name} is about a build of another kind: {definition.build_type}")
    asked = definition.external_parameters
    subject = found.subject[0]
    commits = [each for each in definition.resolved_dependencies if COMMIT in each.digest]
    commit = commits[0] if commits else None
    uri = commit.uri.removeprefix("git+") if commit is not None else ""
    return Provenance(
        mini_program_id=_text(asked.get("miniProgramId")),
        version=_text(asked.get("version")),
        digest=f"sha256:{subject.digest.get(BUNDLE_DIGEST, '')}",
        archive_sha256=subject.digest.get("sha256", ""),
        commit=commit.digest[COMMIT] if commit is not None else None,
        dirty=commit is not None and commit.annotations.get(DIRTY) is not False,
        repository=uri or None,
        folder=_text(asked.get("folder")),
        builder=run.builder.id,
        built_with=dict(run.builder.version),
        started_at=run.metadata.started_on,
        finished_at=run.metadata.finished_on,
        key_ids=believed.key_ids,
    )


def _commit(source: SourceRevision) -> dict[str, Any]:
    named = {"uri": f"git+{source.repository}"} if source.repository else {}
    return {**named, "digest": {COMMIT: source.commit}, "annotations": {DIRTY: source.dirty}}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
