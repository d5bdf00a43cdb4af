"""Previews in a desktop app that is started as `acme-viewer URL`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from miniprogram.errors import MiniProgramError
from miniprogram.seams.preview_host import AppLaunch, PreviewAddress, PreviewDevice, PreviewProgram, Reach

VIEWER = "acme-viewer"


class ViewerDevice:
    """Implements PreviewDevice: an app on this machine, so loopback is enough and nothing has to be kept ready."""

    name = "the Acme viewer"
    over_network = False

    def __init__(self, search_path: str | None) -> None:
        self._search_path = search_path

    def prepare(self, program: PreviewProgram) -> None:
        del program  # the viewer shows any
        if which(VIEWER, path=self._search_path) is None:
            raise MiniProgramError(f"{VIEWER} is not on PATH", hint="Install it from your company's tools.")

    @contextmanager
    def connect(self, ports: Sequence[int]) -> Iterator[Reach]:
        del ports  # it runs on this machine
        yield Reach("127.0.0.1")

    def launch(self, program: PreviewProgram, address: PreviewAddress) -> AppLaunch:
        return AppLaunch([VIEWER, f"{address.base_url}?program={program.program_id}"], program.root)


class ViewerHost:
    """Implements PreviewHost."""

    devices = "viewer"

    def find_device(self, device: str, *, environ: Mapping[str, str], cwd: Path) -> PreviewDevice | None:
        del cwd
        return ViewerDevice(environ.get("PATH")) if device == "viewer" else None
