"""What people set in git, in attributes and in hooks changes no published byte, and no guard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.testing.samples import PNG, sample_release
from miniprogram_github_pages.target import PagesTarget

pytestmark = pytest.mark.process

Make = Callable[..., PagesTarget]

ASSETS = {
    "crlf.txt": b"one\r\ntwo\r\n",
    "mixed.txt": b"one\ntwo\r\nthree\r",
    "keyword.txt": b"$Id$ $Id: 0123 $\n",
    "utf16.txt": "ä\r\nö".encode("utf-16"),
    "logo.png": PNG,
    "big.bin": bytes(range(256)) * 64,
    "empty": b"",
    "naïve name.txt": b"x",
    "Case/a.txt": b"upper",
    "case/a.txt": b"lower",
    "e\u0301/\u00e9.txt": b"two spellings",
}
FIRST = sample_release(assets=ASSETS)
SECOND = sample_release(version="1.1.0", assets={**ASSETS, "crlf.txt": b"changed\r\n"})

SETTINGS: dict[str, dict[str, str]] = {
    "line ends of Windows": {"core.autocrlf": "true"},
    "line ends on input": {"core.autocrlf": "input"},
    "line ends on output": {"core.eol": "crlf", "core.autocrlf": "false"},
    "safe line ends": {"core.autocrlf": "true", "core.safecrlf": "true"},
    "another file system": {
        "core.fileMode": "false",
        "core.symlinks": "false",
        "core.ignoreCase": "true",
        "core.precomposeUnicode": "true",
        "core.protectNTFS": "true",
        "core.protectHFS": "true",
    },
    "index": {
        "core.splitIndex": "true",
        "core.untrackedCache": "true",
        "core.fsmonitor": "/bin/false",
        "index.version": "4",
        "index.threads": "2",
        "feature.manyFiles": "true",
        "core.ignoreStat": "true",
    },
    "sparse": {"core.sparseCheckout": "true", "core.sparseCheckoutCone": "true", "index.sparse": "true"},
    "signing": {"commit.gpgSign": "true", "gpg.program": "/bin/false", "tag.gpgSign": "true"},
    "encodings": {
        "i18n.commitEncoding": "ISO-8859-1",
        "i18n.logOutputEncoding": "UTF-16",
        "core.quotePath": "false",
    },
    "what a push pushes": {
        "push.default": "nothing",
        "push.followTags": "true",
        "push.recurseSubmodules": "only",
        "submodule.recurse": "true",
        "push.useForceIfIncludes": "true",
        "remote.origin.push": "refs/heads/main:refs/heads/elsewhere",
        "remote.pushDefault": "nowhere",
        "branch.main.pushRemote": "nowhere",
    },
    "a mirror to push to": {"remote.origin.mirror": "true"},
    "what a fetch fetches": {
        "fetch.prune": "true",
        "fetch.pruneTags": "true",
        "remote.origin.prune": "true",
        "remote.origin.tagOpt": "--tags",
        "fetch.recurseSubmodules": "true",
        "fetch.fsckObjects": "true",
        "fetch.unpackLimit": "1",
        "fetch.writeCommitGraph": "true",
        "fetch.negotiationAlgorithm": "skipping",
    },
    "packing": {
        "core.compression": "0",
        "core.bigFileThreshold": "1",
        "pack.packSizeLimit": "1m",
        "fastimport.unpackLimit": "1000000",
        "transfer.unpackLimit": "1",
        "pack.writeReverseIndex": "true",
    },
    "loose packing": {"fastimport.unpackLimit": "1", "core.looseCompression": "9", "core.fsync": "all"},
    "collecting garbage": {"gc.auto": "1", "gc.pruneExpire": "now", "gc.autoDetach": "false"},
    "protocol": {"protocol.version": "0"},
    "colours": {
        "color.ui": "always",
        "color.push": "always",
        "color.remote": "always",
        "color.status": "always",
        "core.pager": "/bin/false",
        "pager.ls-tree": "true",
        "pager.status": "true",
    },
    "names": {
        "alias.push": "!false",
        "alias.ls-tree": "!false",
        "alias.fetch": "!false",
        "help.autoCorrect": "-1",
    },
    "an address of its own": {"url.file:///nowhere/.pushInsteadOf": "file:///elsewhere/"},
    "hashing": {"core.abbrev": "4", "core.warnAmbiguousRefs": "true", "core.logAllRefUpdates": "always"},
}


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS.keys())
def configured(request: pytest.FixtureRequest, clone: Path, git: Any) -> Path:
    for name, value in request.param.items():
        git(clone, "config", "--add", name, value)
    return clone


def test_no_setting_changes_what_is_published_or_judged(
    target: Make, configured: Path, git: Any, rival: Any, require_served: Any, remote: Path
) -> None:
    refs = git(configured, "for-each-ref")
    target().publish(FIRST)
    require_served(FIRST)
    assert not target().publish(FIRST).changed

    rival(SECOND)
    with pytest.raises(MiniProgramError, match=r"serves shop 1\.1\.0"):
        target().publish(sample_release(version="1.0.5"))

    target().publish(sample_release("news", "2.0.0", assets=ASSETS))
    require_served(SECOND)
    require_served(sample_release("news", "2.0.0", assets=ASSETS))
    assert git(configured, "for-each-ref") == refs
    assert set(git(remote, "for-each-ref", "--format=%(refname)").split()) == {
        "refs/heads/main",
        "refs/heads/gh-pages",
    }


@pytest.mark.parametrize("where", ["branch", "clone", "user"])
@pytest.mark.parametrize(
    "attributes",
    [
        "* text=auto",
        "* text eol=crlf",
        "* text eol=lf",
        "* ident",
        "* filter=broken",
        "*.png filter=pointer\n*.txt filter=pointer",
        "*.txt working-tree-encoding=UTF-16",
        "* export-ignore export-subst",
    ],
)
def test_no_attribute_changes_what_is_published(
    target: Make, clone: Path, tmp_path: Path, git: Any, require_served: Any, where: str, attributes: str
) -> None:
    if where == "branch":
        git(clone, "checkout", "-q", "-b", "pages")
        (clone / ".gitattributes").write_text(attributes + "\n")
        git(clone, "add", ".gitattributes")
        git(clone, "commit", "-q", "-m", "Attributes")
        git(clone, "push", "-q", "origin", "HEAD:gh-pages")
    elif where == "clone":
        (clone / ".git" / "info" / "attributes").write_text(attributes + "\n")
    else:
        (tmp_path / "attributes").write_text(attributes + "\n")
        git(clone, "config", "core.attributesFile", str(tmp_path / "attributes"))
    git(clone, "config", "filter.pointer.clean", "echo pointer")
    git(clone, "config", "filter.pointer.required", "true")
    git(clone, "config", "filter.broken.clean", "exit 3")
    git(clone, "config", "filter.broken.process", "exit 3")
    git(clone, "config", "filter.broken.required", "true")

    target().publish(FIRST)
    require_served(FIRST)
    assert not target().publish(FIRST).changed
    target().publish(SECOND)
    require_served(SECOND)


HOOKS = """
applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit
pre-rebase post-checkout post-merge pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman
post-index-change reference-transaction push-to-checkout
"""


@pytest.mark.parametrize("where", ["hooks", "elsewhere"])
def test_no_hook_but_that_of_a_push_runs(
    target: Make, clone: Path, tmp_path: Path, git: Any, require_served: Any, where: str
) -> None:
    folder = clone / ".git" / "hooks" if where == "hooks" else tmp_path / "elsewhere"
    folder.mkdir(exist_ok=True)
    for name in HOOKS.split():
        write_hook(folder / name, f"echo {name} >> '{tmp_path}/ran'; exit 1")
    write_hook(folder / "pre-push", f"cat > '{tmp_path}/pushed'")
    if where == "elsewhere":
        git(clone, "config", "core.hooksPath", str(folder))

    target().publish(FIRST)
    target().publish(SECOND)

    require_served(SECOND)
    assert not (tmp_path / "ran").exists()
    assert "refs/heads/gh-pages" in (tmp_path / "pushed").read_text()


VARIABLES = {
    "a hook's": {
        "GIT_DIR": ".",
        "GIT_WORK_TREE": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_PREFIX": "x/",
    },
    "a receive hook's": {
        "GIT_OBJECT_DIRECTORY": "/nowhere/objects",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nowhere/more",
        "GIT_QUARANTINE_PATH": "/nowhere/objects",
        "GIT_PUSH_OPTION_COUNT": "0",
    },
    "another repository's": {
        "GIT_COMMON_DIR": "/nowhere",
        "GIT_NAMESPACE": "other",
        "GIT_SHALLOW_FILE": "/nowhere",
        "GIT_GRAFT_FILE": "/nowhere",
        "GIT_REPLACE_REF_BASE": "refs/other/",
        "GIT_CEILING_DIRECTORIES": "/",
    },
    "paths": {"GIT_LITERAL_PATHSPECS": "1", "GIT_INDEX_VERSION": "4", "GIT_FLUSH": "0"},
    "traces": {"GIT_TRACE": "1", "GIT_TRACE2": "1", "GIT_TRACE_PACKET": "true", "GIT_CURL_VERBOSE": "1"},
    "settings": {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "core.autocrlf",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_CONFIG_KEY_1": "core.hooksPath",
        "GIT_CONFIG_VALUE_1": "/nowhere",
    },
    "more settings": {"GIT_CONFIG_PARAMETERS": "'core.autocrlf'='true' 'core.splitindex'='true'"},
    "language": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "LANG": "de_DE.UTF-8"},
}


@pytest.mark.parametrize("variables", VARIABLES.values(), ids=VARIABLES.keys())
def test_no_variable_leads_elsewhere(
    target: Make, clone: Path, git: Any, rival: Any, require_served: Any, variables: dict[str, str]
) -> None:
    before = git(clone, "status", "--porcelain=v2", "--branch")
    target(environ=variables).publish(FIRST)
    require_served(FIRST)
    rival(SECOND)
    with pytest.raises(MiniProgramError, match=r"serves shop 1\.1\.0"):
        target(environ=variables).publish(sample_release(version="1.0.5"))
    assert git(clone, "status", "--porcelain=v2", "--branch") == before


def test_a_message_is_stored_in_the_encoding_it_claims(target: Make, clone: Path, remote: Path, git: Any) -> None:
    git(clone, "config", "i18n.commitEncoding", "ISO-8859-1")
    target(message="Größer – 十二").publish(FIRST)
    assert git(remote, "log", "--format=%B%e", "gh-pages") == "Größer – 十二"


def test_bytes_that_an_earlier_publish_spoilt_are_mended(
    target: Make, clone: Path, git: Any, branch_file: Any, require_served: Any
) -> None:
    target().publish(FIRST)
    git(clone, "fetch", "-q", "origin", "gh-pages")
    git(clone, "checkout", "-q", "FETCH_HEAD")
    spoilt = clone / "assets/shop/1.0.0/crlf.txt"
    spoilt.write_bytes(spoilt.read_bytes().replace(b"\r\n", b"\n"))
    git(clone, "commit", "-q", "-a", "-m", "Normalize")
    git(clone, "push", "-q", "origin", "HEAD:gh-pages")

    receipt = target().publish(FIRST)

    assert "assets/shop/1.0.0/crlf.txt" in receipt.written
    require_served(FIRST)
    assert not target().publish(FIRST).changed


def write_hook(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
