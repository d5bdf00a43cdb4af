"""How much a provider has to bring itself: what the next one would copy belongs into core."""

from __future__ import annotations

import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_GCP_STORE = (
    "hooks.py",
    "settings.py",
    "provider.py",
    "bucket.py",
    "calls.py",
    "gcs_store.py",
    "google_calls.py",
    "credentials.py",
)
PARTS = {
    "s3: hooks, settings, provider": ("plugins/s3", ("hooks.py", "settings.py", "provider.py")),
    "s3: all": ("plugins/s3", ()),
    "aws: hooks, settings, provider": ("plugins/aws", ("hooks.py", "settings.py", "provider.py")),
    "aws: all": ("plugins/aws", ()),
    "gcp: hooks, settings, provider": ("plugins/gcp", ("hooks.py", "settings.py", "provider.py")),
    "gcp: without deployment": ("plugins/gcp", _GCP_STORE),
    "gcp: all": ("plugins/gcp", ()),
    "firebase: all": ("plugins/firebase", ()),
    "filesystem: all": ("core/src/miniprogram/filesystem_provider", ()),
}
MOST = {
    "s3: hooks, settings, provider": 140,
    "s3: all": 1255,
    "aws: hooks, settings, provider": 325,
    "aws: all": 2730,
    "gcp: hooks, settings, provider": 120,
    "gcp: without deployment": 540,
    "gcp: all": 2270,
    "firebase: all": 2290,
    "filesystem: all": 130,
}
"""Lines of code at most. More of them in a provider is a reason to ask what of it is every provider's."""


def lines_of_code(path: Path) -> int:
    """Lines that hold code; documentation and comments aside."""
    with path.open("rb") as stream:
        tokens = list(tokenize.tokenize(stream.readline))
    nothing = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
    }
    held: set[int] = set()
    for before, token in zip([None, *tokens], tokens, strict=False):
        is_text_alone = token.type == tokenize.STRING and (before is None or before.type in nothing)
        if token.type not in nothing and not is_text_alone and token.type != tokenize.ENDMARKER:
            held.update(range(token.start[0], token.end[0] + 1))
    return len(held)


def test_a_provider_is_thin(capsys: pytest.CaptureFixture[str]) -> None:
    found = {
        part: sum(
            lines_of_code(path)
            for path in (ROOT / folder).rglob("*.py")
            if not names or (path.name in names and path.parent.name.startswith("miniprogram_"))
        )
        for part, (folder, names) in PARTS.items()
    }

    with capsys.disabled():
        print("\nlines of code per provider: " + "; ".join(f"{part} {count}" for part, count in found.items()))
    assert {part: count for part, count in found.items() if count > MOST[part]} == {}
