"""The verb table: every verb behind every door, with the arguments its model has."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest

from miniprogram.cli.command_table import COMMANDS
from miniprogram.cli.commands.release_arguments import READERS
from miniprogram.refusals import Unacceptable
from miniprogram.releases.arguments import ARGUMENTS, parse_arguments
from miniprogram.releases.reference import PAGE, render
from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.admin.operations.releases import TRANSITIONS
from miniprogram_server.console.forms import transition_forms

ROOT = Path(__file__).parents[2]
TEMPLATES = Path(transition_forms.__file__).parents[1] / "templates"


def _by_name(verb: Verb) -> str:
    return verb.name


def test_words_arguments_and_transitions_know_the_same_verbs() -> None:
    names = [verb.name for verb in VERBS]

    assert names == list(ARGUMENTS)
    assert set(names) == {row.verb for row in TABLE}


@pytest.mark.parametrize("verb", VERBS, ids=_by_name)
def test_a_verb_is_a_command_with_an_option_for_each_argument(verb: Verb) -> None:
    spec = next(each for each in COMMANDS if each.path == ("release", *verb.name.split()))
    module, _, name = spec.load.partition(":")
    function = getattr(import_module(module), name)

    options = set(signature(function).parameters)
    wanted = {option.name for field in verb.arguments.model_fields for option in READERS[field].parameters}
    assert wanted <= options
    assert function.__doc__ == verb.summary
    assert ("version" in options) == (verb.scope != "target")


@pytest.mark.parametrize("verb", VERBS, ids=_by_name)
def test_a_verb_is_an_operation_that_takes_its_arguments(verb: Verb) -> None:
    operation = next(each for each in TRANSITIONS if each.path.endswith(f"/{verb.path}"))

    assert operation.body is not None
    assert issubclass(operation.body, verb.arguments)
    assert operation.summary == verb.summary.rstrip(".")
    assert operation.permission == " or ".join(sorted(verb.roles))


@pytest.mark.parametrize("verb", VERBS, ids=_by_name)
def test_a_verb_is_a_form_that_asks_for_its_arguments(verb: Verb) -> None:
    assert set(verb.arguments.model_fields) <= set(transition_forms._READERS)
    pages = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    forms = {"create": "/releases", "configure": "/configure", "testers remove": "/testers-remove"}
    assert forms.get(verb.name, f'"{verb.name}"') in pages


def test_the_reference_is_current() -> None:
    page = (ROOT / "docs" / "reference" / PAGE).read_text("utf-8")

    assert page == render(page), "run: python -m miniprogram.releases.reference docs/reference"
    assert all(f"| `{verb.name}`" in page for verb in VERBS)


@pytest.mark.parametrize("text", ["\x96é/", "1.0.0/..", "..", "", "1.0.0\n", "x" * 129])
def test_only_what_can_be_a_version_can_be_gone_back_to(text: str) -> None:
    with pytest.raises(Unacceptable, match="to: "):
        parse_arguments("rollback", {"to": text})
    assert parse_arguments("rollback", {"to": "none"}).model_dump()["destination"] == "none"
