"""What runs in the container: packages that travel, the call that starts them, and what they read on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from miniprogram.provider_kit.archives import FunctionRuntime, archive_digest, archive_files, package_sources
from miniprogram_gcp.run_settings import DEFAULT_BASE_IMAGE, RunSettings

HOME = "/workspace"
"""Where Cloud Run puts the files."""
MAIN = "main.py"
_STARTING = """\
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from {module} import main

if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True, slots=True)
class RunProgram:
    """A program for Cloud Run. It gets by with the standard library: nothing is installed.

    `packages` are installed here and travel with all that is below them; `module` has the function `main()` that
    serves, `function_module` the function `deliver(request)` for Cloud Functions; `environ` are its variables.
    """

    environ: Mapping[str, str]
    packages: tuple[str, ...] = ("miniprogram.delivery", "miniprogram_gcp.function")
    module: str = "miniprogram_gcp.function.server"
    function_module: str = "miniprogram_gcp.function.framework"


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files of a program by path, for one base image. `digest` is theirs, whoever packs them wherever."""

    files: Mapping[str, bytes]
    digest: str
    base_image: str


def run_files(program: RunProgram, base_image: str) -> RunFiles:
    """The files to send. When this interpreter is of the version of `base_image`, compiled modules come along."""
    parents = {f"{name.partition('.')[0]}/__init__.py": b"" for name in program.packages}
    sources = dict(parents)
    for package in program.packages:
        sources |= package_sources(package)
    sources[MAIN] = _STARTING.format(module=program.module).encode()
    runtime = runtime_of(base_image)
    return RunFiles(archive_files(sources, runtime, home=HOME), archive_digest(sources, runtime), base_image)


def function_files(program: RunProgram, files: RunFiles) -> dict[str, bytes]:
    """The same files as Cloud Functions builds them: another start, and no packages that are wanted."""
    starting = f'from {program.function_module} import deliver\n\n__all__ = ["deliver"]\n'
    return {**files.files, MAIN: starting.encode(), "requirements.txt": b""}


def runtime_of(base_image: str) -> FunctionRuntime:
    """`python313` as (3, 13)."""
    digits = base_image.removeprefix("python")
    return int(digits[0]), int(digits[1:])


def delivery_program(settings: RunSettings, bucket: str) -> RunProgram:
    """The delivery service over `bucket`."""
    told: dict[str, object | None] = {
        "ARTIFACT_BUCKET_NAME": bucket,
        "ARTIFACTS_PREFIX": settings.artifacts_prefix,
        "METADATA_PREFIX": settings.metadata_prefix,
        "REQUIRE_MINI_PROGRAM_ACCESS_KEYS": "true" if settings.require_access_keys else "false",
        "LOG_LEVEL": settings.log_level,
        "LOG_SAMPLE": settings.log_sample,
        "LOG_SEVERITY_MEMBER": "severity",
        "POINTER_MAX_AGE_SECONDS": settings.pointer_max_age_seconds,
        "STALE_IF_ERROR_SECONDS": settings.stale_if_error_seconds,
        "DELIVERY_POLICY": settings.delivery_policy,
    }
    return RunProgram({name: str(value) for name, value in told.items() if value is not None})


def base_image_of(settings: RunSettings) -> str:
    return settings.base_image or DEFAULT_BASE_IMAGE
