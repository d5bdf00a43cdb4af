"""What an Android app must allow: the network always, clear text to this machine in debug builds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from miniprogram.errors import DocumentError
from miniprogram.hosts.file_changes import read_current
from miniprogram.seams.host_generator import PlannedFile
from miniprogram_flutter.rendering import render
from miniprogram_flutter.xml_source import ANDROID, Element, insert, read_elements

INTERNET = "android.permission.INTERNET"
CONFIG_NAME = "mini_program_network_security_config"
CONFIG_REFERENCE = f"@xml/{CONFIG_NAME}"
LOCAL_DOMAINS = ("10.0.2.2", "127.0.0.1", "localhost")


def plan_android(project_root: Path) -> tuple[list[PlannedFile], list[str]]:
    """The Android files with our additions, and sentences about what the app's own settings keep us from."""
    source = project_root / "android" / "app" / "src"
    planned: list[PlannedFile] = []
    notes: list[str] = []
    main = source / "main" / "AndroidManifest.xml"
    if (body := read_current(main)) is not None:
        planned.append(PlannedFile(main, with_internet(body, main), "shared"))
    if (source / "debug").is_dir():
        files, notes = _plan_debug(source / "debug")
        planned += files
    return planned, notes


def with_internet(body: bytes, path: Path) -> bytes:
    """The manifest `body` with the INTERNET permission. One that has it is returned as it is."""
    elements = _manifest_elements(body, path)
    if any(_is_internet(element) for element in elements):
        return body
    permission = f'\n    <uses-permission android:name="{INTERNET}"/>'
    return _insert_into(body, elements[0], permission, path)


def with_local_cleartext(body: bytes, path: Path) -> tuple[bytes, str | None]:
    """A debug manifest that allows clear text to this machine; attributes that are set stay as they are.

    The second value says what was left alone, if anything was.
    """
    elements = _manifest_elements(body, path)
    application = next((e for e in elements if (e.name, e.parent) == ("application", "manifest")), None)
    wanted = {"usesCleartextTraffic": "true", "networkSecurityConfig": CONFIG_REFERENCE}
    if application is None:
        attributes = "".join(f'\n        android:{name}="{value}"' for name, value in wanted.items())
        return _insert_into(body, elements[0], f"\n    <application{attributes}/>", path), None
    missing = {name: value for name, value in wanted.items() if f"android:{name}" not in application.attributes}
    attributes = "".join(f' android:{name}="{value}"' for name, value in missing.items())
    name_end = body.index(b"application", application.start) + len(b"application")
    return insert(body, name_end, attributes), _own_settings(application, wanted, path)


def _plan_debug(folder: Path) -> tuple[list[PlannedFile], list[str]]:
    manifest = folder / "AndroidManifest.xml"
    config = folder / "res" / "xml" / f"{CONFIG_NAME}.xml"
    before = read_current(manifest)
    if before is None:
        body, note = render("debug_AndroidManifest.xml"), None
    else:
        body, note = with_local_cleartext(with_internet(before, manifest), manifest)
    planned = [PlannedFile(manifest, body, "shared")]
    if CONFIG_REFERENCE.encode() in body:  # nobody reads ours while the app names its own
        planned.append(_plan_config(config))
    return planned, [note] if note else []


def _plan_config(path: Path) -> PlannedFile:
    wanted = render("mini_program_network_security_config.xml")
    current = read_current(path)
    if current is not None and _allows_local(current, path):
        return PlannedFile(path, current, "shared")
    return PlannedFile(path, wanted, "app")


def _allows_local(body: bytes, path: Path) -> bool:
    text = body.decode("utf-8", errors="replace")
    has_domains = any(element.name == "domain" for element in read_elements(body, path))
    return has_domains and all(f">{domain}<" in text for domain in LOCAL_DOMAINS)


def _manifest_elements(body: bytes, path: Path) -> Sequence[Element]:
    elements = read_elements(body, path)
    if elements[0].name != "manifest":
        raise DocumentError(f"{path} is no Android manifest: it starts with <{elements[0].name}>")
    return elements


def _insert_into(body: bytes, manifest: Element, text: str, path: Path) -> bytes:
    tag = body[manifest.start : manifest.end]
    if f'xmlns:android="{ANDROID}"'.encode() not in tag.replace(b"'", b'"').replace(b" = ", b"="):
        raise DocumentError(f"{path}: <manifest> does not declare xmlns:android")
    if tag.endswith(b"/>"):
        opened = body[: manifest.end - 2].rstrip() + b">"
        return insert(opened, len(opened), f"{text}\n</manifest>") + body[manifest.end :]
    return insert(body, manifest.end, text)


def _is_internet(element: Element) -> bool:
    return element.name == "uses-permission" and element.attributes.get("android:name") == INTERNET


def _own_settings(application: Element, wanted: dict[str, str], path: Path) -> str | None:
    own = [
        f"android:{name} is {application.attributes[f'android:{name}']!r}"
        for name, value in wanted.items()
        if application.attributes.get(f"android:{name}", value) != value
    ]
    if not own:
        return None
    return (
        f"{path} keeps its own settings ({', '.join(own)}): allow clear text to {', '.join(LOCAL_DOMAINS)} there "
        "to reach a local backend."
    )
