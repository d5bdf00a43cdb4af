"""The endpoint map as a module of JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from miniprogram.hosts.constant_names import name_constants
from miniprogram.hosts.endpoint_block import write_block
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import EndpointFiles, RegistryEntry
from miniprogram_web.host.registry import MEMBERS, render_registry

PRESETS = "presets"
"""The folder of packages that the page is built with."""
_HEAD = """\
// Written by `miniprogram host endpoint add`, `import` and `remove`; the next one writes it again.
// The block below is what they read. The code after it is made from it.
"""
_DOC = "/** Where this page loads each mini-program from: attributes of `<mini-program>`, by app id. */"


def render_endpoints(endpoints: Sequence[Endpoint], registry: Sequence[RegistryEntry]) -> EndpointFiles:
    """Both files for these entries, with what a site has to know about its keys."""
    named = name_constants(registry, members=MEMBERS)
    constants = {entry.app_id: str(entry.constant) for entry in named}
    ordered = sorted(endpoints, key=lambda each: each.app_id)
    code = "".join(
        f"  [MiniPrograms.{constants[each.app_id]}.appId]: {_attributes_code(each)},\n" for each in ordered
    )
    imports = "import { MiniPrograms } from './registry.js';\n\n" if ordered else ""
    body = f"{_HEAD}{write_block(ordered)}\n\n{imports}{_DOC}\nexport const miniProgramEndpoints = {{\n{code}}};\n"
    return EndpointFiles(body.encode(), render_registry(named), tuple(_notes(ordered)))


def _attributes_code(endpoint: Endpoint) -> str:
    """The attributes as an object of JavaScript."""
    code = json.dumps(_attributes(endpoint))
    if endpoint.preset_version is None:
        return code
    # written so that bundlers find the file
    file = json.dumps(f"./{PRESETS}/{endpoint.app_id}.tar")
    return f'{code[:-1]}, "offline": "", "preset": new URL({file}, import.meta.url).href}}'


def _attributes(endpoint: Endpoint) -> dict[str, str]:
    attributes = {"api-base-url": endpoint.api_base_uri}
    if endpoint.access_key is not None:
        attributes["access-key"] = endpoint.access_key.get_secret_value()
    if endpoint.backend_base_uri is not None:
        attributes["backend-base-url"] = endpoint.backend_base_uri
    if endpoint.trust_root is not None:
        attributes["trust-root"] = endpoint.trust_root
    return attributes


def _notes(endpoints: Sequence[Endpoint]) -> Iterator[str]:
    protected = [each.app_id for each in endpoints if each.access_key is not None]
    if protected:
        yield (
            f"Everybody who opens the page can read the access key of {', '.join(protected)}: give this site a "
            "key of its own, so that it can be revoked alone."
        )
