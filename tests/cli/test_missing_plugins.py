"""What a plugin brings, asked for while the plugin is absent, broken or pinned out: the answer names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.test_every_command import LONGEST_ERROR, registry
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.plugins import additions
from miniprogram.plugins.installed.discovery import PluginEntry, find_entries
from miniprogram.testing import write_program

pytestmark = pytest.mark.slow

LINES = [
    (
        additions.TARGETS,
        (
            "publish --target {} --no-such-option",
            "versions --target {} --no-such-option",
            "rollback 1.0.0 --target {} --no-such-option",
        ),
    ),
    (additions.PROVIDERS, ("env configure x --provider {} --no-such-option",)),
    (additions.TEMPLATES, ("publisher-backend scaffold --template {}",)),
    (additions.COMMANDS, ("{} --no-such-option", "{} --help", "help {}")),
]
"""How each kind of thing is asked for. The option is a fault, too, and is not what is told."""


def asked() -> Iterator[object]:
    distributions = {plugin.entry.name: plugin.entry.distribution for plugin in registry().plugins}
    for kind, lines in LINES:
        for owner, name in registry().names_by_plugin(kind):
            if owner in distributions:
                for line in lines:
                    yield pytest.param(line.format(name), distributions[owner], id=line.format(name))


def test_each_kind_is_asked_for() -> None:
    assert {distribution for case in asked() for distribution in [case.values[1]]} >= {  # type: ignore[attr-defined]
        f"miniprogram-{name}" for name in ("aws", "firebase", "gcp", "github-pages", "s3", "server", "static")
    }


def others(distribution: str) -> list[PluginEntry]:
    return [entry for entry in find_entries() if entry.distribution != distribution]


def absent(distribution: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found = others(distribution)
    monkeypatch.setattr("miniprogram.plugins.registry.find_entries", lambda *_: found)
    return {}


def broken(distribution: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    torn = [
        PluginEntry(entry.name, "no_such_module", entry.distribution, entry.version)
        for entry in find_entries()
        if entry.distribution == distribution
    ]
    found = [*others(distribution), *torn]
    monkeypatch.setattr("miniprogram.plugins.registry.find_entries", lambda *_: found)
    return {}


def pinned_out(distribution: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return {"MINIPROGRAM_PLUGINS": ",".join(entry.distribution for entry in others(distribution))}


SAID = {
    absent: "which is not installed",
    broken: "which is broken: ModuleNotFoundError",
    pinned_out: "which is not allowed: MINIPROGRAM_PLUGINS does not name",
}


@pytest.mark.parametrize("state", SAID, ids=lambda state: state.__name__)
@pytest.mark.parametrize(("line", "distribution"), list(asked()))
def test_it_is_named_with_the_reason(
    line: str,
    distribution: str,
    state: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_program(tmp_path / "shop")
    capsys.readouterr()
    environ = state(distribution, monkeypatch)  # type: ignore[operator]

    code = run(line.split(), AppContext(cwd=tmp_path / "shop", environ={"HOME": str(tmp_path), **environ}))

    out, err = capsys.readouterr()
    assert (code in (1, 64), out) == (True, ""), err
    first = err.splitlines()[0]
    assert distribution in first
    assert SAID[state] in first  # type: ignore[index]
    assert len(err.splitlines()) <= LONGEST_ERROR
    assert "pip install" not in err
