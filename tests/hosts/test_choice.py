"""Which kind of host app a command works on: the one that is named, is there, or is embedded into."""

from __future__ import annotations

from pathlib import Path

import pytest

from hosts.conftest import PlainGenerator
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.hosts.choice import choose_generator, require_host
from miniprogram.plugins.specs import HostGeneratorSpec
from miniprogram.seams.host_generator import HostFiles


class OtherGenerator(PlainGenerator):
    """The same kind of app with its files elsewhere."""

    def files(self, project_root: Path) -> HostFiles:
        folder = project_root / "other"
        plain = super().files(project_root)
        return HostFiles(
            plain.project_file, folder / "setup", folder / "launch", folder / "endpoints", folder / "names"
        )


SPECS = {
    "other": HostGeneratorSpec("other", "an app of the other kind", OtherGenerator),
    "plain": HostGeneratorSpec("plain", "an app of the plain kind", PlainGenerator),
}


def embed(generator: PlainGenerator, app: Path) -> None:
    setup = generator.files(app).runtime_setup
    setup.parent.mkdir()
    setup.write_text("here")


def test_an_app_of_several_kinds_has_to_be_named(app: Path) -> None:
    with pytest.raises(UsageError, match=r"is an app of several kinds \(other, plain\)") as caught:
        choose_generator(SPECS, app)

    assert "--host" in (caught.value.hint or "")
    assert type(choose_generator(SPECS, app, kind="plain")) is PlainGenerator


def test_the_kind_that_is_embedded_into_is_meant(app: Path) -> None:
    embed(OtherGenerator(), app)

    assert type(choose_generator(SPECS, app)) is OtherGenerator
    assert type(require_host(SPECS, app)) is OtherGenerator
    with pytest.raises(MiniProgramError, match="does not embed mini-programs yet"):
        require_host(SPECS, app, kind="plain")


def test_an_app_that_two_kinds_are_embedded_into_has_to_be_named(app: Path) -> None:
    embed(OtherGenerator(), app)
    embed(PlainGenerator(), app)

    with pytest.raises(UsageError, match="several kinds"):
        require_host(SPECS, app)
    assert type(require_host(SPECS, app, kind="plain")) is PlainGenerator


def test_a_kind_nobody_knows_is_refused(app: Path) -> None:
    with pytest.raises(UsageError, match=r"'moon'; there are: other, plain"):
        choose_generator(SPECS, app, kind="moon")


def test_a_named_kind_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MiniProgramError, match=r"not a host app we know \(plain: an app of the plain kind\)"):
        choose_generator(SPECS, tmp_path, kind="plain")
