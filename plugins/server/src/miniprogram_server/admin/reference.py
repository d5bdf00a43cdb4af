"""Write the page `admin-api.md` from the table of operations.

Run as `python -m miniprogram_server.admin.reference docs/reference`. A test makes the same text and compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from miniprogram_server.admin.framework.bodies import MAX_JSON_BYTES, MAX_TEXT_BYTES
from miniprogram_server.admin.framework.openapi import REFUSALS
from miniprogram_server.admin.framework.operation import PREFIX, Operation
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.admin.operations.examples import BODIES
from miniprogram_server.admin.operations.table import OPERATIONS

_JSON_MIB, _LIST_MIB = MAX_JSON_BYTES // 1024**2, MAX_TEXT_BYTES // 1024**2
_RATE = Rate()

INTRODUCTION = f"""\
# Administration API

Releases over HTTP: everything the release commands do. Generated from the code. A server that was started with
`miniprogram serve --env NAME` or `miniprogram console` answers below `{PREFIX}`; there, `openapi.json` is the
OpenAPI 3.1 document with every model, an example of every body, and links from answers to what can be asked
next; anybody may read it. Generators of clients take it: `openapi-python-client generate --url …/openapi.json`.

## How to ask

- **Token**: `Authorization: Bearer TOKEN`. `miniprogram token create --member NAME` makes one. It carries roles,
  for all host apps or for some, and expires. Removing a member or revoking a token takes effect with the next
  request.
- **Revision**: answers carry the revision of the document they show as `ETag: "r7"`. A write says which one it is
  meant for with `If-Match: "r7"`; another revision is 412, with the present one in `revision`. `If-Match: *` means
  any; nothing at all is 428 for operations marked `If-Match`. `If-None-Match: "r7"` on a read is answered 304
  while it is still that revision.
- **Repeats**: a write with an `Idempotency-Key` is answered again, and not done again, when it is sent again
  within a day with the same token to the same server. The same key with another request is 422. Answers
  with a secret in them are not kept.
- **Bodies** are JSON up to {_JSON_MIB} MiB; lists of ids are `text/plain`, `text/csv` or
  `application/octet-stream` up to {_LIST_MIB} MiB. Members and parameters nobody knows are refused.
- **Rate**: {_RATE.burst} requests at once and {_RATE.per_second:g} per second for each token; 429 says in
  `Retry-After` how long to wait.
- Browsers on other sites get no CORS headers, so they cannot read answers.

Whoever applied for a release cannot approve it, nor can a token they made. Events name the token and who
made it. Reads reach as far as a member's roles: another mini-program or host app is 403 (`sight`), and lists
leave it out. Denials have a list of their own (`GET /audit/denials`), are counted there, and change no revision;
a token that does not count writes nothing. `halt`, `pause` and `force-remove` need no `If-Match`, and none that
is sent counts: `seen` names the release and the state that was looked at, such as `r-7:grayscale`.

## Refusals

Each is a problem document (RFC 9457, `application/problem+json`): `type` (`urn:miniprogram:problem:` and the
code), `title`, `status`, `detail`, and beside them `code` for programs, `hint` for people, `rule` where a rule of
releases stands against it, `revision` where the document is at another one, and `traceId`.
"""


EXAMPLES = """\

## Bodies

An example of each. An audience, wherever one stands, is a condition or a tree of conditions
([the operators](delivery-policy.md))."""


def render() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    yield "| status | meaning |\n|---|---|"
    for status, text in REFUSALS.items():
        yield f"| {status} | {text} |"
    for group, operations in groupby(sorted(OPERATIONS, key=_group_order), key=lambda each: each.group):
        yield f"\n## {group}\n\n| request | what it does | who may | body → answer |\n|---|---|---|---|"
        yield from map(_row, operations)
    yield EXAMPLES
    for operation in OPERATIONS:
        if operation.name in BODIES:
            yield from _example(operation)


def _example(operation: Operation) -> Iterator[str]:
    text = json.dumps(BODIES[operation.name], indent=None if len(str(BODIES[operation.name])) < 80 else 2)
    yield f"\n{operation.method} `{operation.path}`:\n\n```json\n{text}\n```"


def _group_order(operation: Operation) -> int:
    return list(dict.fromkeys(each.group for each in OPERATIONS)).index(operation.group)


def _row(operation: Operation) -> str:
    body = "a list of ids" if operation.takes_text else operation.body.__name__ if operation.body else ""
    models = f"{body} → {operation.answer.__name__}" if body else operation.answer.__name__
    mark = " (`If-Match`)" if operation.guarded else ""
    request = f"`{operation.method} {operation.path}`"
    return f"| {request}{mark} | {operation.summary} | {operation.permission} | {models} |"


if __name__ == "__main__":
    Path(sys.argv[1], "admin-api.md").write_text(render(), "utf-8")
