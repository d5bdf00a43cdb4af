"""The page about what the runtime lays out is made from the cases, and no rule is without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.renderer_status import counts, page
from miniprogram_web.node import RUNTIME, run_node
from testbed import servers

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "renderer-status.md"


def test_the_page_says_what_the_cases_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again with `make reference`"


@pytest.mark.process
def test_every_rule_of_the_engine_has_a_case(tmp_path: Path) -> None:
    script = tmp_path / "rules.mjs"
    engine, slivers = RUNTIME / "layout" / "engine.js", RUNTIME / "layout" / "slivers.js"
    script.write_text(
        f"import {{ RULES }} from '{engine.as_uri()}';\nimport {{ SLIVER_TYPES }} from '{slivers.as_uri()}';\n"
        "console.log([...new Set([...Object.keys(RULES), ...SLIVER_TYPES])].join(' '));\n",
        "utf-8",
    )
    recorded, worked_out, _ = counts()

    rules = run_node(Path(servers.node()), script, stdin="", timeout_s=20).split()

    assert len(rules) > 50
    assert [name for name in rules if not recorded[name] and not worked_out[name]] == []
