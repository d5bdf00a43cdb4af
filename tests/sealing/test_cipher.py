"""A sealed package opens for whom it was sealed, as the version it was sealed as, and for nobody otherwise."""

from __future__ import annotations

import base64
import builtins
import json
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from miniprogram.errors import DocumentError, MiniProgramError, PluginError, UsageError
from miniprogram.sealing.cipher import SealedForOthers, SealedVersion, open_sealed, seal
from miniprogram.sealing.container import ALGORITHM, MAGIC, MAX_HEADER_BYTES, MOST_RECIPIENTS, read_sealed
from miniprogram.sealing.keys import (
    PrivateKeys,
    RecipientKey,
    keys_from,
    keys_from_environment,
    keys_from_files,
    make_key_file,
    parse_recipient,
    public_part,
)
from miniprogram.strict_json import to_canonical_json

ABOUT = SealedVersion("shop", "1.0.0", "sha256:" + "a" * 64)
BODY = b"the package " * 50
STORED = (
    "TVBTRUFMAAEAAAGjeyJhbGdvcml0aG0iOiJIUEtFLVgyNTUxOS1IS0RGLVNIQTI1Ni1BRVMtMjU2LUdDTSIsImRpZ2VzdCI6InNo",
    "YTI1NjphYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhIiwibWlu",
    "aVByb2dyYW1JZCI6InNob3AiLCJyZWNpcGllbnRzIjpbeyJjb250ZW50S2V5IjoiUzhhMTJpek04RUl3WWNPdk1yS2Ewb2pYZGJZ",
    "OVpvSXhEbVRJaWUyRmRGalFsM1FOWG1ISE5xV2g4N2JJZWVPUU1PY2ZSdzlVdUV0elFMUnFrb1cxMnFLZEo1d0ZZbDVIR0k3NWR1",
    "RFRaMnc9Iiwia2V5SWQiOiJlZWRkODgzZGEwYTk0NTE1OTNkYzBhMzhlNTgzZmI3NzBmYTI3ZGJiZWQyMDljMjA0MDRlMDc1ZTY4",
    "YzRmMGM5In1dLCJzY2hlbWFWZXJzaW9uIjoxLCJzaXplIjoxMSwidmVyc2lvbiI6IjEuMC4wIn3LEOO1dabC3t2rjFB3GEAAP8wf",
    "fIv6iDtNwOA=",
)


class Host:
    """A host app with a key."""

    def __init__(self) -> None:
        self.private = X25519PrivateKey.generate()
        self.public = public_part(self.private)
        self.keys = PrivateKeys((self.private,))


@pytest.fixture(scope="module")
def ours() -> Host:
    return Host()


@pytest.fixture(scope="module")
def other() -> Host:
    return Host()


def opened(body: bytes, host: Host, about: SealedVersion = ABOUT) -> bytes:
    return open_sealed(body, about, host.keys, name="it")


def header_of(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read_sealed(body, name="it").beginning[12:])
    return found


def with_header(body: bytes, change: Callable[[dict[str, Any]], object], content: bytes | None = None) -> bytes:
    """The same content behind another header, written as it should be."""
    sealed, header = read_sealed(body, name="it"), header_of(body)
    change(header)
    text = to_canonical_json(header)
    return MAGIC + struct.pack(">I", len(text)) + text + (sealed.content if content is None else content)


def test_it_opens_for_everybody_it_was_sealed_for(ours: Host, other: Host) -> None:
    body = seal(BODY, ABOUT, [ours.public, other.public])
    assert opened(body, ours) == opened(body, other) == BODY


def test_it_opens_for_nobody_else(ours: Host, other: Host) -> None:
    with pytest.raises(SealedForOthers, match=ours.public.key_id[:12]):
        opened(seal(BODY, ABOUT, [ours.public]), other)


def test_a_host_with_an_old_and_a_new_key_opens_what_is_sealed_for_either(ours: Host, other: Host) -> None:
    both = PrivateKeys((ours.private, other.private))
    for host in (ours, other):
        assert open_sealed(seal(BODY, ABOUT, [host.public]), ABOUT, both, name="it") == BODY


def test_nothing_of_the_package_can_be_read_without_a_key(ours: Host) -> None:
    body = seal(BODY, ABOUT, [ours.public])
    assert b"package " not in body.replace(b"packages", b"")
    assert set(header_of(body)) == {
        "schemaVersion", "algorithm", "miniProgramId", "version", "digest", "size", "recipients",
    }  # fmt: skip


def test_what_was_sealed_once_opens_for_ever() -> None:
    """Nothing of the form may change under those who have such files: key, nonce, binding and header."""
    private = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    body = base64.b64decode("".join(STORED))
    assert open_sealed(body, ABOUT, PrivateKeys((private,)), name="it") == b"the package"


def test_a_content_key_that_hides_nothing_is_refused(ours: Host) -> None:
    """The public part of a copy is a point of small order, so that anybody could know the secret."""

    def weaken(header: dict[str, Any]) -> None:
        copy = base64.b64decode(header["recipients"][0]["contentKey"])
        header["recipients"][0]["contentKey"] = base64.b64encode(bytes(32) + copy[32:]).decode()

    with pytest.raises(DocumentError, match="was changed"):
        opened(with_header(seal(BODY, ABOUT, [ours.public]), weaken), ours)


def test_as_many_as_the_form_has_room_for(ours: Host) -> None:
    many = [public_part(X25519PrivateKey.generate()) for _ in range(MOST_RECIPIENTS)]
    body = seal(BODY, ABOUT, [*many[1:], ours.public, ours.public])
    assert opened(body, ours) == BODY
    with pytest.raises(MiniProgramError, match="not for 257"):
        seal(BODY, ABOUT, [*many, ours.public])


def test_every_seal_has_a_content_key_of_its_own(ours: Host) -> None:
    first, second = (seal(BODY, ABOUT, [ours.public]) for _ in range(2))
    assert read_sealed(first, name="it").content != read_sealed(second, name="it").content


def test_every_changed_byte_is_noticed(ours: Host, other: Host) -> None:
    body = seal(b"short", ABOUT, [ours.public, other.public])
    for position in range(len(body)):
        changed = bytearray(body)
        changed[position] ^= 1
        with pytest.raises(MiniProgramError):
            opened(bytes(changed), ours)


@pytest.mark.parametrize("cut", [1, 16, 100])
def test_what_is_cut_off_or_goes_on_is_refused(ours: Host, cut: int) -> None:
    body = seal(BODY, ABOUT, [ours.public])
    for wrong in (body[:-cut], body + bytes(cut), body[:cut]):
        with pytest.raises(DocumentError):
            opened(wrong, ours)


@pytest.mark.parametrize(
    "about",
    [
        SealedVersion("other", "1.0.0", ABOUT.digest),
        SealedVersion("shop", "1.0.1", ABOUT.digest),
        SealedVersion("shop", "1.0.0", "sha256:" + "b" * 64),
    ],
    ids=["program", "version", "digest"],
)
def test_a_seal_of_another_version_is_not_taken_for_this_one(ours: Host, about: SealedVersion) -> None:
    body = seal(BODY, about, [ours.public])
    with pytest.raises(DocumentError, match="is not what it should be"):
        opened(body, ours)
    # nor when somebody writes over it what it should be
    renamed = with_header(
        body, lambda header: header.update(miniProgramId="shop", version="1.0.0", digest=ABOUT.digest)
    )
    with pytest.raises(DocumentError, match="key is one of another version"):
        opened(renamed, ours)


def test_a_content_key_moved_from_another_version_opens_nothing(ours: Host) -> None:
    older = seal(BODY, SealedVersion("shop", "0.9.0", ABOUT.digest), [ours.public])
    key = header_of(older)["recipients"]
    spliced = with_header(
        seal(BODY, ABOUT, [ours.public]),
        lambda header: header.update(recipients=key),
        read_sealed(older, name="it").content,
    )
    with pytest.raises(DocumentError, match="key is one of another version"):
        opened(spliced, ours)


def test_nobody_can_be_added_or_taken_away_afterwards(ours: Host, other: Host) -> None:
    """Not even by somebody it was sealed for, who has the content key: the header is part of what it protects."""
    body = seal(BODY, ABOUT, [ours.public])
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    sealed = read_sealed(body, name="it")
    copy = base64.b64decode(sealed.header.recipients[0].content_key)
    content_key = bytes(suite.decrypt(copy, ours.private, sealed.header.binding))
    added = {
        "keyId": other.public.key_id,
        "contentKey": base64.b64encode(
            suite.encrypt(content_key, other.private.public_key(), sealed.header.binding)
        ).decode(),
    }
    more = with_header(body, lambda header: header["recipients"].append(added))
    for host in (ours, other):
        with pytest.raises(DocumentError):
            opened(more, host)
    none = with_header(body, lambda header: header["recipients"].clear())
    with pytest.raises(SealedForOthers):
        opened(none, ours)


def test_swapped_content_keys_open_nothing(ours: Host, other: Host) -> None:
    def swap(header: dict[str, Any]) -> None:
        one, two = header["recipients"]
        one["contentKey"], two["contentKey"] = two["contentKey"], one["contentKey"]

    body = with_header(seal(BODY, ABOUT, [ours.public, other.public]), swap)
    with pytest.raises(DocumentError):
        opened(body, ours)


@pytest.mark.parametrize("algorithm", ["none", "HPKE-X25519-HKDF-SHA256-AES-128-GCM", "", None, 7])
def test_another_algorithm_is_refused_and_never_guessed(ours: Host, algorithm: Any) -> None:
    body = with_header(seal(BODY, ABOUT, [ours.public]), lambda header: header.update(algorithm=algorithm))
    with pytest.raises(DocumentError, match=f"not known here; {ALGORITHM}"):
        opened(body, ours)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        MAGIC,
        MAGIC + struct.pack(">I", 0),
        MAGIC + struct.pack(">I", MAX_HEADER_BYTES + 1) + b"x" * (MAX_HEADER_BYTES + 10),
        MAGIC + struct.pack(">I", 0xFFFFFFFF) + b"{}",
        MAGIC + struct.pack(">I", 2) + b"[]",
        MAGIC + struct.pack(">I", 2) + b"{}",
        b"\x28\xb5\x2f\xfd plain",
    ],
)
def test_what_is_no_sealed_package_is_refused(ours: Host, body: bytes) -> None:
    with pytest.raises(DocumentError):
        opened(body, ours)


def test_a_size_that_is_a_lie_is_refused_before_anything_is_opened(ours: Host) -> None:
    for size in (0, 10**6, 10**12):
        body = with_header(seal(BODY, ABOUT, [ours.public]), lambda header, size=size: header.update(size=size))
        with pytest.raises(DocumentError):
            opened(body, ours)


def test_a_key_nobody_can_have_is_refused_when_sealing(ours: Host) -> None:
    """Points of small order would give everybody the same secret."""
    for raw in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(MiniProgramError, match="none a host could have"):
            seal(BODY, ABOUT, [ours.public, RecipientKey(raw)])


def test_sealing_for_nobody_is_refused() -> None:
    with pytest.raises(MiniProgramError, match="not for 0"):
        seal(BODY, ABOUT, [])


def test_without_the_library_it_is_said(ours: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    body = seal(BODY, ABOUT, [ours.public])
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.endswith("primitives.hpke"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    for act in (lambda: seal(BODY, ABOUT, [ours.public]), lambda: opened(body, ours)):
        with pytest.raises(PluginError, match="HPKE"):
            act()


# keys


def test_a_key_file_is_for_its_owner_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "host.pem"
    made = make_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(UsageError, match="never written over"):
        make_key_file(path)
    assert path.read_bytes() == before
    keys = keys_from_files(path)
    assert list(keys.by_id) == [made.key_id]
    assert open_sealed(seal(BODY, ABOUT, [made]), ABOUT, keys, name="it") == BODY


def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "host.pem"
    make_key_file(path)
    path.chmod(0o640)
    with pytest.raises(MiniProgramError, match="others may read"):
        keys_from_files(path)


def test_keys_come_from_a_variable_or_from_wherever_the_host_has_them(tmp_path: Path) -> None:
    made = make_key_file(tmp_path / "host.pem")
    pem = (tmp_path / "host.pem").read_text()
    for keys in (keys_from_environment({"MINIPROGRAM_SEALING_KEY": pem}), keys_from(pem.encode)):
        assert list(keys.by_id) == [made.key_id]
    with pytest.raises(MiniProgramError, match="holds no key"):
        keys_from_environment({})


def test_no_key_is_ever_shown(ours: Host) -> None:
    assert repr(ours.keys) == "PrivateKeys()"
    assert "private" not in repr(ours.keys).lower().replace("privatekeys", "")


@pytest.mark.parametrize("pem", [b"", b"nonsense", bytes(16)], ids=["empty", "text", "zeros"])
def test_what_is_no_key_is_said(pem: bytes) -> None:
    with pytest.raises(MiniProgramError, match="holds no private key that opens packages"):
        keys_from(lambda: pem)


@pytest.mark.parametrize("text", ["", "x25519:", "x25519:AAAA", "ed25519:" + "A" * 43 + "=", "x25519:" + "A" * 44])
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no key to seal for"):
        parse_recipient(text)


def test_a_key_as_text_is_the_same_key(ours: Host) -> None:
    assert parse_recipient(ours.public.text) == ours.public
