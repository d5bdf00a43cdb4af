"""The endpoint map's source of truth: one line of JSON between two marker comments.

The comments start with `//`, which Dart, JavaScript and TypeScript share. What follows the block in a file is
generated from it and never read.
"""

from __future__ import annotations

import json
import re

from miniprogram.errors import DocumentError
from miniprogram.seams.endpoint import Endpoint, endpoints_from_json, endpoints_to_json
from miniprogram.strict_json import parse_json, require_object

BEGIN = "// BEGIN MINI_PROGRAM_ENDPOINTS_JSON"
END = "// END MINI_PROGRAM_ENDPOINTS_JSON"

_BLOCK = re.compile(
    r"^[ \t]*//[ \t]*BEGIN MINI_PROGRAM_ENDPOINTS_JSON[ \t]*\r?\n"
    r"[ \t]*//[ \t]*(?P<json>[^\r\n]*)\r?\n"
    r"[ \t]*//[ \t]*END MINI_PROGRAM_ENDPOINTS_JSON[ \t]*\r?$",
    re.MULTILINE,
)


def read_block(text: str, *, name: str) -> dict[str, Endpoint] | None:
    """The endpoints in `text` by app id; None when it has no block, so that somebody else wrote it.

    Raises DocumentError naming `name` when the block is torn, stands twice or does not hold endpoints.
    """
    blocks = _BLOCK.findall(text)
    if not blocks:
        if "BEGIN MINI_PROGRAM_ENDPOINTS_JSON" in text:
            raise DocumentError(f"{name}: the MINI_PROGRAM_ENDPOINTS_JSON block is torn", hint=_HINT)
        return None
    if len(blocks) > 1:
        raise DocumentError(f"{name}: the MINI_PROGRAM_ENDPOINTS_JSON block stands twice", hint=_HINT)
    location = f"{name}: the MINI_PROGRAM_ENDPOINTS_JSON block"
    document = parse_json(blocks[0].encode(), name=location)
    return endpoints_from_json(require_object(document, name=location), name=name)


def write_block(endpoints: list[Endpoint]) -> str:
    """The three comment lines for `endpoints`, without a newline at the end."""
    # U+2028 and U+2029 end a line for some readers: JSON may escape them, so it does
    line = json.dumps(endpoints_to_json(endpoints), separators=(",", ":"), ensure_ascii=False)
    line = line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"{BEGIN}\n// {line}\n{END}"


_HINT = "Restore the file from version control, or move it away and add the endpoints again."
