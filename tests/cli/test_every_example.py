"""Every example in a command's help, typed as it stands: nothing is missing in it, whatever HOME is like."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.test_every_command import COMMANDS, READ_ONLY, WITHOUT_JSON, name
from miniprogram.cli.examples import example_of
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.plugins.specs import CommandSpec
from miniprogram.testing import write_program

pytestmark = pytest.mark.slow

Run = Callable[..., int]
STARTING = {"backend start", "publisher-backend run", "cloud deploy", "preview", *WITHOUT_JSON}
STARTING -= {"schema", "completion", "trust root"}
"""Commands that start a process, or stay: their own tests give them a HOME of every kind."""
PROVIDERS = {
    "aws": "--bucket programs-of-acme --region eu-west-1",
    "firebase": "--project-id acme-programs",
    "filesystem": "--store ../store --api-base-url https://programs.example/api/",
}
NO_CLOUD = {"AWS_EC2_METADATA_DISABLED": "true", "NO_GCE_CHECK": "true"}
"""Nobody here has credentials, and looking for a cloud around this machine takes long."""
CONDITION = {"attribute": "platform", "operator": "in", "values": ["android"]}
FILES = {"fraud.json": json.dumps(CONDITION), "old.json": json.dumps(CONDITION), "beta.csv": "ann\nben\n"}
"""What the examples name, beside what commands make."""
PREPARED = """
version set 1.4.0
publish --target cloud
publish --target static --output ../site
package build -o shop-1.0.0.tar.zst
app add wallet
release create shop 1.4.0 --app wallet
segment create shop beta --id ann
switch set shop new-checkout --default true
switch export shop --output switches.json
member add ana --role developer-admin --role admin --role operator --role reviewer --role inspector
token create --member ana
access-key create shop --key-id partner-b
"""


def typed(words: list[str], folder: Path, home: str | None) -> int:
    environ = {"PATH": "/usr/bin:/bin", "MINIPROGRAM_ACTOR": "ana", **NO_CLOUD} | ({"HOME": home} if home else {})
    return run(words, AppContext(cwd=folder / "shop", environ=environ))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder around `shop`, whose environment `production` is of a provider; made once for each."""
    made: dict[str, Path] = {}

    def prepare(provider: str) -> Path:
        folder = tmp_path_factory.mktemp(provider)
        write_program(folder / "shop")
        (folder / "home").mkdir()
        for file, text in FILES.items():
            (folder / "shop" / file).write_text(text)
        settings = f"env configure production --provider {provider} {PROVIDERS[provider]}"
        lines = ["env init", settings, "env use production"]
        for line in [*lines, *(PREPARED.split("\n") if provider == "filesystem" else [])]:
            assert not line or typed(line.split(), folder, str(folder / "home")) == 0, line
        return folder

    return lambda provider: made.get(provider) or made.setdefault(provider, prepare(provider))


EXAMPLES = [spec for spec in COMMANDS if name(spec) not in STARTING]


@pytest.mark.parametrize("spec", EXAMPLES, ids=name)
def test_it_is_complete_and_needs_no_home(
    spec: CommandSpec, prepared: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (example_of(spec) or "").split()[1:]
    provider = next((each for each in PROVIDERS if each in spec.path), "filesystem")
    capsys.readouterr()
    codes = {}
    for kind, home in (("usual", str(tmp_path / "usual" / "home")), ("read-only", READ_ONLY), ("none", None)):
        shutil.copytree(prepared(provider), tmp_path / kind, symlinks=True)
        codes[kind] = typed(words, tmp_path / kind, home)
        err = capsys.readouterr().err

        assert codes[kind] != 64 or (home is None and "HOME" in err), err
        assert "internal error" not in err
        assert codes[kind] == codes["usual"] or "HOME" in err or "home folder" in err, (codes, err)


KNOWN = ("production", "wallet", "static", "mock")
"""Names in the examples that are of something there is."""
MAKES_IT = {"env configure", "app add"}
"""Commands that are given a name which is not there yet."""
ANSWERS = {"release why"}
"""Commands that go on with a name which is not there, since hosts may send it, and say so."""


def misspelt() -> Iterator[object]:
    """Those of hosts are left out: `shop` is no host app."""
    for spec in EXAMPLES:
        words = (example_of(spec) or "").split()[1:]
        for word in KNOWN:
            if word in words and name(spec) not in MAKES_IT and spec.path[0] not in ("embed", "host"):
                yield pytest.param(words, word, id=f"{name(spec)}, {word}")


@pytest.mark.parametrize(("words", "word"), list(misspelt()))
def test_a_misspelt_name_is_answered_with_the_right_one(
    words: list[str],
    word: str,
    prepared: Callable[[str], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    provider = next((each for each in PROVIDERS if each in words), "filesystem")
    shutil.copytree(prepared(provider), tmp_path / "world", symlinks=True)
    wrong = [f"{word[:-2]}{word[-1]}{word[-2]}" if each == word else each for each in words]
    capsys.readouterr()

    code = typed(wrong, tmp_path / "world", str(tmp_path / "world" / "home"))

    assert code != 0 or " ".join(words[:2]) in ANSWERS
    assert word in capsys.readouterr().err
