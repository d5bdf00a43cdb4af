"""The files of a bundle as hosts get them: local images become addresses.

Hosts resolve no relative image source, and the address is only known when a target is chosen. So it is written
here, not into the bundle, and the bundle's digest does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.rendered_file import RenderedFile
from miniprogram.strict_json import parse_json, require_object, to_pretty_json


def render_files(bundle: Bundle, assets_url: str | None) -> Iterator[RenderedFile]:
    """Screens and assets by path, then the manifest: who reads that may read everything.

    `assets_url` ends in `/` and stands before the path of an asset. Raises PublishError when it is None and a
    screen shows one.
    """
    paths = frozenset(file.path.removeprefix("assets/") for file in bundle.assets)
    for file in bundle.screens:
        yield _render_screen(file, paths, assets_url) if paths else _as_it_is(file)
    yield from map(_as_it_is, bundle.assets)
    yield _as_it_is(bundle.manifest_file)


def _as_it_is(file: BundleFile) -> RenderedFile:
    return RenderedFile(file.path, file.body, file.sha256, file.size)


def _render_screen(file: BundleFile, assets: frozenset[str], assets_url: str | None) -> RenderedFile:
    from miniprogram.stac.images import local_images, rewrite_images

    node = require_object(parse_json(file.body, name=file.path), name=file.path)
    shown = [(location, name) for location, name in local_images(node) if name in assets]
    if not shown:
        return _as_it_is(file)
    if assets_url is None:
        location, name = shown[0]
        raise PublishError(
            f"{file.path} shows assets/{name} ({location}), and hosts load images by absolute URL only",
            hint="Say where the published files will be served with --base-url https://….",
        )
    filled = rewrite_images(node, lambda name: assets_url + quote(name) if name in assets else None)
    return RenderedFile(file.path, to_pretty_json(filled), file.sha256, file.size, filled=True)
