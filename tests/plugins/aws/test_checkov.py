"""What a checker of templates finds in ours is answered on the page, check by check, and nothing else is."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from testbed.aws_variants import VARIANTS, template_of

ROOT = Path(__file__).parents[3]
CHECKOV = ROOT / ".testbed/checkov/bin/python"
PAGE = ROOT / "docs/howto/aws-in-production.md"
ANSWER = re.compile(r"^\| (CKV2?_AWS_\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)


def failed(folder: Path) -> dict[str, set[str]]:
    """The checks that fail, by variant. Takes no part of the configuration of this machine."""
    environ = {**os.environ, "HOME": str(folder), "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "CRITICAL"}
    done = subprocess.run(
        [CHECKOV, "-m", "checkov.main", "-d", str(folder), "--framework", "cloudformation", "-o", "json",
         "--skip-download"],
        capture_output=True, text=True, timeout=300, env=environ, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["summary"]["parsing_errors"] == 0
    assert found["summary"]["passed"] > 100
    checks: dict[str, set[str]] = {name: set() for name in VARIANTS}
    for row in found["results"]["failed_checks"]:
        checks[Path(row["file_path"]).stem].add(row["check_id"])
    return checks


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.process
def test_each_finding_is_answered_and_each_answer_found(tmp_path: Path) -> None:
    for name, settings in VARIANTS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(template_of(**settings)))

    found = failed(tmp_path)

    answers = dict(ANSWER.findall(PAGE.read_text("utf-8")))
    assert set().union(*found.values()) == set(answers)
    mended = {check for check, answer in answers.items() if answer.startswith("mended with ")}
    assert (found["governed API"] | found["governed CDN"]) & mended == set()
