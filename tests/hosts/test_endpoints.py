"""Adding, listing and removing endpoints, for any kind of host."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.endpoint_list import endpoint_list
from miniprogram.hosts.endpoints import add_endpoint, remove_endpoint
from miniprogram.hosts.host_entries import read_entries
from miniprogram.hosts.host_lock import host_lock
from miniprogram.hosts.new_endpoint import make_endpoint
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import HostGenerator

KEY = "mpk_live_0123456789abcdef0123"


def endpoint(app_id: str, **members: Any) -> Endpoint:
    given = {"api_base_url": "https://x.test/api", "access_key": None, "backend_base_url": None}
    return make_endpoint(app_id, **{**given, "local_mock": False, **members})


def test_outcomes_in_the_order_of_a_day(generator: HostGenerator, host: Path) -> None:
    def add(app_id: str, **members: Any) -> str:
        return add_endpoint(generator, host, endpoint(app_id, **members), title=None, force=False).outcome

    assert add("b") == "created"
    assert add("a") == "added"
    assert add("a") == "unchanged"
    assert add("a", access_key=KEY) == "updated"
    assert [row.app_id for row in endpoint_list(generator, host).endpoints] == ["a", "b"]


def test_titles_and_names_stay_unless_a_title_is_given(generator: HostGenerator, host: Path) -> None:
    add_endpoint(generator, host, endpoint("shop"), title="Mine", force=False)
    (host / "mp" / "registry.json").write_text('[["shop", "Mine", "CHOSEN"]]')

    add_endpoint(generator, host, endpoint("shop", access_key=KEY), title=None, force=False)
    kept = (host / "mp" / "registry.json").read_text()
    add_endpoint(generator, host, endpoint("shop"), title="New", force=False)

    assert kept == '[["shop", "Mine", "CHOSEN"]]'
    assert (host / "mp" / "registry.json").read_text() == '[["shop", "New", "CHOSEN"]]'


def test_an_endpoint_without_a_registry_entry_gets_one(generator: HostGenerator, host: Path) -> None:
    add_endpoint(generator, host, endpoint("coupon_center"), title=None, force=False)
    (host / "mp" / "registry.json").unlink()

    add_endpoint(generator, host, endpoint("shop"), title=None, force=False)

    assert "Coupon Center" in (host / "mp" / "registry.json").read_text()


@pytest.mark.parametrize("name", ["endpoints.js", "registry.json"])
def test_somebody_elses_file_is_left_or_kept_beside(generator: HostGenerator, host: Path, name: str) -> None:
    theirs = host / "mp" / name
    theirs.write_text("theirs")

    with pytest.raises(MiniProgramError, match="was not written by miniprogram"):
        add_endpoint(generator, host, endpoint("shop"), title=None, force=False)
    assert theirs.read_text() == "theirs"
    report = add_endpoint(generator, host, endpoint("shop"), title=None, force=True)

    assert report.written.backups == (host / "mp" / f"{name}.bak",)
    assert report.written.backups[0].read_text() == "theirs"


def test_a_torn_map_is_never_replaced(generator: HostGenerator, host: Path) -> None:
    path = host / "mp" / "endpoints.js"
    path.write_text("// BEGIN MINI_PROGRAM_ENDPOINTS_JSON\n// {\n// END MINI_PROGRAM_ENDPOINTS_JSON\n")
    before = path.read_bytes()

    with pytest.raises(MiniProgramError, match=r"endpoints\.js.*not JSON"):
        add_endpoint(generator, host, endpoint("shop"), title=None, force=True)

    assert (path.read_bytes(), (host / "mp" / "registry.json").exists()) == (before, False)


def test_the_last_endpoint_can_go_and_come_back(generator: HostGenerator, host: Path) -> None:
    add_endpoint(generator, host, endpoint("shop"), title="Shop!", force=False)

    report = remove_endpoint(generator, host, "shop")
    with pytest.raises(MiniProgramError, match="no endpoint 'shop'; it has: none"):
        remove_endpoint(generator, host, "shop")
    again = add_endpoint(generator, host, endpoint("shop"), title=None, force=False)

    assert (report.outcome, report.title, report.endpoint_count) == ("removed", "Shop!", 0)
    assert (again.outcome, again.title) == ("added", "Shop")


def test_notes_warn_of_plain_http_and_committed_keys(generator: HostGenerator, host: Path) -> None:
    subprocess.run(["git", "init", "-q", str(host)], check=True)
    exposed = endpoint("shop", access_key=KEY, api_base_url="http://x.test", backend_base_url="http://localhost:1")

    report = add_endpoint(generator, host, exposed, title=None, force=False)
    (host / ".gitignore").write_text("endpoints.js\n")
    ignored = add_endpoint(generator, host, endpoint("shop", access_key=KEY), title=None, force=False)

    assert [note.split(" ", 1)[0] for note in report.notes] == ["http://x.test", str(host / "mp" / "endpoints.js")]
    assert ignored.notes == ()
    assert KEY not in repr(report)


def test_a_title_must_be_one_line(generator: HostGenerator, host: Path) -> None:
    with pytest.raises(MiniProgramError, match="title must be one line"):
        add_endpoint(generator, host, endpoint("shop"), title="a\nb", force=False)


def test_a_change_waits_for_another(host: Path) -> None:
    with host_lock(host), pytest.raises(MiniProgramError, match="another process"), host_lock(host, wait_s=0.05):
        pass


def test_processes_at_once_lose_nothing(generator: HostGenerator, host: Path) -> None:
    conftest = Path(__file__).with_name("conftest.py")
    script = textwrap.dedent(
        """
        import runpy, sys
        from pathlib import Path
        from miniprogram.hosts.endpoints import add_endpoint
        from miniprogram.hosts.new_endpoint import make_endpoint

        generator = runpy.run_path(sys.argv[1])["PlainGenerator"]()
        for number in range(5):
            made = make_endpoint(f"{sys.argv[3]}{number}", api_base_url="https://x.test", access_key=None,
                                 backend_base_url=None, local_mock=False)
            add_endpoint(generator, Path(sys.argv[2]), made, title=None, force=False)
        """
    )
    argv = [sys.executable, "-c", script, str(conftest), str(host)]
    children = [subprocess.Popen([*argv, name]) for name in "ab"]

    assert [child.wait(60) for child in children] == [0, 0]
    entries = read_entries(generator, generator.files(host))
    assert len(entries.endpoints) == len(entries.registry) == 10


def test_what_is_of_this_machine_is_kept_from_the_repository_of_the_app(
    generator: HostGenerator, host: Path
) -> None:
    subprocess.run(["git", "init", "--quiet", str(host)], check=True)

    add_endpoint(generator, host, endpoint("a"), title=None, force=False)

    status = subprocess.run(
        ["git", "-C", str(host), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (host / ".mini_program" / "host_files.lock").exists()
    assert ".mini_program" not in status.stdout
