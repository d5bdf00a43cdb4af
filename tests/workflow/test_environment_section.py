"""Which stored values `workflow status` shows: the provider's specification says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PluginError
from miniprogram.plugins.spec_rules import objections
from miniprogram.plugins.specs import ProviderSpec
from miniprogram.workflow.environment_section import environment_section, look_up_env

TIMES = {"configuredAtUtc": "2030-01-01T00:00:00.000Z", "updatedAtUtc": "2030-01-01T00:00:00.000Z"}


def shown(tmp_path: Path, providers: Any, values: dict[str, str]) -> dict[str, str | None]:
    entry = {"name": "prod", "provider": "moon", "values": values, **TIMES}
    at = {"initializedAtUtc": TIMES["configuredAtUtc"], "updatedAtUtc": TIMES["updatedAtUtc"]}
    document = {"schemaVersion": 2, "activeEnvironment": "prod", "cloudEnvironments": [entry], **at}
    file = tmp_path / ".mini_program" / "env.json"
    file.parent.mkdir()
    file.write_text(json.dumps(document))
    resolved, error = look_up_env(tmp_path, tmp_path)
    return environment_section(resolved, error, None, providers).values or {}


def provider(name: str, *names: str) -> ProviderSpec[Any]:
    return ProviderSpec(name, "a cloud", lambda: None, lambda *_: None, names)  # type: ignore[arg-type,return-value]


def test_a_provider_says_which_of_its_values_are_shown(tmp_path: Path) -> None:
    values = {"crater": "Tycho", "rover": "7", "bucket": "b", "ray": "x"}
    specs = {"moon": provider("moon", "crater"), "sun": provider("sun", "ray")}

    found = shown(tmp_path, lambda: specs, values)

    assert (found["crater"], found["bucket"]) == ("Tycho", "b")
    assert "rover" not in found, "which may be a secret"
    assert found["ray"] is None, "what another provider shows may be a secret here"


def test_plugins_that_cannot_be_asked_show_nothing_of_their_own(tmp_path: Path) -> None:
    def fail() -> Any:
        raise PluginError("a pin is not met")

    found = shown(tmp_path, fail, {"crater": "Tycho", "region": "north"})

    assert found["region"] == "north"
    assert "crater" not in found


@pytest.mark.parametrize(("names", "fits"), [((), True), (("crater",), True), ("crater", False), ((1,), False)])
def test_names_that_are_none_are_refused_when_the_plugin_is_asked(names: Any, fits: bool) -> None:
    found = list(objections(ProviderSpec("moon", "a cloud", lambda: None, lambda *_: None, names)))  # type: ignore[arg-type,return-value]

    assert (found == []) is fits
