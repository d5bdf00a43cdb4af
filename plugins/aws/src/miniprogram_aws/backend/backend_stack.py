"""A publisher backend as a stack: its name, its function's archive, its template's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from miniprogram.backends.cloud.starter import starter_sources
from miniprogram.errors import DocumentError, UsageError
from miniprogram.provider_kit.archives import Archive, make_archive
from miniprogram.provider_kit.resource_names import slug
from miniprogram.seams.backend_operator import BackendRequest
from miniprogram.strict_json import read_bounded
from miniprogram_aws.stacks.stacks import ENVIRONMENT_TAG, PART_TAG, STACK_NAME, StackPlan

BACKEND_PART = "publisher-backend"
PROGRAM_TAG = "miniprogram:program"
RUNTIME = (3, 13)
"""The runtime the starter's template names."""
MAX_NAME = 128
MAX_TEMPLATE_BYTES = 51_200
"""What CloudFormation takes in a request."""


def stack_name(request: BackendRequest, given: str | None) -> str:
    """The stack's name. One that would be too long ends with a digest of the whole. Raises UsageError."""
    if given is None:
        program, environment = slug(request.program.program_id), slug(request.environment)
        name = f"mini-program-publisher-backend-{program}-{environment}"
        digest = sha256(name.encode()).hexdigest()[:8]
        return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 9].rstrip('-')}-{digest}"
    if not STACK_NAME.fullmatch(given):
        raise UsageError(
            f"--stack-name: {given!r} must start with a letter and hold letters, digits and hyphens, at most 128"
        )
    return given


def backend_tags(request: BackendRequest) -> dict[str, str]:
    return {PART_TAG: BACKEND_PART, ENVIRONMENT_TAG: request.environment, PROGRAM_TAG: request.program.program_id}


def backend_archive(source: Path, program_id: str) -> Archive:
    """What is below `source` as a function's archive. Raises MiniProgramError for what cannot be sent."""
    return make_archive(f"publisher-backend-{slug(program_id)}", starter_sources(source), RUNTIME)


def backend_plan(
    name: str, template: Path, parameters: Mapping[str, str], *, tags: Mapping[str, str]
) -> StackPlan:
    """Raises DocumentError for a template CloudFormation cannot be sent."""
    body = read_bounded(template, max_bytes=MAX_TEMPLATE_BYTES)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise DocumentError(f"{template} is not UTF-8") from None
    return StackPlan(name, text, parameters, tags)
