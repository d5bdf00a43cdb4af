"""The browser runtime lays out as Flutter does: every recorded case, and what is known to differ."""

from __future__ import annotations

import pytest

from conformance.agreement import Case, cases_of, differences, families, known_differences

KNOWN = known_differences()["layout"]
RANDOM = [family for family in families() if family.startswith("random-")]
WRITTEN = [family for family in families() if family not in RANDOM]

pytestmark = pytest.mark.process


@pytest.mark.parametrize("family", families())
def test_every_case_agrees_with_flutter(family: str) -> None:
    wrong = {case.id: differences(case) for case in cases_of(family) if case.id not in KNOWN}

    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("case_id", sorted(KNOWN))
def test_a_known_difference_is_still_one(case_id: str) -> None:
    family, _, name = case_id.partition("/")
    case = next(case for case in cases_of(family) if case.name == name)

    assert differences(case) != [], "it agrees now: take it off the list"


def test_at_least_99_percent_of_the_random_trees_agree() -> None:
    cases = [case for family in RANDOM for case in cases_of(family)]
    agreeing = [case for case in cases if not differences(case)]

    assert len(cases) >= 1000
    assert len(agreeing) / len(cases) >= 0.99


def test_there_are_hundreds_of_written_cases_recorded_from_flutter() -> None:
    recorded = [case for family in WRITTEN for case in cases_of(family) if "flutter" in case.platforms]

    assert len(recorded) >= 300


def test_no_tree_that_flutter_accepts_is_complained_about() -> None:
    def complaints(case: Case) -> list[str]:
        return [each["message"] for each in case.answer["diagnostics"] if each["code"] != "overflow"]

    found = {case.id: complaints(case) for family in families() for case in cases_of(family)}

    assert {name: messages for name, messages in found.items() if messages} == {}
