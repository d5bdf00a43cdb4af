"""Screens written in Python: run aside, bounded, and blamed on the right line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import ProjectError
from miniprogram.project.build import BuildReport
from miniprogram.project.sources.python_screens import PythonScreens
from miniprogram.seams.screen_source import ScreenDraft, ScreenSourceError, SourceContext

Write = Callable[[str, object], Path]
HEAD = "from miniprogram.stac import ui\nfrom miniprogram.stac.screens import screen, theme\n"
HOME = HEAD + "@screen\ndef page():\n    return ui.text('hello')\n"


def load(root: Path, *files: Path, timeout_s: float = 60.0) -> list[ScreenDraft]:
    """The screens of `files`. Raises the first failure among them."""
    drafts, failures = load_all(root, *files, timeout_s=timeout_s)
    if failures:
        raise failures[0]
    return drafts


def load_all(
    root: Path, *files: Path, timeout_s: float = 60.0
) -> tuple[list[ScreenDraft], list[ScreenSourceError]]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(root)}
    source = PythonScreens(SourceContext(environ=environ, home=root, timeout_s=timeout_s))
    loaded = list(source.load(root, files))
    return (
        [each for each in loaded if isinstance(each, ScreenDraft)],
        [each for each in loaded if isinstance(each, ScreenSourceError)],
    )


def test_files_behind_one_that_fails_are_read(root: Path, write: Write) -> None:
    names = ["a", "b", "c", "d"]
    files = [write(f"stac/screens/{name}.py", HOME.replace("page", name)) for name in names]
    files[0].write_text("import nothing_of_this_name\n")
    files[2].write_text(HEAD + "@screen\ndef c():\n    return ui.txt('x')\n")

    drafts, failures = load_all(root, *files)

    assert [draft.name for draft in drafts] == ["b", "d"]
    assert [(failure.mark.file, failure.mark.line) for failure in failures] == [(files[0], 1), (files[2], 5)]


@pytest.mark.parametrize("ending", ["while True: pass", "import os; os._exit(3)"], ids=["hangs", "exits"])
def test_a_file_that_ends_the_interpreter_is_the_last_to_be_named(root: Path, write: Write, ending: str) -> None:
    files = [write(f"stac/screens/{name}.py", HOME) for name in ("a", "b", "c")]
    files[1].write_text(ending)

    drafts, failures = load_all(root, *files, timeout_s=2)

    assert [draft.origin for draft in drafts] == [files[0]]
    assert [failure.mark.file for failure in failures] == [files[1]]


def test_functions_become_screens(root: Path, write: Write) -> None:
    file = write("stac/screens/pages.py", HOME + "@screen('other')\ndef second():\n    return ui.text('x')\n")

    drafts = load(root, file)

    assert [(draft.name, draft.kind, draft.node["data"]) for draft in drafts] == [
        ("page", "screen", "hello"),
        ("other", "screen", "x"),
    ]
    assert {draft.origin for draft in drafts} == {file}


def test_screens_import_components_as_they_are_now(root: Path, write: Write) -> None:
    source = HEAD + "from components.greeting import TEXT\n@screen\ndef page():\n    return ui.text(TEXT)\n"
    file = write("stac/screens/page.py", source)
    texts = []

    for text in ("one", "two"):
        write("stac/components/greeting.py", f"TEXT = {text!r}\n")
        texts.append(load(root, file)[0].node["data"])

    assert texts == ["one", "two"]
    assert not list(root.rglob("__pycache__"))


def test_component_folder_wins_over_an_installed_package(root: Path, write: Write) -> None:
    write("stac/pytest/part.py", "TEXT = 'ours'\n")
    file = write("stac/screens/page.py", HOME.replace("'hello'", "TEXT") + "from pytest.part import TEXT\n")

    assert load(root, file)[0].node["data"] == "ours"


def test_standard_library_keeps_its_names(root: Path, write: Write) -> None:
    file = write("stac/json.py", "raise RuntimeError('not me')\n")
    page = write("stac/screens/page.py", "import json\n" + HOME)

    assert load(root, page)[0].name == "page"
    assert file.is_file()


def test_file_names_need_not_be_identifiers(root: Path, write: Write) -> None:
    assert load(root, write("stac/screens/my-page.v2.py", HOME))[0].name == "page"


def test_what_screens_print_stays_out_of_the_way(
    root: Path, write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    noise = "import os, sys\nprint('noise')\nos.write(1, b'more')\nsys.stdout.write('x' * 1_000_000)\n"

    drafts = load(root, write("stac/screens/page.py", noise + HOME))

    assert drafts[0].name == "page"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HEAD + "def page(:\n", "stac/screens/page.py:3:10: "),
        (HOME + "\n1 / 0\n", "stac/screens/page.py:7:1: ZeroDivisionError: division by zero"),
        (HEAD + "@screen\ndef page():\n    return ui.text(nope)\n", "stac/screens/page.py:5:20: NameError"),
        (HEAD + "import components.missing\n", "stac/screens/page.py:3:1: ModuleNotFoundError"),
        (HEAD + "@screen\ndef page():\n    return ui.txt('x')\n", "stac/screens/page.py:5:12: AttributeError"),
        (HEAD + "@screen\ndef page():\n    return 'text'\n", '"page" returned str'),
        (HEAD + "@screen\ndef page(x):\n    return ui.text(x)\n", "without arguments"),
        (HEAD + "raise SystemExit(3)\n", "stac/screens/page.py:3:1: SystemExit: 3"),
        (
            HEAD + "import os\nos._exit(0)\n",
            "stac/screens/page.py:1: the Python that runs the screens ended early",
        ),
        (HEAD + "input()\n", "stac/screens/page.py:3:1: EOFError"),
        (HEAD + "def f():\n    f()\nf()\n", "RecursionError"),
        ("x = 1\n", "no function here is marked with @screen"),
        (b"\xff\xfe = 1\n", "stac/screens/page.py"),
    ],
    ids=[
        "syntax",
        "import time",
        "in the function",
        "missing component",
        "unknown widget",
        "returns text",
        "wants arguments",
        "exits",
        "dies",
        "reads stdin",
        "recursion",
        "unmarked",
        "encoding",
    ],
)
def test_failures_name_file_and_line(root: Path, write: Write, source: object, said: str) -> None:
    file = write("stac/screens/page.py", source)

    with pytest.raises(ProjectError) as caught:
        load(root, file)

    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_error_in_a_component_is_blamed_on_it(root: Path, write: Write) -> None:
    write("stac/components/part.py", "def part():\n    raise ValueError('first line\\nsecond')\n")
    file = write(
        "stac/screens/page.py", HEAD + "from components.part import part\n@screen\ndef page():\n    part()\n"
    )

    with pytest.raises(ProjectError) as caught:
        load(root, file)

    assert str(caught.value).endswith("stac/components/part.py:2:5: ValueError: first line")


@pytest.mark.parametrize("line", ["while True: pass", "import time; time.sleep(60)"], ids=["busy", "asleep"])
def test_loops_end_and_are_named(root: Path, write: Write, line: str) -> None:
    file = write("stac/screens/page.py", f"import time\n{line}\n")
    before = time.monotonic()

    with pytest.raises(ProjectError, match=r"stac/screens/page\.py:2:\d+: did not finish in time"):
        load(root, file, timeout_s=0.5)

    assert time.monotonic() - before < 4


def test_loop_that_cannot_be_interrupted_is_killed(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("miniprogram.project.sources.python_screens.GRACE_S", 0.3)
    stubborn = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass\n"
    good = write("stac/screens/good.py", HOME)
    file = write("stac/screens/page.py", stubborn)

    with pytest.raises(ProjectError, match=r"stac/screens/page\.py:1: did not finish within 0\.7 s"):
        load(root, good, file, timeout_s=0.7)


def test_threads_left_running_do_not_hold_up_the_build(root: Path, write: Write) -> None:
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"

    assert load(root, write("stac/screens/page.py", thread + HOME))[0].name == "page"


def test_order_does_not_depend_on_hash_seeds(root: Path, write: Write) -> None:
    source = HEAD + "@screen\ndef page():\n    return ui.column([ui.text(x) for x in {'a', 'b', 'c', 'd', 'e'}])\n"
    file = write("stac/screens/page.py", source)

    assert json.dumps(load(root, file)[0].node) == json.dumps(load(root, file)[0].node)


def test_themes_and_helpers_by_folder(root: Path, write: Write, build: Callable[[], BuildReport]) -> None:
    source = HEAD + "from miniprogram.stac import values\n"
    write("stac/theme/dark.py", source + "@theme\ndef dark():\n    return values.theme(brightness='dark')\n")
    write("stac/screens/_shared.py", "LIMIT = 3\n")
    write("stac/constants.py", "X = 1\n")

    assert set(build().files) == {"screens/shop_home.json", "themes/dark.json"}
