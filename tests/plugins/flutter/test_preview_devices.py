"""Devices, and the ways from them to this machine, with a stub adb."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram import lan
from miniprogram.errors import MiniProgramError
from miniprogram_flutter.preview.devices import Device
from miniprogram_flutter.preview.host import FlutterPreviewDevice, FlutterPreviewHost
from miniprogram_flutter.preview.reach import reach

ADB = """#!{python}
import sys
log, words = {log!r}, sys.argv[1:]
open(log, "a").write(" ".join(words) + "\\n")
if words == ["devices"]:
    print("List of devices attached\\n* daemon started\\nemulator-5554\\tdevice\\nR58M12\\tdevice\\n"
          "192.168.1.20:5555\\tdevice\\nPIXEL\\tunauthorized\\n[fe80::1]:5555\\tdevice\\n")
if words[2:] == ["reverse", "--list"]:
    print({mapped!r})
if words[2:3] == ["reverse"] and words[-1] in {refused!r}:
    sys.exit("adb: error: closed")
"""

MakeAdb = Callable[..., dict[str, str]]


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[str]]:
    log = tmp_path / "calls"
    return lambda: [line for line in log.read_text().splitlines() if "reverse" in line] if log.exists() else []


@pytest.fixture
def adb(tmp_path: Path) -> MakeAdb:
    """Puts a stub adb into a folder and returns an environment that finds it."""

    def make(*, refused: list[str] | None = None, mapped: str = "") -> dict[str, str]:
        script = ADB.format(
            python=sys.executable, log=str(tmp_path / "calls"), refused=refused or [], mapped=mapped
        )
        (tmp_path / "adb").write_text(script)
        (tmp_path / "adb").chmod(0o755)
        return {"PATH": str(tmp_path)}

    return make


def find(text: str, environ: dict[str, str], cwd: Path) -> FlutterPreviewDevice | None:
    return FlutterPreviewHost().find_device(text, environ=environ, cwd=cwd)


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("chrome", Device("chrome", "web", "local")),
        ("Edge", Device("edge", "web", "local")),
        ("iOS", Device("ios", "ios", "local")),
        ("linux", Device("linux", "linux", "local")),
        ("macOS", Device("macos", "macos", "local")),
        ("WINDOWS", Device("windows", "windows", "local")),
        ("emulator-5554", Device("emulator-5554", "android", "emulator")),
        ("Emulator-1", Device("emulator-1", "android", "emulator")),
        ("r58m12", Device("R58M12", "android", "usb")),
        ("192.168.1.20:5555", Device("192.168.1.20:5555", "android", "wifi")),
        ("[FE80::1]:5555", Device("[fe80::1]:5555", "android", "wifi")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_devices_are_known_in_any_case(adb: MakeAdb, tmp_path: Path, text: str, device: Device) -> None:
    found = find(text, adb(), tmp_path)

    assert found is not None
    assert found.device == device
    assert found.over_network is (device.link == "wifi")


@pytest.mark.parametrize(
    "text", ["moon", "PIXEL", "192.168.1.21:5555", "emulator-", "emulator-x", "List", "chrome2"]
)
def test_others_are_not(adb: MakeAdb, tmp_path: Path, text: str) -> None:
    assert find(text, adb(), tmp_path) is None


def test_without_adb_only_named_devices_are_known(tmp_path: Path) -> None:
    assert find("R58M12", {"PATH": str(tmp_path)}, tmp_path) is None
    assert find("emulator-5554", {"PATH": str(tmp_path)}, tmp_path) is not None


@pytest.mark.parametrize("device", [Device("chrome", "web", "local"), Device("linux", "linux", "local")])
def test_what_is_on_this_machine_uses_loopback(device: Device, tmp_path: Path) -> None:
    with reach(device, [4100], environ={}, cwd=tmp_path) as way:
        assert (way.host, way.notes) == ("127.0.0.1", ())


@pytest.mark.parametrize(
    "device", [Device("emulator-5554", "android", "emulator"), Device("R58M12", "android", "usb")]
)
def test_ports_are_mapped_for_as_long_as_it_takes(
    adb: MakeAdb, calls: Callable[[], list[str]], tmp_path: Path, device: Device
) -> None:
    with reach(device, [4100, 9090], environ=adb(), cwd=tmp_path) as way:
        assert (way.host, way.notes) == ("127.0.0.1", ())
        added = [line for line in calls() if "--list" not in line]
        assert added == [f"-s {device.id} reverse tcp:{port} tcp:{port}" for port in (4100, 9090)]

    removed = [line for line in calls() if "--remove" in line]
    assert removed == [f"-s {device.id} reverse --remove tcp:{port}" for port in (9090, 4100)]


def test_a_mapping_that_was_there_stays(adb: MakeAdb, calls: Callable[[], list[str]], tmp_path: Path) -> None:
    environ = adb(mapped="UsbFfs tcp:9090 tcp:9090")

    with reach(Device("R58M12", "android", "usb"), [4100, 9090], environ=environ, cwd=tmp_path):
        pass

    assert [line for line in calls() if "--remove" in line] == ["-s R58M12 reverse --remove tcp:4100"]


def test_mappings_go_when_the_preview_fails_too(
    adb: MakeAdb, calls: Callable[[], list[str]], tmp_path: Path
) -> None:
    device = Device("R58M12", "android", "usb")

    with pytest.raises(KeyboardInterrupt), reach(device, [4100], environ=adb(), cwd=tmp_path):
        raise KeyboardInterrupt

    assert calls()[-1] == "-s R58M12 reverse --remove tcp:4100"


def test_a_usb_device_needs_the_mapping(adb: MakeAdb, calls: Callable[[], list[str]], tmp_path: Path) -> None:
    device = Device("R58M12", "android", "usb")

    with (
        pytest.raises(MiniProgramError, match="R58M12 cannot reach port 9090"),
        reach(device, [4100, 9090], environ=adb(refused=["tcp:9090"]), cwd=tmp_path),
    ):
        pytest.fail("there is no way")

    assert calls()[-1] == "-s R58M12 reverse --remove tcp:4100"


@pytest.mark.parametrize("with_adb", [True, False])
def test_an_emulator_has_another_way(adb: MakeAdb, tmp_path: Path, with_adb: bool) -> None:
    environ = adb(refused=["tcp:4100"]) if with_adb else {"PATH": str(tmp_path)}

    with reach(Device("emulator-5554", "android", "emulator"), [4100], environ=environ, cwd=tmp_path) as way:
        assert way.host == "10.0.2.2"
        assert "10.0.2.2" in way.notes[0]


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({"MINI_PROGRAM_PREVIEW_LAN_HOST": " mine.local "}, "mine.local"),
        ({"MINI_PROGRAM_PREVIEW_PUBLIC_HOST": "203.0.113.9"}, "203.0.113.9"),
        (
            {"MINI_PROGRAM_PREVIEW_LAN_HOST": "10.1.1.1", "MINI_PROGRAM_PREVIEW_PUBLIC_HOST": "203.0.113.9"},
            "10.1.1.1",
        ),
        ({"MINI_PROGRAM_PREVIEW_LAN_HOST": " ", "MINI_PROGRAM_PREVIEW_PUBLIC_HOST": "[fe80::2]"}, "[fe80::2]"),
    ],
)
def test_variables_settle_the_host_for_wifi(tmp_path: Path, environ: dict[str, str], host: str) -> None:
    with reach(Device("192.168.1.20:5555", "android", "wifi"), [4100], environ=environ, cwd=tmp_path) as way:
        assert way.host == host


@pytest.mark.parametrize("value", ["http://x", "x:80", "a b", "x/y"])
def test_a_variable_that_is_no_host_is_named(value: str) -> None:
    with pytest.raises(MiniProgramError, match="MINI_PROGRAM_PREVIEW_LAN_HOST"):
        lan.lan_host("192.168.1.20", environ={"MINI_PROGRAM_PREVIEW_LAN_HOST": value})


@pytest.mark.parametrize(
    ("addresses", "device", "ranked"),
    [
        (
            ["127.0.0.1", "169.254.3.4", "10.0.0.5", "192.168.1.7"],
            "192.168.1.20",
            ["192.168.1.7", "10.0.0.5"],
        ),
        (["192.168.2.7", "192.168.1.7", "192.0.2.1"], "192.168.1.20", ["192.168.1.7", "192.168.2.7", "192.0.2.1"]),
        (["8.8.8.8", "10.9.0.1", "10.10.0.1"], "phone.local", ["10.10.0.1", "10.9.0.1", "8.8.8.8"]),
        (["10.0.0.5", "10.0.0.5"], "[fe80::1]", ["10.0.0.5"]),
        (["127.0.0.1"], "192.168.1.20", []),
    ],
    ids=["nearest", "octets in common", "private first, then text", "no doubles", "none"],
)
def test_addresses_are_ranked_by_nearness(addresses: list[str], device: str, ranked: list[str]) -> None:
    assert lan.rank_addresses(addresses, device) == ranked


def test_a_machine_without_a_network_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan, "own_addresses", lambda: ["127.0.0.1"])

    with pytest.raises(MiniProgramError, match="no IPv4 address"):
        lan.lan_host("192.168.1.20", environ={})


def test_this_machine_has_a_loopback_address() -> None:
    assert "127.0.0.1" in lan.own_addresses()
