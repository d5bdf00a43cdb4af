"""A bundle as one file: the same bytes everywhere, and nothing taken on trust when read."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.errors import DocumentError
from miniprogram.packages.archive import index_of, read_archive, write_archive
from miniprogram.strict_json import to_canonical_json
from miniprogram.testing import PNG, sample_bundle

BUNDLE = sample_bundle(assets={"img/logo@2x.png": PNG, "größe.txt": b""})

names = st.text(st.sampled_from("abcXYZ0189._-@ é鍵"), min_size=1, max_size=12).filter(
    lambda name: name.strip(".") and name.strip() == name
)


@given(assets=st.dictionaries(names, st.binary(max_size=200), max_size=5))
def test_what_was_written_is_read(assets: dict[str, bytes]) -> None:
    bundle = sample_bundle(assets=assets)

    assert read_archive(write_archive(bundle)) == bundle


def test_the_bytes_are_the_same_whatever_the_order() -> None:
    assets = {"b": b"2", "a": b"1"}

    first = write_archive(sample_bundle(assets=assets))

    assert write_archive(sample_bundle(assets=dict(reversed(assets.items())))) == first


def test_the_format_does_not_drift() -> None:
    """A change here means that archives of different releases of this program are no longer the same bytes."""
    archive = write_archive(sample_bundle())

    assert (
        hashlib.sha256(archive).hexdigest() == "b020cdc0aa48d530e4c2950833d954ee579bd7b088840909fa59010e216cd2f5"
    )


def test_members_say_nothing_about_the_machine() -> None:
    with tarfile.open(fileobj=io.BytesIO(write_archive(BUNDLE))) as archive:
        members = archive.getmembers()

    assert [member.name for member in members] == ["bundle.json", *(file.path for file in BUNDLE.files)]
    assert {(m.mode, m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members} == {(0o644, 0, 0, 0, "", "")}


Members = list[tuple[tarfile.TarInfo, bytes]]


def rebuilt(change: Callable[[Members], Members]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(write_archive(BUNDLE))) as archive:
        members = [(member, archive.extractfile(member).read()) for member in archive]  # type: ignore[union-attr]
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member, body in change(members):
            member.size = len(body) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def with_index(**changes: object) -> Callable[[Members], Members]:
    index = to_canonical_json({**index_of(BUNDLE), **changes})
    return lambda members: [(members[0][0], index), *members[1:]]


SPOILT: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no tar": lambda: b"PK\x03\x04" * 300,
    "cut short": lambda: write_archive(BUNDLE)[:-11_000],
    "compressed": lambda: __import__("gzip").compress(write_archive(BUNDLE)),
    "without index": lambda: rebuilt(lambda members: members[1:]),
    "index not first": lambda: rebuilt(lambda members: [*members[1:], members[0]]),
    "another byte": lambda: rebuilt(lambda m: [*m[:-1], (m[-1][0], b"X" + m[-1][1][1:])]),
    "a file more": lambda: rebuilt(lambda members: [*members, (member("assets/z"), b"z")]),
    "a file less": lambda: rebuilt(lambda members: members[:-1]),
    "a file twice": lambda: rebuilt(lambda members: [*members, members[-1]]),
    "path that leads out": lambda: rebuilt(lambda members: [*members, (member("../x"), b"")]),
    "absolute path": lambda: rebuilt(lambda members: [*members, (member("/etc/x"), b"")]),
    "symlink": lambda: rebuilt(lambda m: [*m, (member("assets/l", tarfile.SYMTYPE, "/etc/passwd"), b"")]),
    "hard link": lambda: rebuilt(lambda m: [*m, (member("assets/l", tarfile.LNKTYPE, "manifest.json"), b"")]),
    "device": lambda: rebuilt(lambda members: [*members, (member("assets/d", tarfile.CHRTYPE), b"")]),
    "another digest": lambda: rebuilt(with_index(digest="sha256:" + "0" * 64)),
    "another id": lambda: rebuilt(with_index(miniProgramId="other")),
    "another version": lambda: rebuilt(with_index(version="9.9.9")),
    "newer format": lambda: rebuilt(with_index(schemaVersion=2)),
    "index without files": lambda: rebuilt(with_index(files=None)),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_what_was_not_written_here_is_refused(spoilt: Callable[[], bytes]) -> None:
    with pytest.raises(DocumentError, match=r"shop\.tar"):
        read_archive(spoilt(), name="shop.tar")


@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=40))
def test_no_damage_gets_through(place: int, noise: bytes) -> None:
    archive = write_archive(BUNDLE)
    damaged = archive[: place % len(archive)] + noise + archive[place % len(archive) + len(noise) :]

    try:
        read = read_archive(damaged)
    except DocumentError:
        return
    assert read == BUNDLE
