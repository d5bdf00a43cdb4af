"""Flutter as a kind of preview host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from miniprogram.local_backend.adb import connected_devices, find_adb
from miniprogram.seams.preview_host import AppLaunch, PreviewAddress, PreviewProgram, Reach
from miniprogram_flutter.preview.devices import KINDS, Device, listed_device, named_device


class FlutterPreviewHost:
    """Implements `miniprogram.seams.preview_host.PreviewHost`."""

    devices = KINDS

    def find_device(self, device: str, *, environ: Mapping[str, str], cwd: Path) -> FlutterPreviewDevice | None:
        found = named_device(device)
        if found is None:
            adb = find_adb(environ, cwd=cwd)
            found = listed_device(device, connected_devices(adb, environ=environ, cwd=cwd)) if adb else None
        return None if found is None else FlutterPreviewDevice(found, environ, cwd)


@dataclass(frozen=True, slots=True)
class FlutterPreviewDevice:
    """Implements `miniprogram.seams.preview_host.PreviewDevice`."""

    device: Device
    environ: Mapping[str, str]
    cwd: Path

    @property
    def name(self) -> str:
        return self.device.id

    @property
    def over_network(self) -> bool:
        return self.device.link == "wifi"

    def prepare(self, program: PreviewProgram) -> None:
        from miniprogram_flutter.preview.app import prepare_app

        prepare_app(program, self.device.platform, environ=self.environ)

    def connect(self, ports: Sequence[int]) -> AbstractContextManager[Reach]:
        from miniprogram_flutter.preview.reach import reach

        return reach(self.device, ports, environ=self.environ, cwd=self.cwd)

    def launch(self, program: PreviewProgram, address: PreviewAddress) -> AppLaunch:
        from miniprogram_flutter.preview.app import app_folder
        from miniprogram_flutter.preview.launch import run_argv

        folder = app_folder(program)
        return AppLaunch(run_argv(self.device.id, folder, program, address), folder)
