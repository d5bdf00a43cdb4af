"""Whether the manifest of a chosen version is there, sound, and suits the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Members, Refusal, invalid_request, not_found
from miniprogram.delivery.evaluation.rules.strictness import Strictness
from miniprogram.delivery.evaluation.verdicts import (
    Denied,
    Granted,
    broken_document,
    context_required,
    precondition,
)
from miniprogram.delivery.evaluation.versions.manifest import Manifest, ManifestT

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.program import Program
    from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy


def check_manifest(
    program: Program[ManifestT],
    decision: Decision,
    policy: CapabilityPolicy | None,
    context: DeliveryContext,
    strictness: Strictness,
) -> Granted[ManifestT] | Denied:
    """Whether the manifest of the chosen version is there, sound, and suits the host."""
    try:
        manifest = program.manifest(decision)
        if strictness.documents_must_agree:
            _must_agree(program.id, decision, manifest)
        refusal = _incompatible_sdk(program.id, decision, manifest, context) or _lacking_capabilities(
            program.id, decision, manifest, policy, context
        )
        return Granted(decision, manifest) if refusal is None else Denied(refusal, decision)
    except MissingDocument as error:
        return Denied(not_found(str(error), decision.fields(context)), decision)
    except BrokenDocument as error:
        details = {**error.details, **decision.fields(context)}
        return Denied(broken_document(program.id, error, details), decision)


def _must_agree(program_id: str, decision: Decision, manifest: Manifest) -> None:
    """Hosts build screen addresses from the manifest's own id and version."""
    for member, expected in (("id", program_id), ("version", decision.version)):
        found = manifest.members.get(member, expected)
        if found != expected:
            raise BrokenDocument(manifest.key, f"{member} is {found!r} where {expected!r} was decided on")


def _incompatible_sdk(
    program_id: str, decision: Decision, manifest: Manifest, context: DeliveryContext
) -> Refusal | None:
    if context.sdk_version is None:
        return None
    allowed = manifest.sdk_range()
    if allowed is None:
        return None
    try:
        version = context.parsed_sdk_version()
    except ValueError:
        message = f"sdkVersion {context.sdk_version} is not a version."
        return invalid_request(message, {"parameter": "sdkVersion"})._replace(response_type=DELIVERY_ERROR)
    if allowed.allows(version):
        return None
    details: Members = {
        "miniProgramId": program_id,
        "sdkVersionRange": manifest.range_text,
        "requestedSdkVersion": context.sdk_version,
        **decision.fields(context),
    }
    message = (
        f"Mini-program {program_id} {decision.version} needs SDK {manifest.range_text}, "
        f"and the host has {context.sdk_version}."
    )
    return precondition("incompatible_sdk_version", message, details)


def _lacking_capabilities(
    program_id: str,
    decision: Decision,
    manifest: Manifest,
    policy: CapabilityPolicy | None,
    context: DeliveryContext,
) -> Refusal | None:
    if policy is None or not policy.enforces_capabilities:
        return None
    named: Members = {"miniProgramId": program_id}
    if not context.capabilities:
        missing = ["capabilities"]
        details = {**named, "missingQueryParameters": missing, **decision.fields(context)}
        return context_required(program_id, missing, details)
    lacking = sorted(set(manifest.required_capabilities).difference(context.capabilities))
    if not lacking:
        return None
    details = {**named, "missingCapabilities": lacking, **decision.fields(context)}
    message = f"Mini-program {program_id} {decision.version} needs the capabilities {', '.join(lacking)}."
    return precondition("missing_capabilities", message, details)
