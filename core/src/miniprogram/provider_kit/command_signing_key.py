"""A key that signs, behind a program of yours: the simplest way to any device or service.

`cmd:hsm --slot 3` runs `hsm --slot 3 public`, which prints the public key in PEM, and `hsm --slot 3 sign`, which
reads the message from its input and prints the signature, as bytes and nothing else. No shell is in between.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from miniprogram.errors import MiniProgramError, ToolError, UsageError
from miniprogram.provider_kit.public_keys import public_key_in_pem
from miniprogram.seams.signing_key import PublicKey

TIMEOUT_S = 60
"""Seconds one answer may take; somebody may have to touch a device."""
MAX_ANSWER_BYTES = 64 * 1024


class CommandSigningKey:
    """Implements SigningKey. The program is run once for the public key, and for each signature."""

    def __init__(self, command: str, *, cwd: Path, environ: Mapping[str, str]) -> None:
        """Raises UsageError for a command that no shell would take either."""
        try:
            self._argv = shlex.split(command)
        except ValueError:
            raise UsageError(f"cmd:{command} is no command: a quotation mark is missing") from None
        if not self._argv:
            raise UsageError("cmd: names no program")
        self._cwd, self._environ = cwd, environ

    @property
    def name(self) -> str:
        return self._argv[0]

    def public(self) -> PublicKey:
        return self._public

    def sign(self, message: bytes) -> bytes:
        return self._run("sign", message)

    @cached_property
    def _public(self) -> PublicKey:
        return public_key_in_pem(self._run("public", b""), name=self.name)

    def _run(self, word: str, message: bytes) -> bytes:
        what = f"{self.name} {word}"
        try:
            done = subprocess.run(
                [*self._argv, word],
                input=message,
                cwd=self._cwd,
                env=dict(self._environ),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=True,
            )
        except OSError as error:
            raise ToolError(f"{self.name}, which is to sign, cannot be run: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise ToolError(f"{what} gave no answer within {TIMEOUT_S} s") from None
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ToolError(f"{what} failed ({error.returncode}): {said[-1] if said else 'no message'}") from None
        if not 0 < len(done.stdout) <= MAX_ANSWER_BYTES:
            raise MiniProgramError(f"{what} printed {len(done.stdout)} bytes, which is no answer")
        return done.stdout
