"""A publish killed before each of its file operations in turn, with and without --clean."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

SCRIPT = '''
"""Forks a publish that kills itself before file operation number n, for every n; prints how many there were."""
import json, os, shutil, signal, sys
from pathlib import Path

from miniprogram.testing import sample_release, sample_screens
from miniprogram.publish.folder.target import FolderTarget

os.fsync = lambda handle: None  # only a power cut could tell
base, clean = Path(sys.argv[1]), sys.argv[2] == "clean"
screens = {**sample_screens(), "shop_same": {"type": "text", "data": "same"}}
old = sample_release(screens=screens)
new = sample_release(version="1.1.0", screens={**screens, "shop_home": {"type": "text", "data": "new"}})
other = sample_release("other")


def die_before(number):
    left = number

    def guard(function):
        def call(*args, **options):
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **options)

        return call

    for name in ("link", "replace", "unlink"):
        setattr(os, name, guard(getattr(os, name)))


def served(site):
    """The version hosts get, every file of it compared."""
    version = json.loads((site / "manifests/shop/latest.json").read_text())["version"]
    release = {"1.0.0": old, "1.1.0": new}[version]
    for file in release.bundle.files:
        kind, _, rest = file.path.partition("/")
        name = f"{kind}/shop/{version}/{rest}" if rest else f"manifests/shop/versions/{version}.json"
        assert (site / name).read_bytes() == file.body, (version, name)
    return version


def listing(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*"))


template, wanted = base / "template", base / "wanted"
FolderTarget(template).publish(other)
FolderTarget(template).publish(old)
shutil.copytree(template, wanted)
FolderTarget(wanted, clean=clean).publish(new)

number = 0
while True:
    site = base / f"site{number}"
    shutil.copytree(template, site)
    child = os.fork()
    if child == 0:
        die_before(number)
        FolderTarget(site, clean=clean).publish(new)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    seen = served(site)
    FolderTarget(site, clean=clean).publish(new)
    assert served(site) == "1.1.0"
    assert listing(site) == listing(wanted), set(listing(site)) ^ set(listing(wanted))
    shutil.rmtree(site)
    if os.WIFEXITED(status):
        assert seen == "1.1.0"
        break
    assert os.WTERMSIG(status) == signal.SIGKILL
    number += 1
print(number)
'''


@pytest.mark.parametrize("mode", ["keep", "clean"])
def test_the_old_release_is_served_whole_and_running_again_completes(tmp_path: Path, mode: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), mode], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15
