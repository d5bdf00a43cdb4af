"""The pages about screens: their samples run, their lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import miniprogram.stac
from miniprogram.stac.checker import MAX_DEPTH, MAX_VALUES, check_screen, check_theme
from miniprogram.stac.checks.run import MAX_FINDINGS, Declared
from miniprogram.stac.screens import make, marked

_DOCS = Path(__file__).parents[2] / "docs"
_HOWTO = (_DOCS / "howto" / "write-screens.md").read_text(encoding="utf-8")
_SAMPLES = re.findall(r"```python\n(.*?)```", _HOWTO, re.DOTALL)
_DECLARED = Declared(widgets=["starRating"], actions=["openScanner"])
_REFERENCE = (_DOCS / "reference" / "stac-checker.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", _SAMPLES, ids=range(len(_SAMPLES)))
def test_samples_make_clean_screens(sample: str) -> None:
    module = ModuleType("sample")
    exec(sample, module.__dict__)

    for source in marked(module):
        node = make(source)
        found = (
            check_theme(node)
            if source.kind == "theme"
            else check_screen(node, screens=["shop_details"], assets=[], declared=_DECLARED)
        )
        assert found == []


def test_every_code_is_explained() -> None:
    folder = Path(miniprogram.stac.__file__).parent
    sources = [*folder.glob("checks/**/*.py"), folder / "checker.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r"(?:error|warn|report)\(\s*\"([a-z_]+)\"", text)) - {"error", "warning"}
    used |= {"old_spelling", "unknown_widget", "unknown_action", "too_many_findings"}

    explained = set(re.findall(r"^\| `([a-z_]+)` \|", _REFERENCE, re.MULTILINE))

    assert explained == used


def test_the_limits_are_the_ones_that_hold() -> None:
    assert f"More than {MAX_DEPTH} levels" in _REFERENCE
    assert f"More than {MAX_VALUES:,} values" in _REFERENCE
    assert f"At most {MAX_FINDINGS} findings" in _REFERENCE


def test_the_form_in_yaml_is_clean() -> None:
    (sample,) = re.findall(r"```yaml\n(type: form.*?)```", _HOWTO, re.DOTALL)

    assert check_screen(yaml.safe_load(sample), screens=[], assets=[]) == []
