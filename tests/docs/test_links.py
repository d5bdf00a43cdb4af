"""Links between pages lead to a file, and to a heading that is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//")
FENCE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
ANCHOR = re.compile(r"<[a-z]+[^>]*\b(?:id|name)=\"([^\"]+)\"")


def pages(root: Path) -> list[Path]:
    """Every page of the project; what tools leave behind is in folders that begin with a dot."""
    found = (path.relative_to(root) for path in root.rglob("*.md"))
    kept = (path for path in found if not any(part.startswith((".", "node_modules")) for part in path.parts))
    return sorted(root / path for path in kept)


def links(text: str) -> Iterator[str]:
    prose = CODE.sub("", FENCE.sub("", text))
    for pattern in (INLINE, REFERENCE):
        yield from (target for target in pattern.findall(prose) if not OUTSIDE.match(target))


def anchors(text: str) -> set[str]:
    """The names by which the headings of a page can be reached, as GitHub makes them."""
    prose = FENCE.sub("", text)
    seen: Counter[str] = Counter()
    found = set(ANCHOR.findall(prose))
    for heading in HEADING.findall(prose):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def broken(page: Path, root: Path) -> list[str]:
    """The links of `page` that lead nowhere, or out of the project."""
    wrong = []
    for target in links(page.read_text("utf-8")):
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        reached = file.exists() and file.is_relative_to(root)
        if reached and anchor:
            reached = file.suffix == ".md" and anchor in anchors(file.read_text("utf-8"))
        if not reached:
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page, ROOT) == []


@pytest.mark.parametrize(
    "target",
    [
        "gone.md", "b.md#gone", "#gone", "b.md#twice-2", "sub/", "../outside.md", "picture.png#top", "B.md",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["[x]({})", '![x]({} "title")', "[x](<{}>)", "[x]\n\n[x]: {}\n"])
def test_a_broken_link_is_found(tmp_path: Path, target: str, form: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.md").touch()
    (root / "picture.png").touch()
    (root / "b.md").write_text("# B\n## Twice\n## Twice\n```sh\n# gone\n```\n")
    (root / "a.md").write_text("# A\n" + form.format(target))
    assert broken(root / "a.md", root) == [target]


@pytest.mark.parametrize(
    "text",
    [
        "[x](b.md)", "[x](b.md#twice-1)", "[x](b.md#what-is-new-in-10)", "[x](#a)", "[x](b.md#mark)", "[x](sub)",
        "[x](https://example.com/gone)", "[x](mailto:ann@example.com)", "`[x](gone.md)`",
        "```md\n[x](gone.md)\n```", "[x](with%20space.md)", "[x](b.md#the-code)",
    ],
)  # fmt: skip
def test_a_good_link_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "with space.md").touch()
    body = '# B\n## Twice\n## Twice\n## What is new in 1.0?\n<a id="mark"></a>\n## The `code`\n'
    (tmp_path / "b.md").write_text(body)
    (tmp_path / "a.md").write_text(f"# A\n{text}\n")
    assert broken(tmp_path / "a.md", tmp_path) == []
