r"""The Python client behind the command line that theupdateframework/tuf-conformance asks for (its CLIENT-CLI.md).

    python_client.py --metadata-dir DIR init ROOT
    python_client.py --metadata-dir DIR --metadata-url URL refresh
    python_client.py --metadata-dir DIR --metadata-url URL --target-name PATH --target-base-url URL \
        --target-dir DIR download

Ends with 0 when it was done and with 1 when it was refused.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx

from miniprogram_trust.client import updater
from miniprogram_trust.errors import TrustError, tuf_errors

PINNED = "pinned-root"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--metadata-dir", type=Path, required=True)
    for option in ("metadata-url", "target-name", "target-base-url", "target-dir"):
        parser.add_argument(f"--{option}")
    parser.add_argument("command", choices=("init", "refresh", "download"))
    parser.add_argument("root", nargs="?")
    given = parser.parse_args(words)
    pinned = given.metadata_dir / PINNED
    if given.command == "init":
        given.metadata_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(given.root, pinned)
        return 0
    try:
        with httpx.Client() as client, tuf_errors("the repository"):
            url = given.metadata_url.rstrip("/") + "/"
            known = updater(client, url, pinned.read_bytes(), given.metadata_dir, given.target_base_url)
            known.refresh()
            if given.command == "download":
                target = known.get_targetinfo(given.target_name)
                if target is None:
                    raise TrustError(f"nobody signed {given.target_name}")
                name = given.target_name.replace("/", "%2F")
                kept = Path(given.target_dir) / name
                if known.find_cached_target(target, str(kept)) is None:
                    known.download_target(target, str(kept))
    except TrustError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
