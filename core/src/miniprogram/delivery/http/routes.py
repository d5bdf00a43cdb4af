"""Which route a method and a raw path mean (contract, sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from miniprogram.delivery.evaluation.path_segments import has_invalid_escape, percent_decode

_NO_POSTS: Mapping[str, str] = {}
_DOTS = frozenset({".", ".."})


class Route(NamedTuple):
    """A route by its log name, with what its path names: ids, versions, rest. Names are not validated yet."""

    kind: str
    names: tuple[str, ...] = ()


def find_route(method: str, path: str, *, is_local: bool, posts: Mapping[str, str] = _NO_POSTS) -> Route:
    """Total: whatever is not served is `not_found`, `unsupported_method`, `not_implemented` or `invalid`.

    `posts`: log names of the POST routes that a local server adds, by path.
    """
    if method == "OPTIONS":
        return Route("cors_preflight")
    segments = _local_segments(path) if is_local else _cloud_segments(path)
    if method == "POST":
        return _post(segments, posts, is_local=is_local)
    route = _get(segments)
    if method != "GET" and not (method == "HEAD" and route.kind == "package"):
        return Route("unsupported_method")
    if route.kind == "not_found" and not is_local and has_invalid_escape(path):
        return Route("invalid", ("path",))
    return route


def _local_segments(path: str) -> list[str]:
    """Decoded segments; empty ones count, dot segments are resolved as a URL parser would."""
    segments = path.removeprefix("/").split("/")
    if "%" in path:
        segments = [percent_decode(part) for part in segments]
    if _DOTS.isdisjoint(segments):
        return segments
    resolved: list[str] = []
    for part in segments:
        if part == "..":
            del resolved[-1:]
        elif part != ".":
            resolved.append(part)
    if segments[-1] in _DOTS:
        resolved.append("")
    return resolved


def _cloud_segments(path: str) -> list[str]:
    """Decoded segments, each trimmed before decoding; empty ones do not count."""
    return [percent_decode(text) for part in path.split("/") if (text := part.strip())]


def _post(segments: list[str], posts: Mapping[str, str], *, is_local: bool) -> Route:
    if is_local:
        return Route(posts.get("/" + "/".join(segments), "unsupported_method"))
    is_secure = len(segments) >= 3 and segments[:2] == ["api", "secure"]
    return Route("not_implemented" if is_secure else "unsupported_method")


def _get(segments: list[str]) -> Route:  # noqa: C901, PLR0911 - one case and return per route
    match segments:
        case ["health"]:
            return Route("health")
        case ["api", "assets", program_id, version, *path] if path:
            return Route("asset", (program_id, version, *path))
        case ["api", "packages", program_id, version, *path] if path:
            return Route("package", (program_id, version, *path))
        case ["api", "discovery", last]:
            return _ending(last, "mini-programs", Route("mini_program_catalog"))
        case ["api", "manifests", program_id, "versions", last]:
            return _ending(last, None, Route("manifest_versioned", (program_id,)))
        case ["api", "manifests", program_id, last]:
            return _ending(last, "latest", Route("manifest_latest", (program_id,)))
        case ["api", "debug", "manifests", program_id, last]:
            return _ending(last, "decision", Route("manifest_decision_inspect", (program_id,)))
        case ["api", "switches", last]:
            return _ending(last, None, Route("switches"))
        case ["api", "screens", program_id, version, last]:
            return _ending(last, None, Route("screen_versioned", (program_id, version)))
        case ["api", "trust", *names]:
            return _trust(names)
    return Route("not_found")


def _trust(names: list[str]) -> Route:
    match names:
        case [name]:
            return Route("trust_metadata", (name,))
        case ["targets", program_id, name]:
            return Route("signed_version", (program_id, name))
    return Route("not_found")


def _ending(last: str, keyword: str | None, route: Route) -> Route:
    """`route` when the last segment, without one `.json`, is `keyword`; without a keyword it is one more name."""
    name = last.strip().removesuffix(".json")
    if keyword is None:
        return route._replace(names=(*route.names, name))
    return route if name == keyword else Route("not_found")
