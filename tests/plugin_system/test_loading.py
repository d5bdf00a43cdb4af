"""One plugin at a time: what loads, and what is refused with which reason."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniprogram.errors import PluginError
from miniprogram.plugins.api_range import OtherApiError, require_api
from miniprogram.plugins.discovery import PluginEntry, find_entries
from miniprogram.plugins.loading import Plugin, load_plugins
from miniprogram.plugins.pins import read_pins

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
        return load_plugins(find_entries([str(site)]), None)[0]

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


def test_the_second_plugin_of_a_name_is_refused(load: Callable[..., Plugin]) -> None:
    first = load(API).entry
    second = PluginEntry("Demo", first.module, "another", "1")
    impostor = PluginEntry("miniprogram", first.module, "impostor", "1")

    statuses = [plugin.status for plugin in load_plugins([first, second, impostor], None)]

    assert statuses == ["loaded", "broken", "broken"]


def test_pins_keep_others_from_being_imported(tmp_path: Path) -> None:
    pins = read_pins(str(tmp_path), {"MINIPROGRAM_PLUGINS": "static"})

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
