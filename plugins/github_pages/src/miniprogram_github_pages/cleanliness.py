"""Whether what is published can be found in the history of the mini-program."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram_github_pages.repository.clone import is_in_clone
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.objects import GitObjects

_SOURCES = frozenset({".py", ".json", ".yaml", ".yml", ".dart"})


def refuse_dirty(program: Git, bundle: Bundle) -> None:
    """Raises PublishError when the mini-program is in a git clone and has changes that are not committed.

    Also when git does not tell. What counts is the commit that is checked out: marks in the clone's own index,
    such as "assume unchanged", hide nothing.
    """
    if not is_in_clone(program):
        return
    with tempfile.TemporaryDirectory(prefix="miniprogram-pages-") as temporary:
        git = replace(program, index=Path(temporary) / "index")
        commit = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        git.run("read-tree", *(["-m", commit] if commit else ["--empty"]))
        if _is_outside_history(git):
            return
        changed = list(dict.fromkeys([*_changed(git), *_hidden(git, bundle)]))
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise PublishError(
            f"the mini-program has uncommitted changes: {changed[0]}{more}",
            hint="Commit them, or publish with --allow-dirty.",
        )


def _is_outside_history(git: Git) -> bool:
    """Whether the clone ignores the whole mini-program, and keeps nothing of it."""
    return git.ask("check-ignore", "--quiet", ".") is not None and not git.run("ls-files", "--", ".")


def _changed(git: Git) -> list[str]:
    """Files that differ from the commit, or that it does not have, relative to the mini-program."""
    status = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal")
    entries = git.run(*status, "--ignore-submodules=none", "--", ".").split("\0")
    prefix = git.run("rev-parse", "--show-prefix")
    found = {entry[3:].removeprefix(prefix): entry[:2] for entry in entries if entry}
    same = _with_the_same_bytes(git, [path for path, state in found.items() if state == " M"])
    return [path for path in found if path not in same]


def _with_the_same_bytes(git: Git, paths: list[str]) -> set[str]:
    """Those of `paths` that hold what is committed, whatever git would make of them in another commit."""
    plain = [path for path in paths if (git.folder / path).is_file() and not (git.folder / path).is_symlink()]
    if not plain:
        return set()
    committed = git.run("ls-files", "--stage", "-z", "--", ".").split("\0")
    ids = {path: head.split(" ")[1] for head, _, path in (entry.partition("\t") for entry in committed if entry)}
    objects = GitObjects(git)
    return {path for path in plain if objects.blob_id((git.folder / path).read_bytes()) == ids.get(path)}


def _hidden(git: Git, bundle: Bundle) -> list[str]:
    """Published files that only the user's own ignore rules hide, relative to the mini-program."""
    others = (
        "ls-files",
        "--others",
        "--exclude-per-directory=.gitignore",
        "-z",
        "--",
        "manifest.json",
        "stac",
        "assets",
    )
    paths = [PurePosixPath(path) for path in git.run(*others).split("\0") if path]
    bundled = {file.path for file in bundle.files}
    return [str(path) for path in paths if str(path) in bundled or _is_source(path)]


def _is_source(path: PurePosixPath) -> bool:
    is_hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.parts[0] == "stac" and path.suffix in _SOURCES and not is_hidden
