"""`release VERB`: one command per row of the verb table, with the options its arguments need."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from miniprogram.cli.commands.release_arguments import READERS, Reader
from miniprogram.cli.commands.release_command import Work, on_release, on_target
from miniprogram.cli.commands.release_lines import transition_lines
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.signatures import POSITIONAL, stand_for
from miniprogram.errors import UsageError
from miniprogram.releases.verbs import VERBS, Verb

_BY_FUNCTION = {verb.name.replace(" ", "_").replace("-", "_"): verb for verb in VERBS}


def __getattr__(name: str) -> Callable[..., int]:
    """The command of a verb, made when it is asked for: `pilot_start` is `release pilot start`."""
    verb = _BY_FUNCTION.get(name)
    if verb is None:
        raise AttributeError(name)
    return _command(verb)


def _command(verb: Verb) -> Callable[..., int]:
    fields = verb.arguments.model_fields
    readers = {field: READERS[field] for field in fields}

    def run(work: Work, **options: Any) -> Report:
        from miniprogram.releases.execution import perform

        members = _read(work, readers, options)
        missing = next(
            (field for field, info in fields.items() if info.is_required() and field not in members), None
        )
        if missing is not None:
            raise UsageError(f"{readers[missing].flag} is required")
        return perform(work.context, work.program, verb.name, work.version or None, work.target, **members)

    parameters = [parameter for reader in readers.values() for parameter in reader.parameters]
    work = inspect.Parameter("work", POSITIONAL, annotation=Work)
    run.__name__, run.__doc__ = verb.name, verb.summary
    decorate = on_target if verb.scope == "target" else on_release
    return decorate(transition_lines)(stand_for(run, run, [work, *parameters]))


def _read(work: Work, readers: dict[str, Reader], options: dict[str, Any]) -> dict[str, Any]:
    """The arguments that were given, by field."""
    members: dict[str, Any] = {}
    for field, reader in readers.items():
        given = {parameter.name: options[parameter.name] for parameter in reader.parameters}
        members |= reader.read(work, field, given)
    return members
