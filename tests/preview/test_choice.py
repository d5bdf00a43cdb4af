"""Which host gets a device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.preview.choice import find_device


class Host:
    """Knows the devices it is told."""

    def __init__(self, devices: str) -> None:
        self.devices = devices

    def find_device(self, device: str, *, environ: Mapping[str, str], cwd: Path) -> Any:
        return f"{device} of {self.devices}" if device in self.devices.split(", ") else None


def spec(name: str, devices: str) -> HostGeneratorSpec:
    host: Callable[[], Any] = lambda: Host(devices)  # noqa: E731
    return HostGeneratorSpec(name, "an app", lambda: pytest.fail("nothing is generated"), host)


SPECS = {
    "b": spec("b", "tv, watch"),
    "a": spec("a", "watch, phone"),
    "c": HostGeneratorSpec("c", "an app", object),
}  # type: ignore[arg-type]


@pytest.mark.parametrize(("device", "found"), [("tv", "tv of tv, watch"), ("watch", "watch of watch, phone")])
def test_the_first_host_that_knows_it_has_it(device: str, found: str) -> None:
    assert find_device(SPECS, device, environ={}, cwd=Path()) == found


def test_an_unknown_device_is_answered_with_what_there_is() -> None:
    with pytest.raises(MiniProgramError, match="'moon'; there are: watch, phone; tv, watch"):
        find_device(SPECS, "moon", environ={}, cwd=Path())


def test_without_a_plugin_it_says_which_to_install() -> None:
    with pytest.raises(MiniProgramError) as caught:
        find_device({"c": SPECS["c"]}, "tv", environ={}, cwd=Path())
    assert "plugins/flutter of a clone" in (caught.value.hint or "")
