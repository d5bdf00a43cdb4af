"""git in one folder, with the user's configuration and credentials."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from miniprogram.errors import PublishError, ToolError
from miniprogram_github_pages.repository.environment import (
    MESSAGES,
    SETTINGS,
    git_environment,
    options,
    with_config,
)
from miniprogram_github_pages.repository.messages import failure

TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a git command ended."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """stdout as text, without its last newline."""
        return self.stdout.decode("utf-8", "replace").rstrip("\n")


@dataclass(frozen=True, slots=True)
class Git:
    """git in `folder`. Failures are PublishErrors with git's own words, without credentials."""

    folder: Path
    environ: Mapping[str, str]
    index: Path | None = None
    """An index file to use instead of the clone's."""

    def run(self, *arguments: str, stdin: bytes = b"") -> str:
        """Output of `git arguments`, without its last newline."""
        return self._done(arguments, self.call(*arguments, stdin=[stdin])).text

    def read(self, *arguments: str, stdin: Iterable[bytes] = ()) -> bytes:
        """Output of `git arguments`, byte for byte. `stdin` is written to it piece by piece."""
        return self._done(arguments, self.call(*arguments, stdin=stdin)).stdout

    def ask(self, *arguments: str, no: int = 1) -> str | None:
        """Like `run`, but None when git answers with the exit code `no`. Any other failure is no answer."""
        answer = self.call(*arguments)
        return None if answer.code == no else self._done(arguments, answer).text

    def call(self, *arguments: str, stdin: Iterable[bytes] = (), settings: Mapping[str, str] = SETTINGS) -> Answer:
        """How `git arguments` ended. `settings` win over the user's."""
        command = ["git", *options({**MESSAGES, **settings}), *arguments]
        environ = git_environment({**os.environ, **self.environ})
        if self.index is not None:
            environ["GIT_INDEX_FILE"] = str(self.index)
        with tempfile.TemporaryFile() as pieces:
            pieces.writelines(stdin)
            pieces.seek(0)
            try:
                done = subprocess.run(
                    command,
                    cwd=self.folder,
                    env=environ,
                    stdin=pieces,
                    capture_output=True,
                    timeout=TIMEOUT_S,
                    check=False,
                )
            except FileNotFoundError:
                raise ToolError("git is not on PATH") from None
            except subprocess.TimeoutExpired:
                raise PublishError(f"git {_name(arguments)} gave no answer within {TIMEOUT_S:g} s") from None
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def with_config(self, settings: Mapping[str, str]) -> Git:
        """The same with `settings` besides the user's."""
        return replace(self, environ=with_config({**os.environ, **self.environ}, settings))

    def _done(self, arguments: tuple[str, ...], answer: Answer) -> Answer:
        if answer.code:
            raise PublishError(failure(_name(arguments), answer.stderr))
        return answer


def _name(arguments: tuple[str, ...]) -> str:
    """The subcommand among `arguments`."""
    return next((each for each in arguments if not each.startswith("-")), "")
