"""The pages about delivery say what is true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.evaluation.conditions import parse as conditions
from miniprogram.delivery.evaluation.policy.model import REASONS, STEPS
from miniprogram.delivery.evaluation.policy.parse import read_policy

DOCS = Path(__file__).parents[3] / "docs"
POLICY_PAGE = (DOCS / "reference" / "delivery-policy.md").read_text("utf-8")


def test_the_example_policy_is_one() -> None:
    match = re.search(r"## An example\n\n```json\n(.*?)```", POLICY_PAGE, re.DOTALL)
    assert match is not None
    example: Any = json.loads(match[1].replace("5a0c…64 digits", "5a0c" * 16))

    policy = read_policy(example)

    assert (policy.revision, [switch.key for switch in policy.switches]) == (42, ["new-checkout"])


@pytest.mark.parametrize(
    "name", [*conditions.OPERATORS, "segment", *conditions.ATTRIBUTES, *STEPS, *REASONS.values()]
)
def test_every_name_is_explained(name: str) -> None:
    assert re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", POLICY_PAGE)


def test_the_sample_of_the_explanation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (DOCS / "explanation" / "delivery.md").read_text("utf-8")
    sample = next(code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "read_policy" in code)

    exec(compile(sample, "delivery.md", "exec"), {})

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] in {"1.0.0 full_release", "1.1.0 grayscale_percentage"}
    assert lines[-1] == "full 1.0.0 holds"
