"""Ways from an Android device to ports of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.lan import lan_host
from miniprogram.local_backend.adb import add_reverse, find_adb, is_reversed, remove_reverse
from miniprogram.seams.preview_host import Reach
from miniprogram_flutter.preview.devices import Device, network_host

LOOPBACK = "127.0.0.1"
EMULATOR_HOST = "10.0.2.2"
"""What an Android emulator calls the loopback interface of the machine it runs on."""


@contextmanager
def reach(device: Device, ports: Sequence[int], *, environ: Mapping[str, str], cwd: Path) -> Iterator[Reach]:
    """Let `device` reach `ports` until the context ends. Raises MiniProgramError when there is no way."""
    if device.link == "local":
        yield Reach(LOOPBACK)
    elif device.link == "wifi":
        yield Reach(lan_host(network_host(device.id), environ=environ))
    else:
        with _reversed(device.id, ports, environ, cwd) as refused:
            yield _by_cable(device, refused)


def _by_cable(device: Device, refused: int | None) -> Reach:
    if refused is None:
        return Reach(LOOPBACK)
    if device.link == "usb":
        raise MiniProgramError(
            f"the device {device.id} cannot reach port {refused} of this machine: adb reverse failed",
            hint=f"Try it: adb -s {device.id} reverse tcp:{refused} tcp:{refused}",
        )
    note = f"adb reverse does not work for {device.id}; it uses {EMULATOR_HOST} to reach this machine."
    return Reach(EMULATOR_HOST, (note,))


@contextmanager
def _reversed(serial: str, ports: Sequence[int], environ: Mapping[str, str], cwd: Path) -> Iterator[int | None]:
    """Map every port on the device; yields the first that was refused, None when all are mapped.

    At the end the mappings made here are removed; one that was there before stays.
    """
    adb = find_adb(environ, cwd=cwd)
    with ExitStack() as made:
        refused = None if adb else ports[0]
        for port in ports if adb else ():
            assert adb is not None  # noqa: S101 - for the type checker
            if is_reversed(adb, serial, port, environ=environ, cwd=cwd):
                continue
            if not add_reverse(adb, serial, port, environ=environ, cwd=cwd):
                refused = port
                break
            made.callback(remove_reverse, adb, serial, port, environ=environ, cwd=cwd)
        yield refused
