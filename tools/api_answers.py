"""Write the answers that the OpenAPI document shows, as the story of the examples brings them.

    python tools/api_answers.py

What is secret in them is replaced, so that nothing looks like a credential, and long lists are cut.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ANSWERS = ROOT / "plugins/server/src/miniprogram_server/admin/operations/answers.json"
SHOWN = {
    "token": "TOKEN",
    "linkId": "k0123456789ab",
    "salt": "5eb63bbbe01eeed0",
    "url": "https://api.example.com/api/open/shop?link=LINK",
}


MOST_SHOWN = 4
"""Of a list: enough to see what it is a list of."""


def main() -> None:
    if not ANSWERS.exists():
        sys.exit(f"{ANSWERS} has to be there, if only as an object of null for each operation")
    sys.path.insert(0, str(ROOT / "tests"))
    from miniprogram_server.admin.framework.rate_limit import Rate
    from plugins.server.admin.test_examples import story
    from plugins.server.conftest import administered

    world = administered(Rate(per_second=1000, burst=100_000))
    found = story(world)
    world.client.close()
    lines = (f"{json.dumps(name)}: {json.dumps(without_secrets(each))}" for name, each in sorted(found.items()))
    ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def without_secrets(value: Any, name: str = "") -> Any:
    """`value` with what differs from one run to the next replaced by what stays."""
    if isinstance(value, dict):
        return {key: without_secrets(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [without_secrets(each) for each in value[:MOST_SHOWN]]
    if name in SHOWN and isinstance(value, str):
        return SHOWN[name]
    return re.sub("[0-9a-f]{64}", "0" * 64, value) if isinstance(value, str) else value


if __name__ == "__main__":
    main()
