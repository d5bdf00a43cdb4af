"""preview.toml: what it may hold, and what is said of a mistake in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.preview.bundle import load_bundle
from miniprogram.preview.mistakes import mistakes_of
from miniprogram.preview.scenarios import MockAnswer, Scenario, load_scenarios
from miniprogram.project.build import BuildReport
from miniprogram.project.findings import BuildError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "preview-file.md"


def test_without_the_file_there_are_none(root: Path) -> None:
    assert load_scenarios(root, "shop", ["home"]) == ()


def test_the_example_of_the_page_is_read(root: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example
    (root / "preview.toml").write_text(example[1])
    (root / "fixtures").mkdir()
    (root / "fixtures" / "redeemed.json").write_text('{"errorCode": "already_redeemed"}')

    coupons, offline = load_scenarios(root, "shop", ["shop_home"])

    assert (coupons["name"], coupons["signedIn"], coupons["arguments"]) == ("coupons", True, {"name": "Ann"})
    assert coupons["mocks"][0]["delayMs"] == 300
    assert coupons["mocks"][1]["body"] == {"errorCode": "already_redeemed"}
    assert offline["mocks"] == [{"match": "*", "status": 0, "body": None, "delayMs": 0}]


def test_the_page_lists_every_key() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))

    assert listed == {*Scenario.model_fields, *MockAnswer.model_fields}


@pytest.mark.parametrize(
    ("text", "line", "message", "advice"),
    [
        ("[scenarios.a]\nsceen = 'x'\n", 2, "scenarios.a.sceen is not known here", 'did you mean "screen"?'),
        ("x = 1\n[scenarios.a]\n", 1, "x is not known here", "known are scenarios"),
        (
            "[[scenarios.a.mocks]]\nmatch = '*'\nstatu = 1\n",
            3,
            "scenarios.a.mocks.0.statu is not known here",
            'did you mean "status"?',
        ),
        (
            "# screen = 1\n[scenarios.a]\ntitle = 'b'\nscreen = 'shop_hom'\n",
            4,
            "no screen 'shop_hom'",
            "shop_home",
        ),
        ("[scenarios.a]\ntext_scale = 9\n", 2, "text_scale", None),
        ("[scenarios.a]\ntheme = 'blue'\n", 2, "'light' or 'dark'", None),
        ("[scenarios.'a b']\n", 1, "scenarios.a b", None),
        ("[scenarios.a\n", 1, "this is no TOML", None),
        ("[[scenarios.a.mocks]]\nmatch = '*'\nbody_file = '../x.json'\n", 3, "outside of the mini-program", None),
        ("[[scenarios.a.mocks]]\nmatch = '*'\nbody_file = 'none.json'\n", 3, "No such file", None),
        ("[[scenarios.a.mocks]]\nmatch = '*'\nbody = nan\n", 3, "body", None),
    ],
)
def test_a_mistake_is_told_with_its_line(
    root: Path, text: str, line: int, message: str, advice: str | None
) -> None:
    (root / "preview.toml").write_text(text)

    with pytest.raises(BuildError) as caught:
        load_scenarios(root, "shop", ["shop_home"])

    [mistake] = mistakes_of(caught.value, root)
    assert message in mistake.message
    assert (mistake.file, mistake.line) == ("preview.toml", line)
    assert mistake.frame
    assert advice is None or advice in (mistake.hint or "")


def test_a_wrong_file_is_a_wrong_build(root: Path, build: Callable[[], BuildReport]) -> None:
    (root / "preview.toml").write_text("[scenarios.a]\nscreen = 'nowhere'\n")

    with pytest.raises(BuildError, match=r"preview\.toml:2"):
        load_bundle(build())
