"""The store behind a publish target, for what is kept beside the versions in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import UsageError
from miniprogram.plugins.run_context import RunContext
from miniprogram.publish.target_choice import TargetChoice, choose_target, open_target
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_keeping import OpensStore


@dataclass(frozen=True, slots=True)
class TargetStore:
    """A target's store with its keys. `target` and `environment` as they were chosen."""

    store: ObjectStore
    keys: Keys
    target: str
    environment: str | None
    notes: tuple[str, ...] = ()
    """Sentences about options that had no effect."""


@contextmanager
def opened_target_store(
    run_context: RunContext,
    *,
    target: str | None,
    environment: str | None,
    settings: Mapping[str, object],
    program_root: Path | None = None,
    message: str,
) -> Iterator[TargetStore]:
    """The store of the target that the options choose, as `publish` reads them.

    What was written counts once this is left without an exception; `message` says what it was, where that is kept.
    Raises UsageError for a target whose store cannot be opened.
    """
    choice = TargetChoice(target, environment, settings)
    root = program_root or run_context.cwd
    run_context.registry.require_pins_of(root, run_context.environ)
    chosen = choose_target(choice, run_context, root)
    opened = open_target(chosen, choice, run_context, program_root=root, repo_root=None)
    if not isinstance(opened, OpensStore):
        raise UsageError(
            f"the target {chosen.name!r} keeps nothing beside versions: the plugin it comes from does not offer it"
        )
    with opened.opened_store(message) as (store, keys):
        yield TargetStore(store, keys, chosen.name, chosen.environment, chosen.unused(choice))
