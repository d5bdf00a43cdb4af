"""A whole preview, on a device that is a shell script."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.backends.mock.template import MockTemplate
from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.errors import MiniProgramError, ToolError
from miniprogram.preview.running import Builds, run_preview
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.backend_template import ProgramFacts

pytestmark = pytest.mark.process

WAIT_S = 15
MakeDevice = Callable[..., Any]


@pytest.fixture
def preview(location: ProgramLocation, build: Callable[[], BuildReport]) -> Callable[..., tuple[int, list[str]]]:
    """Runs a preview to its end: the exit code and everything it said."""

    def preview(device: Any, **builds: Any) -> tuple[int, list[str]]:
        said: list[str] = []
        how = Builds(**{"first": build, "again": build, **builds})
        code = run_preview(location, device, how, environ=dict(os.environ), say=said.append, warn=said.append)
        return code, said

    return preview


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_exit_code_is_the_apps(
    preview: Callable[..., Any], script_device: MakeDevice, script: str, code: int
) -> None:
    device = script_device(script)

    assert preview(device)[0] == code
    assert device.events == ["prepare shop Corner shop", "connect", "launch", "disconnect"]


def test_what_it_builds_elsewhere_is_not_what_it_watches(
    location: ProgramLocation, script_device: MakeDevice
) -> None:
    elsewhere = replace(location, build_dir=location.root / "assets" / "built")
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    build = partial(build_program, elsewhere, sources=sources)
    said: list[str] = []

    run_preview(
        elsewhere,
        script_device("sleep 2"),
        Builds(first=build, again=build),
        environ=dict(os.environ),
        say=said.append,
        warn=said.append,
    )

    assert (location.root / "assets" / "built" / "screens" / "shop_home.json").is_file()
    assert [line for line in said if "Rebuilt" in line] == []


def test_a_failing_first_build_ends_it_before_any_host_work(
    root: Path, preview: Callable[..., Any], script_device: MakeDevice
) -> None:
    device = script_device("exit 0")
    (root / "stac" / "screens" / "shop_home.json").write_text("{")

    with pytest.raises(MiniProgramError, match=r"shop_home\.json"):
        preview(device)
    assert device.events == []


def test_notes_and_the_devices_name_for_us_are_used(
    preview: Callable[..., Any], script_device: MakeDevice
) -> None:
    device = script_device("exit 0", host="10.0.2.2", notes=("It goes another way.",))

    _, said = preview(device)

    assert "Note: It goes another way." in said
    assert re.fullmatch(rf"http://10\.0\.2\.2:{device.ports[0]}/[\w-]{{20,}}/preview/", device.address.base_url)
    assert device.address.backend_url is None


def test_nothing_is_left_when_the_app_cannot_start(preview: Callable[..., Any], script_device: MakeDevice) -> None:
    device = script_device("exit 0")
    device.launch = lambda program, address: type(
        "Launch", (), {"argv": ["no-such-program"], "cwd": device.folder}
    )()
    before = threading.active_count()

    with pytest.raises(ToolError, match="no-such-program is not on PATH"):
        preview(device)

    assert device.events[-1] == "disconnect"
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", device.ports[0]), timeout=5)


def until(question: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError("it never came about")


def test_what_is_saved_is_served_and_a_broken_save_is_told(
    root: Path,
    location: ProgramLocation,
    build: Callable[[], BuildReport],
    script_device: MakeDevice,
    tmp_path: Path,
) -> None:
    device = script_device("while [ ! -e stop ]; do sleep 0.05; done")
    home = root / "stac" / "screens" / "shop_home.json"
    said: list[str] = []
    ended: list[int] = []

    def run() -> None:
        how = Builds(first=build, again=build)
        ended.append(
            run_preview(location, device, how, environ=dict(os.environ), say=said.append, warn=said.append)
        )

    def get(path: str) -> Any:
        return httpx.get(device.address.base_url + path, trust_env=False).json()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: device.address)
        assert get("status.json")["buildVersion"] == 1

        home.write_text(json.dumps({"type": "text", "data": "Saved"}))
        until(lambda: get("screens/shop_home.json").get("data") == "Saved")
        assert get("status.json")["state"] in {"ready", "building"}

        home.write_text(json.dumps({"type": "text", "dta": "Broken"}))
        failed = until(lambda: (s := get("status.json"))["state"] == "build_failed" and s)
        assert "shop_home.json" in failed["lastBuildError"]
        assert get("screens/shop_home.json") == {"type": "text", "data": "Saved"}
        until(lambda: any("shop_home.json" in line for line in said))

        home.write_text(json.dumps({"type": "text", "data": "Mended"}))
        until(lambda: get("screens/shop_home.json").get("data") == "Mended")
        mended = until(lambda: (s := get("status.json"))["state"] == "ready" and s)
        assert mended["buildVersion"] > failed["buildVersion"]
        assert "lastBuildError" not in mended
    finally:
        (tmp_path / "stop").touch()
        thread.join(WAIT_S)

    assert ended == [0]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_polite_request_to_end_is_an_interrupt(
    preview: Callable[..., Any], script_device: MakeDevice, tmp_path: Path, name: str
) -> None:
    device = script_device(f"echo $$ > pid; kill -{name.removeprefix('SIG')} {os.getpid()}; sleep 60")
    handler = signal.getsignal(getattr(signal, name))

    with pytest.raises(KeyboardInterrupt):
        preview(device)

    assert signal.getsignal(getattr(signal, name)) == handler
    assert device.events[-1] == "disconnect"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_without_a_running_mock_it_says_how_to_get_one(
    root: Path, preview: Callable[..., Any], script_device: MakeDevice
) -> None:
    _write_mock(root)

    _, said = preview(script_device("exit 0"))

    assert any("miniprogram publisher-backend run" in line for line in said)


def test_the_running_mock_is_passed_on(root: Path, preview: Callable[..., Any], script_device: MakeDevice) -> None:
    from miniprogram.backends.local_runner import run_backend, stop_backend
    from miniprogram.clock import utc_now

    _write_mock(root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run_backend(root, host="127.0.0.1", port=port, now=utc_now)
    try:
        device = script_device("exit 0", host="10.0.2.2")
        preview(device)
        assert device.address.backend_url == f"http://10.0.2.2:{port}/"
        assert device.ports[1:] == [port]

        remote = script_device("exit 0", host="192.168.1.5")
        remote.over_network = True
        _, said = preview(remote)
        assert remote.address.backend_url is None
        assert any("--host 0.0.0.0" in line for line in said)
    finally:
        stop_backend(root)


def _write_mock(root: Path) -> None:
    template = MockTemplate()
    for path, body in template.render(ProgramFacts("shop", "Shop"), "bundled").items():
        file = root / template.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
