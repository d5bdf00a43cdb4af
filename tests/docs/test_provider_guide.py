"""The guide to a cloud provider shows the code that is shipped."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "howto" / "write-a-cloud-provider.md"
SHOWN = re.compile(r"\n`(?P<name>src/miniprogram_gcp/\w+\.py)`:\n\n```python\n(?P<code>.*?)```\n", re.DOTALL)


def test_every_block_stands_in_the_file_it_names() -> None:
    shown = [(match["name"], match["code"]) for match in SHOWN.finditer(GUIDE.read_text("utf-8"))]

    assert {name.rpartition("/")[2] for name, _ in shown} == {
        "bucket.py",
        "calls.py",
        "gcs_store.py",
        "provider.py",
        "settings.py",
    }
    for name, code in shown:
        assert code.rstrip() in (ROOT / "plugins" / "gcp" / name).read_text("utf-8"), (
            f"{name} differs from the guide"
        )
