"""The runtime as one file: every module in a scope of its own, in the order in which they need each other.

No JavaScript is parsed. The modules of the runtime are written so that this is enough: imports and exports stand
at the start of a line, nothing is exported twice, no module waits (`await`) at its top, and none needs itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from miniprogram_web.node import RUNTIME

ENTRY = "element.js"
IN_FRAME = "client/in_frame.js"
"""What a frame runs: it takes this file as text."""
BUNDLE = "mini-program.js"
"""It lies in a folder with `icons/` and `vendor/`."""

_IMPORT = re.compile(r"^import (?:\{(?P<names>[^}]*)\} from )?'(?P<module>\.[^']*)';\n", re.MULTILINE)
_PASSED_ON = re.compile(r"^export \{(?P<names>[^}]*)\} from '(?P<module>\.[^']*)';\n", re.MULTILINE)
_LISTED = re.compile(r"^export \{(?P<names>[^}]*)\};\n", re.MULTILINE)
_DECLARED = re.compile(r"^export (?P<what>(?:async )?(?:class|const|function\*?) (?P<name>\w+))", re.MULTILINE)
_LATER = re.compile(r"\bimport\('(?P<module>\.[^']*)'\)")
_ADDRESS = re.compile(r"new URL\('(?P<file>\.[^']*)', import\.meta\.url\)")
_COMMENT = re.compile(r"/\*\*.*?\*/[ \t]*\n?", re.DOTALL)
_BLANK = re.compile(r"\n[ \t]*(?=\n)")


def bundle(runtime: Path = RUNTIME, entry: str = ENTRY) -> str:
    """One ES module that exports what `entry` exports. Raises ValueError when a module needs itself."""
    scopes = [_scope(path, runtime) for path in modules(runtime, entry)]
    exported = _exports((runtime / entry).read_text("utf-8"))
    last = ", ".join(exported)
    return "\n".join([*scopes, f"export const {{ {last} }} = {_variable(entry)};", ""])


def modules(runtime: Path = RUNTIME, entry: str = ENTRY) -> list[str]:
    """Paths of all modules that `entry` needs, each after those that it needs itself; last what comes later."""
    done: list[str] = []
    open_: list[str] = []

    def follow(path: str) -> None:
        if path in done:
            return
        if path in open_:
            raise ValueError(f"modules need each other: {' -> '.join([*open_, path])}")
        open_.append(path)
        text = (runtime / path).read_text("utf-8")
        for needed in _needed(path, text):
            follow(needed)
        open_.pop()
        done.append(path)
        later.extend(_resolved(path, match["module"]) for match in _LATER.finditer(_COMMENT.sub("", text)))

    later = [entry, IN_FRAME] if entry == ENTRY else [entry]
    for path in later:
        follow(path)
    return done


def _needed(path: str, text: str) -> Iterator[str]:
    for pattern in (_IMPORT, _PASSED_ON):
        for match in pattern.finditer(text):
            yield _resolved(path, match["module"])


def _resolved(path: str, module: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), module))


def _variable(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


def _renamed(names: str) -> str:
    """`a, b as c` of an import as the pattern `a, b: c` of a declaration."""
    return ", ".join(name.strip().replace(" as ", ": ") for name in names.split(",") if name.strip())


def _exports(text: str) -> dict[str, str]:
    """Name outside -> expression inside."""
    found = {match["name"]: match["name"] for match in _DECLARED.finditer(text)}
    for match in _LISTED.finditer(text):
        found |= {name.strip(): name.strip() for name in match["names"].split(",")}
    for match in _PASSED_ON.finditer(text):
        found |= {name.strip(): name.strip() for name in match["names"].split(",")}
    return found


def _scope(path: str, runtime: Path) -> str:
    text = (runtime / path).read_text("utf-8")
    exported = ", ".join(_exports(text))

    def declared(match: re.Match[str]) -> str:
        names = match["names"]
        return f"const {{ {_renamed(names)} }} = {_variable(_resolved(path, match['module']))};\n" if names else ""

    def later(match: re.Match[str]) -> str:
        return f"Promise.resolve({_variable(_resolved(path, match['module']))})"

    def address(match: re.Match[str]) -> str:
        file = _resolved(path, match["file"])
        return f"new URL('./{BUNDLE if file == ENTRY else file.removeprefix('../')}', import.meta.url)"

    text = _ADDRESS.sub(address, text)
    body = _LATER.sub(later, _PASSED_ON.sub(declared, _IMPORT.sub(declared, _COMMENT.sub("", text))))
    body = _DECLARED.sub(lambda match: match["what"], _LISTED.sub("", body))
    body = _BLANK.sub("", body).strip()
    return f"const {_variable(path)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
