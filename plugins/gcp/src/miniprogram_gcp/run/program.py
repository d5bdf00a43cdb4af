"""What runs in the container: packages that travel, the call that starts them, and what they read on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

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


class RunProgram(Protocol):
    """A program for Cloud Run. It gets by with the standard library: nothing is installed."""

    @property
    def environ(self) -> Mapping[str, str]:
        """Its environment variables."""
        ...

    @property
    def main(self) -> str:
        """The file that Python is started with."""
        ...

    @property
    def entry_point(self) -> str:
        """The function of `main.py` that Cloud Functions calls with a request of Flask."""
        ...

    def sources(self) -> Mapping[str, bytes]:
        """Its files by path. Raises MiniProgramError when they cannot be read."""
        ...

    def as_function(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """`files` as Cloud Functions builds them."""
        ...


@dataclass(frozen=True, slots=True)
class PackagedProgram:
    """A RunProgram of packages that are installed here, and travel with all that is below them.

    `module` has the function `main()` that serves, `function_module` the function `deliver(request)` for Cloud
    Functions.
    """

    environ: Mapping[str, str]
    packages: tuple[str, ...] = ("miniprogram.delivery", "miniprogram_gcp.function")
    module: str = "miniprogram_gcp.function.server"
    function_module: str = "miniprogram_gcp.function.framework"
    main: str = MAIN
    entry_point: str = "deliver"

    def sources(self) -> Mapping[str, bytes]:
        found = {f"{name.partition('.')[0]}/__init__.py": b"" for name in self.packages}
        for package in self.packages:
            found |= package_sources(package)
        return {**found, MAIN: _STARTING.format(module=self.module).encode()}

    def as_function(self, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """With another start, and no packages that are wanted."""
        starting = f'from {self.function_module} import deliver\n\n__all__ = ["deliver"]\n'
        return {**files, MAIN: starting.encode(), "requirements.txt": b""}


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files of a program by path, for one base image. `digest` is theirs, whoever packs them wherever."""

    files: Mapping[str, bytes]
    digest: str
    base_image: str


def run_files(program: RunProgram, base_image: str) -> RunFiles:
    """The files to send. When this interpreter is of the version of `base_image`, compiled modules come along."""
    sources = program.sources()
    runtime = runtime_of(base_image)
    return RunFiles(archive_files(sources, runtime, home=HOME), archive_digest(sources, runtime), base_image)


def runtime_of(base_image: str) -> FunctionRuntime:
    """`python313` as (3, 13)."""
    digits = base_image.removeprefix("python")
    return int(digits[0]), int(digits[1:])


def delivery_program(settings: RunSettings, bucket: str) -> PackagedProgram:
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
    return PackagedProgram({name: str(value) for name, value in told.items() if value is not None})


def base_image_of(settings: RunSettings) -> str:
    return settings.base_image or DEFAULT_BASE_IMAGE
