"""pubspec.yaml gains two lines and loses nothing, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from miniprogram.errors import DocumentError
from miniprogram_flutter.pubspec import add_dependencies, read_pubspec

SDK, CONTRACTS = "mini_program_sdk: ^0.3.5", "mini_program_contracts: ^0.1.1"


def load(text: str) -> dict[str, object]:
    loaded: dict[str, object] = YAML(typ="safe", pure=True).load(text)
    return loaded


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: a\n", f"name: a\n\ndependencies:\n  {SDK}\n  {CONTRACTS}\n"),
        ("name: a", f"name: a\n\ndependencies:\n  {SDK}\n  {CONTRACTS}\n"),
        ("name: a\ndependencies:", f"name: a\ndependencies:\n  {SDK}\n  {CONTRACTS}"),
        ("name: a\ndependencies: # c\nx: 1\n", f"name: a\ndependencies: # c\n  {SDK}\n  {CONTRACTS}\nx: 1\n"),
        ("dependencies: null # c\nx: 1\n", f"dependencies:  # c\n  {SDK}\n  {CONTRACTS}\nx: 1\n"),
        ("dependencies: ~\n", f"dependencies: \n  {SDK}\n  {CONTRACTS}\n"),
        (
            "dependencies: {}\n",
            f"dependencies: {{{SDK}, {CONTRACTS}}}\n".replace(f"{SDK}, {CONTRACTS}", f"{CONTRACTS}, {SDK}"),
        ),
        (
            "dependencies: {a: any, } # c\nx: 1\n",
            f"dependencies: {{{CONTRACTS}, {SDK}, a: any, }} # c\nx: 1\n",
        ),
        (
            "dependencies:\n    b: any # last\n\n\n# dev\ndev_dependencies:\n    c: any\n",
            f"dependencies:\n    b: any # last\n    {SDK}\n    {CONTRACTS}\n"
            "\n\n# dev\ndev_dependencies:\n    c: any\n",
        ),
        (
            "dependencies:\n  f:\n    sdk: flutter\n    # inside\n\nz: |\n  text\n",
            f"dependencies:\n  f:\n    sdk: flutter\n  {SDK}\n  {CONTRACTS}\n    # inside\n\nz: |\n  text\n",
        ),
        (
            "d: &d any\ndependencies: &x\n  a: *d\n  b: {git: {url: u}}",
            f"d: &d any\ndependencies: &x\n  a: *d\n  b: {{git: {{url: u}}}}\n  {SDK}\n  {CONTRACTS}",
        ),
        (
            "dependencies:\r\n  a: any\r\nx: 1\r\n",
            f"dependencies:\r\n  a: any\r\n  {SDK}\r\n  {CONTRACTS}\r\nx: 1\r\n",
        ),
        ("dependencies:\n  a: any\t\t# tabs\n", f"dependencies:\n  a: any\t\t# tabs\n  {SDK}\n  {CONTRACTS}\n"),
        (
            "dependencies:\n  mini_program_sdk:\n    path: ../sdk # c\n  a: any\n",
            f"dependencies:\n  mini_program_sdk:\n    path: ../sdk # c\n  a: any\n  {CONTRACTS}\n",
        ),
        (
            f"dependencies:\n  mini_program_contracts: ^0.1.0 # old\n  {SDK}\n",
            f"dependencies:\n  {CONTRACTS} # old\n  {SDK}\n",
        ),
        ("dependencies:\n  'mini_program_sdk': any\n", f"dependencies:\n  {SDK}\n  {CONTRACTS}\n"),
        ("dependencies:\n  mini_program_sdk:\n", f"dependencies:\n  {SDK}\n  {CONTRACTS}\n"),
        ("\ufeffname: a\n", f"\ufeffname: a\n\ndependencies:\n  {SDK}\n  {CONTRACTS}\n"),
        (
            "dependencies:\n  a: >\n    any\nx: 1\n",
            f"dependencies:\n  a: >\n    any\n  {SDK}\n  {CONTRACTS}\nx: 1\n",
        ),
    ],
    ids=[
        "no section",
        "no newline",
        "empty at the end",
        "empty with comment",
        "null",
        "tilde",
        "empty flow",
        "flow",
        "comments and blank lines",
        "nested",
        "anchors",
        "CRLF",
        "tabs",
        "path",
        "older",
        "quoted key",
        "no version",
        "byte order mark",
        "folded",
    ],
)
def test_only_what_is_needed_changes(before: str, after: str) -> None:
    edit = add_dependencies(before, name="pubspec.yaml")

    assert edit.text == after
    assert add_dependencies(edit.text, name="pubspec.yaml").text == after


@pytest.mark.parametrize("constraint", ["^0.3.5", "^0.3.6", "^1.0.0", "'>=0.4.0 <0.5.0'", "0.3.9+1"])
def test_a_newer_constraint_stays(constraint: str) -> None:
    text = f"dependencies:\n  mini_program_sdk: {constraint}\n  {CONTRACTS}\n"

    assert add_dependencies(text, name="p").text == text


def test_what_is_replaced_or_overridden_is_said() -> None:
    text = "dependencies:\n  mini_program_sdk: {hosted: x}\ndependency_overrides:\n  mini_program_sdk: any\n"

    notes = add_dependencies(text, name="p").notes

    assert "dependency_overrides decides about mini_program_sdk" in notes[0]
    assert "mini_program_sdk was {'hosted': 'x'}" in notes[1]


@pytest.mark.parametrize("where", ["path: ../sdk", "git: https://x.example/sdk.git"])
def test_a_package_of_ones_own_stays_and_is_mentioned(where: str) -> None:
    text = f"dependencies:\n  mini_program_sdk: {{{where}}}\n  {CONTRACTS}\n"

    edit = add_dependencies(text, name="p")

    assert edit.text == text
    kind, _, value = where.partition(": ")
    assert edit.notes == (f"p: mini_program_sdk stays the one of {kind} {value!r}; it has to fit ^0.3.5.",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "mapping"),
        ("- a\n", "mapping"),
        ("{name: a}\n", "mapping"),
        ("just text", "mapping"),
        ("name: [a\n", "not YAML"),
        ("name: a\n\tb: c\n", r"not YAML.*line 2"),
        ("name: a\nname: b\n", r"not YAML|twice"),
        ("name: a\n---\nname: b\n", "another document"),
        ("dependencies: any\n", "must be a mapping"),
        ("dependencies: [a]\n", "must be a mapping"),
        ("x: &x {a: any}\ndependencies: *x\n", "alias"),
        ("name: a\n...\n", "YAML|safely"),
        ("a: &a\n  dependencies: 1\n<<: *a\n", "edited safely"),
        ("name: *nobody\n", "not YAML"),
        ("name: !!python/object:os.system x\n", "not YAML"),
    ],
)
def test_what_cannot_be_edited_is_refused_with_its_name(text: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        add_dependencies(text, name="app/pubspec.yaml")

    assert str(caught.value).startswith("app/pubspec.yaml")


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("name: shop\nversion: 1.10\n", "shop", "1.10"),
        ("name: 'shop'\nversion: \"1.0.0+3\" # c\n", "shop", "1.0.0+3"),
        ("x:\n  name: other\n  version: 9.9.9\n", None, None),
        ("name:\nversion: [1]\n", None, None),
    ],
)
def test_name_and_version_are_those_of_the_top(text: str, name: str | None, version: str | None) -> None:
    pubspec = read_pubspec(text, name="p")

    assert (pubspec.name, pubspec.version) == (name, version)


KEYS = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
VALUES = st.sampled_from(
    ["any", "^1.0.0", "{path: ../x}", "'^2.0.0' # c", "\n    sdk: flutter", "\n    git:\n      url: u"]
)
COMMENTS = st.sampled_from(["", "\n", "  # c\n", "# c\n", "\n\n"])


@given(
    st.dictionaries(KEYS, st.tuples(VALUES, COMMENTS), max_size=5),
    st.sampled_from(["", "\n", "# end\n", "\ndev_dependencies:\n  x: any\n"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_line_that_was_there_still_is(
    packages: dict[str, tuple[str, str]], rest: str, line_end: str
) -> None:
    lines = "".join(f"  {key}: {value}\n{comment}" for key, (value, comment) in packages.items())
    text = f"name: a\ndependencies:\n{lines}{rest}".replace("\n", line_end)

    edited = add_dependencies(text, name="p").text

    added = {f"  {SDK}{line_end}", f"  {CONTRACTS}{line_end}"}
    kept = [line for line in edited.splitlines(keepends=True) if line not in added]
    assert kept == text.splitlines(keepends=True)
    assert load(edited)["dependencies"] == {
        **(load(text)["dependencies"] or {}),  # type: ignore[dict-item]
        "mini_program_sdk": "^0.3.5",
        "mini_program_contracts": "^0.1.1",
    }
