"""The registry: what plugins add by name, and what happens when they clash or fail."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from miniprogram.cli.framework.plugin_check import examine
from miniprogram.errors import PluginError, UsageError
from miniprogram.plugins import additions, hookspecs
from miniprogram.plugins.installed.discovery import PluginEntry
from miniprogram.plugins.loading.loader import Plugin
from miniprogram.plugins.markers import HOOKS, hookimpl
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import (
    BackendTemplateSpec,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    ProviderSpec,
    ScreenSourceSpec,
    TargetSpec,
)


class Settings(BaseModel):
    where: str = "here"


def never(*_: Any) -> Any:
    raise AssertionError("nothing is created here")


def target(name: str, settings: Callable[[], Any] = lambda: Settings) -> TargetSpec[Any]:
    return TargetSpec(name, "a place", settings, never)


def hooks(**answers: Any) -> SimpleNamespace:
    """Hooks that return `answers`, by hook name without its prefix; a callable answers itself."""

    def hook(name: str, answer: Any) -> Any:
        def function() -> Any:
            return answer() if callable(answer) else answer

        function.__name__ = name
        return hookimpl(function)

    return SimpleNamespace(
        **{f"miniprogram_{name}": hook(f"miniprogram_{name}", answer) for name, answer in answers.items()}
    )


def registry(**plugins: SimpleNamespace) -> Registry:
    made = Registry()
    for name, its_hooks in plugins.items():
        made.load(Plugin(PluginEntry(name, f"{name}.hooks", f"dist-{name}", "1.0"), "loaded", its_hooks))
    return made


def test_what_plugins_add_is_found_by_name() -> None:
    made = registry(one=hooks(publish_targets=[target("moon")]), two=hooks(publish_targets=[target("mars")]))

    assert list(made.targets()) == ["moon", "mars"]
    assert made.target("mars").name == "mars"
    assert made.added_by("two") == {"publish target": ["mars"]}
    assert list(made.clashes()) == []


def test_an_unknown_name_says_what_is_installed() -> None:
    made = registry(one=hooks(publish_targets=[target("moon")]))

    with pytest.raises(UsageError, match="no publish target 'mars'; installed: moon"):
        made.target("mars")


CLASHES: list[tuple[str, Any, Callable[[Registry], Any], str]] = [
    ("publish_targets", target("x"), lambda r: r.target("x"), "publish target 'x'"),
    (
        "cloud_providers",
        ProviderSpec("x", "a", lambda: Settings, never),
        lambda r: r.provider("x"),
        "provider 'x'",
    ),
    (
        "backend_templates",
        BackendTemplateSpec("x", "a", ("s",), never),
        lambda r: r.backend_template("x"),
        "backend template 'x'",
    ),
    ("host_generators", HostGeneratorSpec("x", "a", never), lambda r: r.host_generator("x"), "host generator 'x'"),
    ("screen_sources", ScreenSourceSpec(".x", "a", never), lambda r: r.screen_sources(), "screen file type '.x'"),
    ("commands", CommandSpec(("x", "y"), "a", "m:f"), lambda r: r.command(("x", "y")), "command 'x y'"),
]


@pytest.mark.parametrize(("hook", "spec", "use", "name"), CLASHES, ids=[row[0] for row in CLASHES])
def test_a_name_added_twice_is_refused_naming_both(
    hook: str, spec: Any, use: Callable[..., Any], name: str
) -> None:
    made = registry(one=hooks(**{hook: [spec]}), two=hooks(**{hook: [spec]}), three=hooks(commands=[]))

    with pytest.raises(PluginError) as failure:
        use(made)

    assert str(failure.value) == f"the plugins one (dist-one) and two (dist-two) both add the {name}"
    assert list(made.clashes()) == [str(failure.value)]


def test_a_clash_leaves_other_names_alone() -> None:
    both = [target("x")]
    made = registry(one=hooks(publish_targets=[*both, target("moon")]), two=hooks(publish_targets=both))

    assert list(made.targets()) == ["moon"]
    assert made.settings_models("publish_targets") == {"moon": Settings}


def test_one_plugin_may_not_add_a_name_twice_either() -> None:
    made = registry(one=hooks(publish_targets=[target("x"), target("x")]))

    assert list(made.clashes()) == ["the plugin one (dist-one) adds the publish target 'x' twice"]


TAKEN = {
    "publish_targets": ("targets", [target(name) for name in ("local", "static", "github-pages")]),
    "cloud_providers": ("providers", [ProviderSpec("filesystem", "a", lambda: Settings, lambda *_: None)]),
    "screen_sources": ("screen_sources", [ScreenSourceSpec(".py", "a", lambda _: None)]),
    "backend_templates": ("backend_templates", [BackendTemplateSpec("mock", "a", ("x",), lambda: None)]),
}


@pytest.mark.parametrize(("hook", "names"), TAKEN.items(), ids=TAKEN)
def test_names_of_the_core_and_of_this_project_are_not_for_others(
    tmp_path: Path, hook: str, names: tuple[str, list[Any]]
) -> None:
    kind, specs = names
    for spec in specs:
        made = Registry.discover(cwd=tmp_path, environ={})
        before = getattr(made, kind)()
        stranger = hooks(**{hook: [spec]}, doctor_checks=[DoctorCheckSpec("Stranger", lambda _: None)])
        made.load(Plugin(PluginEntry("stranger", "m", "dist-stranger", "1.0"), "loaded", stranger))

        assert getattr(made, kind)() == before
        [broken] = made.broken()
        assert broken.entry.name == "stranger"
        assert "a name of the" in (broken.reason or "")
        assert "Stranger" not in [check.label for check in made.doctor_checks()]


@pytest.mark.parametrize("path", [("serve",), ("publish",), ("serve", "more"), ("publish", "more")], ids=" ".join)
def test_commands_of_the_core_and_of_this_project_are_not_for_others(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    made = Registry.discover(cwd=tmp_path, environ={})
    before = made.commands()
    stranger = hooks(commands=[CommandSpec(path, "a", "m:f")])
    made.load(Plugin(PluginEntry("stranger", "m", "dist-stranger", "1.0"), "loaded", stranger))

    assert made.commands() == before
    assert [each.entry.name for each in made.broken()] == ["stranger"]


def explode() -> Any:
    raise ZeroDivisionError("bang")


def leave() -> Any:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (explode, "ZeroDivisionError: bang"),
        (leave, "SystemExit: 3"),
        (7, "returned int, not a list of TargetSpec"),
        ("moon", "returned str, not a list of TargetSpec"),
        ([None], "returned NoneType where TargetSpec is wanted"),
        ([target("")], "returned a publish target that has '' as its name, which is no name: small letters"),
        (target("moon"), "returned TargetSpec, not a list of TargetSpec"),
    ],
    ids=["raises", "exits", "number", "text", "none", "blank", "not-a-list"],
)
def test_a_hook_that_fails_breaks_its_plugin_only(answer: Any, reason: str) -> None:
    made = registry(bad=hooks(publish_targets=answer), good=hooks(publish_targets=[target("moon")]))

    assert list(made.targets()) == ["moon"]
    [broken] = made.broken()
    assert broken.entry.name == "bad"
    assert reason in (broken.reason or "")
    assert ["bad (dist-bad): miniprogram_publish_targets" in each.message for each in examine(made)] == [True]


def test_settings_that_cannot_be_imported_break_their_plugin_only() -> None:
    made = registry(
        bad=hooks(publish_targets=[target("mars", explode)]), good=hooks(publish_targets=[target("moon")])
    )

    assert made.settings_models("publish_targets") == {"moon": Settings}
    assert [plugin.entry.name for plugin in made.broken()] == ["bad"]


def test_what_a_broken_plugin_would_add_names_it() -> None:
    made = registry()
    made.load(Plugin(PluginEntry("mars", "m", "dist-mars", "1.0"), "broken", reason="ImportError: no rocket"))

    with pytest.raises(PluginError, match=r"mars \(dist-mars 1.0\), which is broken: ImportError: no rocket"):
        made.target("mars")
    with pytest.raises(UsageError) as failure:
        made.target("venus")
    assert "mars" in (failure.value.hint or "")


def test_what_pins_exclude_names_the_pins(tmp_path: Path) -> None:
    made = Registry.discover(cwd=tmp_path, environ={"MINIPROGRAM_PLUGINS": "static"})

    with pytest.raises(
        PluginError, match="not allowed: MINIPROGRAM_PLUGINS does not name miniprogram-github-pages"
    ):
        made.target("github-pages")


def test_hooks_with_arguments_nobody_gives_are_refused() -> None:
    @hookimpl
    def miniprogram_commands(tools: object) -> list[CommandSpec]:
        return []

    made = registry(bad=SimpleNamespace(miniprogram_commands=miniprogram_commands))

    assert [plugin.status for plugin in made.plugins] == ["broken"]
    assert "tools" in (made.plugins[0].reason or "")


def test_a_misspelt_hook_is_refused_with_a_suggestion() -> None:
    with pytest.raises(PluginError, match="did you mean miniprogram_commands"):
        Registry().add("demo", hooks(comands=[]))


def test_pins_that_are_not_met_stop_what_needs_plugins(tmp_path: Path) -> None:
    environ = {"MINIPROGRAM_PLUGINS": "static>=99,absent>=1"}

    with pytest.raises(PluginError, match=r"static >=99 is pinned in MINIPROGRAM_PLUGINS, and .* is installed"):
        Registry.discover(cwd=tmp_path, environ=environ)
    problems = list(Registry.survey(cwd=tmp_path, environ=environ).unmet_pins())
    assert problems[1] == "the plugin absent >=1 is pinned in MINIPROGRAM_PLUGINS and not installed"


def test_no_pin_leaves_what_is_built_in(tmp_path: Path) -> None:
    made = Registry.discover(cwd=tmp_path, environ={"MINIPROGRAM_PLUGINS": ""})

    assert {plugin.status for plugin in made.plugins} == {"not allowed"}
    assert ".py" in made.screen_sources()
    assert "mock" in made.backend_templates()


def test_everything_of_this_repository_fits_together(tmp_path: Path) -> None:
    made = Registry.discover(cwd=tmp_path, environ={})

    assert examine(made) == []
    assert {plugin.status for plugin in made.plugins} == {"loaded"}


def test_hook_names_known_without_pluggy_are_those_specified() -> None:
    specified = {name for name in vars(hookspecs) if name.startswith("miniprogram_")}

    assert specified == HOOKS == {kind.hook for kind in additions.KINDS}


def test_specifications_answer_nothing_themselves() -> None:
    answers: Iterable[Any] = [getattr(hookspecs, name)() for name in HOOKS]

    assert [list(answer) for answer in answers] == [[]] * len(HOOKS)
