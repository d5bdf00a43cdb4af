"""The stand-in beside a model of what a database is: random commits, each of several guarded writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.cloud.firestore_v1 import types
from hypothesis import given, settings
from hypothesis import strategies as st

from testbed.google.firestore.database import Database, ns
from testbed.google.firestore.refusals import Refusal

ROOT = "projects/p/databases/(default)/documents/c"
NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Step:
    name: str
    kind: str
    value: int
    guard: str


steps = st.builds(
    Step,
    st.sampled_from(NAMES),
    st.sampled_from(["set", "merge", "delete", "increment"]),
    st.integers(0, 3),
    st.sampled_from(["none", "exists", "absent", "current", "stale"]),
)
commits = st.lists(st.lists(steps, max_size=4), max_size=12)


class Model:
    """Fields and the number of the commit that last changed them, by name."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[dict[str, int], int]] = {}

    def commit(self, batch: list[Step], number: int) -> bool:
        rows = dict(self.rows)
        for step in batch:
            before = rows.get(step.name)
            known = self.rows.get(step.name)
            if not self._allowed(step, before, known):
                return False
            if step.kind == "delete":
                rows.pop(step.name, None)
                continue
            fields = {} if before is None or step.kind == "set" else dict(before[0])
            if step.kind == "increment":
                fields["n"] = fields.get("n", 0) + step.value
            else:
                fields["v"] = step.value
            unchanged = before is not None and before[0] == fields
            rows[step.name] = (fields, before[1] if before is not None and unchanged else number)
        self.rows = rows
        return True

    @staticmethod
    def _allowed(step: Step, before: tuple[dict[str, int], int] | None, known: Any) -> bool:
        if step.guard == "exists":
            return before is not None
        if step.guard == "absent":
            return before is None
        if step.guard == "current":
            return before is not None and known is not None and before[1] == known[1]
        return step.guard != "stale"


def _write(step: Step, database: Database) -> Any:
    name = f"{ROOT}/{step.name}"
    write = types.Write.pb()()
    if step.kind == "delete":
        write.delete = name
    else:
        write.update.name = name
        if step.kind == "increment":
            write.update_mask.SetInParent()
            write.update_transforms.add(field_path="n", increment={"integer_value": step.value})
        else:
            write.update.fields["v"].integer_value = step.value
            if step.kind == "merge":
                write.update_mask.field_paths.append("v")
    found = database.get(name)
    if step.guard in ("exists", "absent"):
        write.current_document.exists = step.guard == "exists"
    elif step.guard == "stale":
        write.current_document.update_time.seconds = 1
    elif step.guard == "current":
        write.current_document.update_time.seconds = 1
        if found is not None:
            write.current_document.update_time.CopyFrom(found.update_time)
    return write


@settings(max_examples=300, deadline=None)
@given(commits)
def test_commits_are_all_or_nothing_and_guards_hold(batches: list[list[Step]]) -> None:
    database, model = Database(), Model()
    for number, batch in enumerate(batches):
        before = [(each.name, ns(each.update_time)) for each in database.all()]
        writes = [_write(step, database) for step in batch]
        try:
            database.commit(writes)
            taken = True
        except Refusal:
            taken = False
            assert [(each.name, ns(each.update_time)) for each in database.all()] == before
        assert model.commit(batch, number) == taken
        stored = {
            each.name.rsplit("/")[-1]: {name: each.fields[name].integer_value for name in each.fields}
            for each in database.all()
        }
        assert stored == {name: fields for name, (fields, _) in model.rows.items()}
