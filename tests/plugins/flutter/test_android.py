"""Android files gain what is missing; the rest stays, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram_flutter.android import plan_android, with_internet, with_local_cleartext

NAMESPACE = b'xmlns:android="http://schemas.android.com/apk/res/android"'
PERMISSION = b'<uses-permission android:name="android.permission.INTERNET"/>'
PATH = Path("AndroidManifest.xml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"<manifest " + NAMESPACE + b">\n</manifest>\n",
            b"<manifest " + NAMESPACE + b">\n    " + PERMISSION + b"\n</manifest>\n",
        ),
        (
            b"<?xml version='1.0'?>\r\n<!-- <manifest> -->\r\n<manifest\r\n  "
            + NAMESPACE
            + b" package='a>b'>\r\n</manifest>",
            b"<?xml version='1.0'?>\r\n<!-- <manifest> -->\r\n<manifest\r\n  "
            + NAMESPACE
            + b" package='a>b'>\r\n    "
            + PERMISSION
            + b"\r\n</manifest>",
        ),
        (
            b"<manifest " + NAMESPACE + b" />",
            b"<manifest " + NAMESPACE + b">\n    " + PERMISSION + b"\n</manifest>",
        ),
        (
            b"<manifest " + NAMESPACE + b"><!-- " + PERMISSION + b" --></manifest>",
            b"<manifest " + NAMESPACE + b">\n    " + PERMISSION + b"<!-- " + PERMISSION + b" --></manifest>",
        ),
    ],
    ids=["plain", "CRLF, comment, >", "self-closing", "commented out"],
)
def test_the_permission_is_added_right_after_the_start(before: bytes, after: bytes) -> None:
    assert with_internet(before, PATH) == after
    assert with_internet(after, PATH) == after


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<manifest>",
        b"<manifest></other>",
        b"<resources " + NAMESPACE + b"/>",
        b"<manifest/>",
        "<manifest/>".encode("utf-16"),
        b"\x00\x01",
        b"<manifest " + NAMESPACE + b">\n  &nobody;\n</manifest>",
    ],
)
def test_what_is_no_manifest_is_refused_with_its_name(body: bytes) -> None:
    with pytest.raises(MiniProgramError, match=r"AndroidManifest\.xml"):
        with_internet(body, PATH)


def test_an_application_keeps_its_attributes() -> None:
    body = (
        b"<manifest " + NAMESPACE + b">\n  <application\n      android:label='x>y'>\n  </application>\n</manifest>"
    )

    edited, note = with_local_cleartext(body, PATH)

    added = (
        b' android:usesCleartextTraffic="true"'
        b' android:networkSecurityConfig="@xml/mini_program_network_security_config"'
    )
    assert edited == body.replace(b"<application", b"<application" + added)
    assert note is None
    assert with_local_cleartext(edited, PATH) == (edited, None)


def test_the_apps_own_settings_win_and_that_is_said(project: Path) -> None:
    debug = project / "android" / "app" / "src" / "debug"
    own = b'<application android:networkSecurityConfig="@xml/own" android:usesCleartextTraffic="false"/>'
    body = b"<manifest " + NAMESPACE + b">" + PERMISSION + own + b"</manifest>"
    (debug / "AndroidManifest.xml").write_bytes(body)

    planned, notes = plan_android(project)

    assert [(file.path.parent.name, file.body) for file in planned[1:]] == [("debug", body)]
    assert "@xml/own" in notes[0]


def test_a_config_that_allows_more_stays(project: Path) -> None:
    first, _ = plan_android(project)
    config = first[-1]
    config.path.parent.mkdir(parents=True)
    wider = config.body.replace(b"</domain-config>", b"<domain>10.0.0.7</domain></domain-config>")
    config.path.write_bytes(wider)

    again, _ = plan_android(project)

    assert again[-1].body == wider


def test_apps_without_android_are_fine(tmp_path: Path) -> None:
    assert plan_android(tmp_path) == ([], [])


def test_debug_without_a_manifest_gets_one(project: Path) -> None:
    (project / "android" / "app" / "src" / "debug" / "AndroidManifest.xml").unlink()

    planned, _ = plan_android(project)

    body = planned[1].body
    assert with_local_cleartext(with_internet(body, PATH), PATH) == (body, None)
