"""Embedding, for any kind of host: what is ours, what is the app's, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.choice import choose_generator, require_host
from miniprogram.hosts.embedding import embed_host
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.seams.host_generator import EmbedRequest


def embed(generator: Any, app: Path, *, force: bool = False, with_demo: bool = False) -> Any:
    return embed_host(generator, EmbedRequest(app, with_demo=with_demo), force=force)


def test_the_second_time_changes_nothing(generator: Any, app: Path) -> None:
    first = embed(generator, app, with_demo=True)
    second = embed(generator, app, with_demo=True)

    assert [path.name for path in first.written.written] == [
        "ours.txt",
        "theirs.txt",
        "registry.json",
        "endpoints.js",
    ]
    assert (second.written.written, second.written.backups) == ((), ())


def test_the_apps_own_changes_are_kept(generator: Any, app: Path) -> None:
    embed(generator, app)
    (app / "mp" / "theirs.txt").write_text("edited")

    report = embed(generator, app)

    assert report.left_alone == (app / "mp" / "theirs.txt",)
    assert (app / "mp" / "theirs.txt").read_text() == "edited"


def test_force_replaces_and_keeps_copies(generator: Any, app: Path) -> None:
    embed(generator, app)
    for name in ("ours.txt", "theirs.txt"):
        (app / "mp" / name).write_text("edited")

    report = embed(generator, app, force=True)

    assert [path.name for path in report.written.backups] == ["ours.txt.bak", "theirs.txt.bak"]
    assert (app / "mp" / "theirs.txt").read_text() == "theirs 1"
    assert (app / "mp" / "theirs.txt.bak").read_text() == "edited"


def test_our_files_are_not_renewed_over_edits_unasked(generator: Any, app: Path) -> None:
    embed(generator, app)
    (app / "mp" / "ours.txt").write_text("edited")
    (app / "mp" / "theirs.txt").unlink()

    with pytest.raises(MiniProgramError, match=r"ours\.txt would change"):
        embed(generator, app)

    assert (app / "mp" / "ours.txt").read_text() == "edited"
    assert not (app / "mp" / "theirs.txt").exists()


def test_a_folder_that_is_in_use_is_refused(generator: Any, app: Path) -> None:
    (app / "mp").mkdir()
    (app / "mp" / "notes.txt").write_text("mine")

    with pytest.raises(MiniProgramError, match=r"already holds notes\.txt"):
        embed(generator, app)

    assert [path.name for path in (app / "mp").iterdir()] == ["notes.txt"]


def test_the_demo_joins_what_is_there(generator: Any, app: Path) -> None:
    embed(generator, app, with_demo=True)
    (app / "mp" / "registry.json").write_text('[["profile", "Renamed", "PROFILE"], ["x", "X", "X"]]')

    embed(generator, app, with_demo=True, force=True)

    assert (app / "mp" / "registry.json").read_text() == '[["profile", "Renamed", "PROFILE"], ["x", "X", "X"]]'


def test_folders_that_are_no_host_are_named(generator: Any, app: Path, tmp_path: Path) -> None:
    specs = {"plain": HostGeneratorSpec("plain", "a plain app", lambda: generator)}

    with pytest.raises(MiniProgramError, match=r"is not a host app we know \(plain: a plain app\)"):
        choose_generator(specs, tmp_path)
    with pytest.raises(MiniProgramError, match="is not a folder"):
        choose_generator(specs, tmp_path / "none")
    with pytest.raises(MiniProgramError, match="no plugin for host apps"):
        choose_generator({}, app)
    with pytest.raises(MiniProgramError, match=r"does not embed mini-programs yet: .*ours\.txt is missing"):
        require_host(specs, app)
    assert choose_generator(specs, app) is generator
