"""A publisher backend as a stack: its name, its function's archive, its template's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from miniprogram.errors import DocumentError, MiniProgramError, UsageError
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
MAX_SOURCES_BYTES = 50 * 1024 * 1024
MAX_TEMPLATE_BYTES = 51_200
"""What CloudFormation takes in a request."""
_NOT_SHIPPED = {"__pycache__", ".git", ".venv"}


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
    """What is below `source` as a function's archive. Raises MiniProgramError for too much of it."""
    sources: dict[str, bytes] = {}
    total = 0
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if not path.is_file() or _NOT_SHIPPED.intersection(parts) or path.suffix == ".pyc":
            continue
        if not path.resolve().is_relative_to(source.resolve()):
            raise MiniProgramError(f"{path} leads out of {source}")
        body = read_bounded(path, max_bytes=MAX_SOURCES_BYTES)
        total += len(body)
        if total > MAX_SOURCES_BYTES:
            raise MiniProgramError(f"{source} holds more than {MAX_SOURCES_BYTES // 1024 // 1024} MiB")
        sources["/".join(parts)] = body
    _compile(sources, source)
    return make_archive(f"publisher-backend-{slug(program_id)}", sources, RUNTIME)


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


def _compile(sources: Mapping[str, bytes], source: Path) -> None:
    """A function that cannot be imported is better found here than by its first caller."""
    for name, body in sources.items():
        if not name.endswith(".py"):
            continue
        try:
            compile(body, name, "exec")
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            line_note = f" (line {line})" if line else ""
            raise MiniProgramError(
                f"{source / name} is no Python: {getattr(error, 'msg', error)}{line_note}"
            ) from None
