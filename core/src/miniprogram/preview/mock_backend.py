"""The mini-program's mock publisher backend, as far as a preview is concerned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from miniprogram.backends.local_runner import backend_status
from miniprogram.errors import MiniProgramError

STARTER = Path("backend", "mock", "server.py")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class MockBackend:
    """What a preview passes on. Without a `port` there is nothing; `note` then says why, when that is of use."""

    port: int | None = None
    note: str | None = None


def find_mock_backend(program_root: Path, *, over_network: bool) -> MockBackend:
    """The running mock backend of the mini-program, if a device can use it. Starts and changes nothing."""
    if not (program_root / STARTER).is_file():
        return MockBackend()
    try:
        status = backend_status(program_root)
    except MiniProgramError as error:
        return MockBackend(note=f"The mock publisher backend is left out: {error}")
    if status.state is None or not (status.process_alive and status.health.healthy):
        return MockBackend(
            note="The mock publisher backend does not run, so screens show what they show without it. "
            "Start it with `miniprogram publisher-backend run`, then preview again."
        )
    if over_network and status.state.bind_host in LOCAL_HOSTS:
        return MockBackend(
            note="The mock publisher backend listens on this machine only, which this device cannot reach. "
            "Run it with `--host 0.0.0.0` in a network you trust."
        )
    return MockBackend(status.state.port)
