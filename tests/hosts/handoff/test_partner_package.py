"""Partner packages: ours and the reference's are read, everything else is refused in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.hosts.handoff.making import Handoff, make_package
from miniprogram.hosts.handoff.partner_package import digest_of, read_package

NOW = datetime(2030, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
KEY = "mpk_live_0123456789abcdef0123"

REFERENCE: dict[str, Any] = {
    "schemaVersion": 2,
    "type": "mini_program_partner_handoff",
    "appId": "shop",
    "title": "Shop",
    "apiBaseUrl": "https://x.test/api/",
    "backendBaseUrl": "https://y.test",
    "accessMode": "protected",
    "accessKey": KEY,
    "generatedAtUtc": "2029-01-01T00:00:00.000Z",
}
"""A package as the reference writes it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.partner.json"


def store(path: Path, **changes: Any) -> Path:
    document = {key: value for key, value in {**REFERENCE, **changes}.items() if value is not ...}
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"schemaVersion": 1, "accessMode": ...},
        {"schemaVersion": 1, "accessMode": "nonsense"},
        {"accessMode": "PROTECTED"},
        {"extra": {"x": 1}},
        {"accessKey": f" {KEY} "},
        {"generatedAtUtc": "2029-01-01"},
        {"generatedAtUtc": "2029-01-01T00:00:00.123456+02:00"},
        {"expiresAt": None, "integrity": None},
    ],
    ids=["2", "1", "1 ignores the mode", "case", "extra", "blanks", "date", "offset", "nulls"],
)
def test_reference_packages_are_read(path: Path, changes: dict[str, Any]) -> None:
    package = read_package(store(path, **changes), now=NOW)

    endpoint = package.endpoint()
    assert (endpoint.app_id, endpoint.api_base_uri, endpoint.access_mode) == (
        "shop",
        "https://x.test/api",
        "protected",
    )
    assert endpoint.access_key is not None
    assert endpoint.access_key.get_secret_value() == KEY
    assert (endpoint.backend_base_uri, endpoint.backend_mode) == ("https://y.test", "remote")


@pytest.mark.parametrize("mode", ["public", "PUBLIC"])
@pytest.mark.parametrize("key", [..., None, " "])
def test_public_packages_are_read(path: Path, mode: str, key: Any) -> None:
    package = read_package(store(path, accessMode=mode, accessKey=key, backendBaseUrl=" "), now=NOW)

    assert (package.access_mode, package.access_key, package.backend_base_url) == ("public", None, None)
    assert package.endpoint().backend_mode == "none"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"type": "other"}, "type"),
        ({"type": ...}, "type"),
        ({"type": 5}, "type"),
        ({"schemaVersion": "2"}, "schemaVersion"),
        ({"schemaVersion": 2.0}, "schemaVersion"),
        ({"schemaVersion": True}, "schemaVersion"),
        ({"schemaVersion": 0}, "schemaVersion"),
        ({"schemaVersion": ...}, "schemaVersion"),
        ({"schemaVersion": 3}, "newer release"),
        ({"schemaVersion": 1, "accessKey": ...}, "needs an accessKey"),
        ({"accessMode": ...}, "accessMode"),
        ({"accessMode": "open"}, "accessMode"),
        ({"accessMode": 1}, "accessMode"),
        ({"accessKey": ...}, "needs an accessKey"),
        ({"accessKey": "too-short-secret"}, "accessKey"),
        ({"accessKey": "x" * 129}, "accessKey"),
        ({"accessKey": "x" * 30 + "/"}, "accessKey"),
        ({"accessKey": 123456789012345678901234567890}, "accessKey"),
        ({"accessMode": "public"}, "must not hold an accessKey"),
        ({"accessMode": "public", "accessKey": 5}, "accessKey"),
        ({"appId": "a/b"}, "appId"),
        ({"appId": ".."}, "appId"),
        ({"appId": "--public"}, "appId"),
        ({"appId": ...}, "appId"),
        ({"appId": 5}, "appId"),
        ({"title": " "}, "title"),
        ({"title": "a\u001b[2Jb"}, "title"),
        ({"title": None}, "title"),
        ({"title": "\ud800"}, "half a surrogate pair"),
        ({"apiBaseUrl": "x.test/api"}, "apiBaseUrl"),
        ({"apiBaseUrl": "javascript://x.test/%0aalert(1)"}, "apiBaseUrl"),
        ({"apiBaseUrl": "https://user:too-short-secret@x.test"}, "apiBaseUrl"),
        ({"backendBaseUrl": "/relative"}, "backendBaseUrl"),
        ({"backendBaseUrl": 5}, "backendBaseUrl"),
        ({"generatedAtUtc": "yesterday"}, "generatedAtUtc"),
        ({"generatedAtUtc": 5}, "generatedAtUtc"),
        ({"generatedAtUtc": ...}, "generatedAtUtc"),
        ({"expiresAt": "soon"}, "expiresAt"),
        ({"expiresAt": 4102444800}, "expiresAt"),
        ({"expiresAt": "2030-01-01T00:00:00Z"}, "expired on 2030-01-01T00:00:00.000Z"),
        ({"integrity": "md5:00"}, "integrity"),
        ({"integrity": 5}, "integrity"),
        ({"integrity": "sha256:" + "0" * 64}, "changed or damaged"),
    ],
)
def test_bad_packages_are_refused(path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        read_package(store(path, **changes), now=NOW)

    assert str(path) in str(caught.value)
    assert "too-short-secret" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": NaN}', b'{"a":1,"a":2}'])
def test_what_is_no_json_object_is_refused(path: Path, body: bytes) -> None:
    path.write_bytes(body)

    with pytest.raises(DocumentError, match=r"shop\.partner\.json"):
        read_package(path, now=NOW)


def test_ours_is_whole_private_and_read_back(path: Path) -> None:
    handoff = Handoff(
        "shop", "https://x.test/api/", "Café", access_key=SecretStr(KEY), expires_at=NOW + timedelta(days=1)
    )

    made = make_package(handoff, path, now=NOW)

    document = json.loads(path.read_text("utf-8"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().endswith(b"}\n")
    assert list(document) == [
        "schemaVersion",
        "type",
        "appId",
        "title",
        "apiBaseUrl",
        "accessMode",
        "accessKey",
        "generatedAtUtc",
        "expiresAt",
        "integrity",
    ]
    assert document["generatedAtUtc"] == "2030-01-02T03:04:05.678Z"
    assert document["integrity"] == digest_of(document)
    assert read_package(path, now=NOW) == made


def test_a_changed_package_is_noticed(path: Path) -> None:
    make_package(Handoff("shop", "https://x.test/api"), path, now=NOW)
    document = json.loads(path.read_text()) | {"apiBaseUrl": "https://evil.test/api"}
    path.write_text(json.dumps(document))

    with pytest.raises(DocumentError, match="changed or damaged"):
        read_package(path, now=NOW)


def test_layout_does_not_matter_to_the_digest(path: Path) -> None:
    make_package(Handoff("shop", "https://x.test/api"), path, now=NOW)
    document = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(document.items())), indent=7))

    assert read_package(path, now=NOW).app_id == "shop"


def test_a_package_ends_at_its_moment(path: Path) -> None:
    make_package(Handoff("shop", "https://x.test/api", expires_at=NOW), path, now=NOW - timedelta(days=9))

    assert read_package(path, now=NOW - timedelta(milliseconds=1)).app_id == "shop"
    with pytest.raises(DocumentError, match="expired"):
        read_package(path, now=NOW)


def test_only_packages_are_replaced(tmp_path: Path) -> None:
    handoff = Handoff("shop", "https://x.test/api")
    other, package = tmp_path / "pubspec.yaml", tmp_path / "handoff.json"
    other.write_text("name: app")

    make_package(handoff, package, now=NOW)
    make_package(handoff, package, now=NOW)
    with pytest.raises(MiniProgramError, match="is not a partner package"):
        make_package(handoff, other, now=NOW)
    with pytest.raises(MiniProgramError, match="is a folder"):
        make_package(handoff, tmp_path, now=NOW)

    assert other.read_text() == "name: app"


@pytest.mark.parametrize(
    ("handoff", "problem"),
    [
        (Handoff("a/b", "https://x.test"), "app_?[iI]d must be"),
        (Handoff("a", "https://x.test", "a\nb"), "title must be"),
        (Handoff("a", "https://x.test", access_key=SecretStr("too-short-secret")), "must be 24 to 128"),
    ],
)
def test_nothing_is_written_for_a_bad_handoff(tmp_path: Path, handoff: Handoff, problem: str) -> None:
    with pytest.raises(MiniProgramError, match=problem) as caught:
        make_package(handoff, tmp_path / "x.partner.json", now=NOW)

    assert "too-short-secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
