"""One plugin at a time: what loads, and what is refused with which reason."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniprogram.errors import PluginError
from miniprogram.plugins.allowed.api_range import OtherApiError, require_api
from miniprogram.plugins.allowed.pins import PinSet, read_pins
from miniprogram.plugins.installed.discovery import PluginEntry, find_entries
from miniprogram.plugins.loading.loader import Plugin, load_plugins

API = 'MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"\n'
IMPORTS = "from miniprogram.plugins.markers import hookimpl\nfrom miniprogram.plugins.specs import Capability\n"
MARKED = API + IMPORTS + "@hookimpl\ndef "


@pytest.fixture
def load(
    site: Path, install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Plugin]]:
    """`load(source)` installs a plugin named `demo` with that hooks module and loads it."""
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def once(source: str, value: str = "demo_hooks_under_test") -> Plugin:
        install("demo", entry_points=f"[miniprogram]\ndemo = {value}\n", code={"demo_hooks_under_test": source})
        return load_plugins(find_entries([str(site)]), PinSet())[0]

    yield once
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_sound_plugin_is_loaded(load: Callable[..., Plugin]) -> None:
    plugin = load(API + IMPORTS + "@hookimpl\ndef miniprogram_capabilities():\n    return []\n")

    assert (plugin.status, plugin.reason) == ("loaded", None)


def test_hooks_may_be_an_attribute_of_a_module(load: Callable[..., Plugin]) -> None:
    plugin = load('class hooks:\n    MINIPROGRAM_HOOK_API = "=1.0.0"\n', "demo_hooks_under_test:hooks [extra]")

    assert plugin.status == "loaded"


@pytest.mark.parametrize(
    ("source", "status", "reason"),
    [
        ("import no_such_package_anywhere", "broken", "No module named 'no_such_package_anywhere'"),
        ("def broken(:", "broken", "demo_hooks_under_test.py, line 1"),
        ("raise SystemExit(3)", "broken", "SystemExit: 3"),
        ("raise ValueError('two\\nlines')", "broken", "ValueError: two lines"),
        ("", "broken", "MINIPROGRAM_HOOK_API"),
        ("MINIPROGRAM_HOOK_API = 1", "broken", "MINIPROGRAM_HOOK_API"),
        ("MINIPROGRAM_HOOK_API = '^1'", "broken", "'^1' is not a range"),
        ("MINIPROGRAM_HOOK_API = '>=2.0.0 <3.0.0'", "incompatible", ">=2.0.0 <3.0.0"),
        (MARKED + "miniprogram_publish_targts(): ...\n", "broken", "did you mean miniprogram_publish_targets?"),
        (MARKED + "something_else(): ...\n", "broken", "there is no hook something_else"),
        (API + "def miniprogram_commands(): ...\n", "broken", "miniprogram_commands is not marked with @hookimpl"),
    ],
    ids=[
        "import",
        "syntax",
        "exit",
        "raise",
        "no-api",
        "odd-api",
        "bad-api",
        "other-api",
        "misspelt",
        "unknown",
        "unmarked",
    ],
)
def test_what_is_wrong_is_said(load: Callable[..., Plugin], source: str, status: str, reason: str) -> None:
    plugin = load(source)

    assert plugin.status == status
    assert plugin.hooks is None
    assert reason in (plugin.reason or "")
    assert "\n" not in (plugin.reason or "")


def test_a_missing_attribute_is_told(load: Callable[..., Plugin]) -> None:
    plugin = load(API, "demo_hooks_under_test:absent")

    assert plugin.status == "broken"
    assert "absent" in (plugin.reason or "")


@pytest.mark.parametrize("order", [1, -1], ids=["this way", "that way"])
def test_a_name_that_two_give_their_plugin_is_nobodys(load: Callable[..., Plugin], order: int) -> None:
    first = load(API).entry
    second = PluginEntry("Demo", first.module, "another", "1")

    plugins = load_plugins([first, second][::order], PinSet())

    assert [plugin.status for plugin in plugins] == ["broken", "broken"]
    assert {plugin.reason for plugin in plugins} == {
        "another gives its plugin the name demo too, so neither is loaded",
        f"{first.distribution} gives its plugin the name Demo too, so neither is loaded",
    }


@pytest.mark.parametrize("name", ["miniprogram", "static", "GitHub_Pages", "aws"])
@pytest.mark.parametrize("order", [1, -1], ids=["this way", "that way"])
def test_a_name_of_this_project_is_not_for_others(load: Callable[..., Plugin], name: str, order: int) -> None:
    module = load(API).entry.module
    impostor = PluginEntry(name, module, "impostor", "1")
    ours = PluginEntry("static", module, "miniprogram-static", "1")

    plugins = {each.entry: each for each in load_plugins([impostor, ours][::order], PinSet())}

    assert plugins[impostor].status == "broken"
    assert f"the name {name} belongs to miniprogram" in (plugins[impostor].reason or "")
    assert plugins[ours].status == "loaded"


def test_stdout_belongs_to_the_command_while_a_plugin_is_imported(
    load: Callable[..., Plugin], capfd: pytest.CaptureFixture[str]
) -> None:
    plugin = load(f"{API}import os\nprint('from print')\nos.write(1, b'from the descriptor')\n")

    out, err = capfd.readouterr()
    assert (plugin.status, out) == ("loaded", "")
    assert "from print" in err
    assert "from the descriptor" in err


def test_pins_keep_others_from_being_imported(tmp_path: Path) -> None:
    pins = read_pins([str(tmp_path)], {"MINIPROGRAM_PLUGINS": "static"})

    plugin = load_plugins([PluginEntry("demo", "never_imported", "demo", "1")], pins)[0]

    assert plugin.status == "not allowed"


@pytest.mark.parametrize(
    ("declared", "works"),
    [
        (">=1.0.0 <2.0.0", True),
        (">=1.0.0", True),
        ("1.2.3", True),
        ("=1.2.3", True),
        (">1.2.2 <=1.2.3", True),
        (">1.2.3", False),
        ("<1.2.3", False),
        (">=1.10.0 <2.0.0", False),
        ("<=1.2.2", False),
    ],
)
def test_api_ranges(declared: str, works: bool) -> None:
    class Hooks:
        MINIPROGRAM_HOOK_API = declared

    if works:
        require_api(Hooks, current="1.2.3")
    else:
        with pytest.raises(OtherApiError, match=r"1\.2\.3"):
            require_api(Hooks, current="1.2.3")


@pytest.mark.parametrize("declared", ["1", "1.0", "a.b.c", ">=1.0.0-beta", ">=", "1.0.0.0", " "])
def test_api_ranges_that_are_none(declared: str) -> None:
    class Hooks:
        MINIPROGRAM_HOOK_API = declared

    with pytest.raises(PluginError):
        require_api(Hooks)
