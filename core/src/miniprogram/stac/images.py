"""Local images in a screen: which they are, and the screen with their delivery addresses filled in.

An image is local when it is an object of `type` `image` whose `src` has no scheme or host and is no placeholder.
It names a file below the mini-program's `assets` folder; a leading `assets/` may be there or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unicodedata import normalize

from miniprogram.stac.json_path import JsonPath, write_path

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_local(source: str) -> bool:
    """Whether an image source names a file of the mini-program rather than an address or a placeholder."""
    return bool(source.strip()) and not source.startswith(("{", "$", "//")) and not _SCHEME.match(source)


def asset_path(source: str) -> str | None:
    """The path below `assets/` that a local source names; None when it points outside of that folder."""
    parts = [part for part in source.split("/") if part != "."]
    if parts and parts[0] == "assets":
        parts = parts[1:]
    if not parts or "\\" in source or "\0" in source or any(part in ("", "..") for part in parts):
        return None
    return normalize("NFC", "/".join(parts))  # the form that bundles hold, whichever the author's keyboard makes


def local_images(node: Any) -> Iterator[tuple[str, str]]:
    """`(JSON path of the image node, path below assets/)` of every local image in `node`, in document order.

    Sources that point outside of the assets folder are left out.
    """
    waiting: list[tuple[JsonPath, Any]] = [(None, node)]
    while waiting:
        location, item = waiting.pop()
        if isinstance(item, dict):
            name = _image_asset(item)
            if name is not None:
                yield write_path(location), name
            waiting.extend(((location, str(key)), member) for key, member in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend(((location, index), item[index]) for index in reversed(range(len(item))))


def rewrite_images(node: dict[str, Any], url_for: Callable[[str], str | None]) -> dict[str, Any]:
    """A copy of `node` whose local images are network images at `url_for(path below assets/)`.

    Where `url_for` gives None the image stays as it is. `node` is not changed. The copy is made without recursion,
    so any document that could be read can be rewritten.
    """
    copy: dict[str, Any] = {}
    waiting: list[tuple[Any, Any]] = [(node, copy)]
    while waiting:
        source, target = waiting.pop()
        pairs = source.items() if isinstance(source, dict) else enumerate(source)
        for key, member in pairs:
            fresh = _empty_like(member)
            if isinstance(target, dict):
                target[key] = fresh
            else:
                target.append(fresh)
            if isinstance(member, (dict, list)):
                waiting.append((member, fresh))
        if isinstance(source, dict):
            target.update(_address(source, url_for))
    return copy


def _empty_like(member: Any) -> Any:
    if isinstance(member, dict):
        return {}
    return [] if isinstance(member, list) else member


def _address(node: Mapping[str, Any], url_for: Callable[[str], str | None]) -> dict[str, str]:
    name = _image_asset(node)
    url = None if name is None else url_for(name)
    return {} if url is None else {"imageType": "network", "src": url}


def _image_asset(node: Mapping[str, Any]) -> str | None:
    source = node.get("src")
    if node.get("type") != "image" or not isinstance(source, str) or not is_local(source):
        return None
    return asset_path(source)
