"""What can be answered before anything else is imported: the version, the usage of the root, the capabilities."""

import sys

COMPLETE = "_MINIPROGRAM_COMPLETE"
"""Set by completion scripts: the words are not a command line to run, but one to go on with."""

HELP_WORDS = ("help", "--help", "-h")
WHOLE_HELP = (["help", "--all"], ["--help", "--all"])


def asks_for_help(argv: list[str]) -> bool:
    """Whether nothing in particular is asked for."""
    return not argv or (len(argv) == 1 and argv[0] in HELP_WORDS)


def answer(argv: list[str]) -> str | None:
    """The whole output for `argv`, or None when a command has to run, or a page has to be fitted to a terminal."""
    if asks_for_help(argv) or argv in WHOLE_HELP:
        return None if sys.stdout.isatty() else root_help()
    if argv == ["--version"]:
        from miniprogram.version import VERSION

        return f"miniprogram {VERSION}\n"
    if argv in (["capabilities"], ["capabilities", "--json"]):
        return _capabilities(as_json=len(argv) == 2)
    return None


def root_help() -> str:
    """The text of `miniprogram --help`: a file, which `cli.usage` renders."""
    loader = __spec__.loader
    path = f"{__file__.rpartition('fast_path.py')[0]}cli/framework/help/root_help.txt"
    return loader.get_data(path).decode()  # type: ignore[union-attr,no-any-return]


def _capabilities(*, as_json: bool) -> str:
    import os

    from miniprogram.plugins.capabilities import capabilities_document, capabilities_text

    document = capabilities_document(os.getcwd(), os.environ)  # noqa: PTH109 - pathlib would double the price
    if not as_json:
        return capabilities_text(document)
    import json

    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write(text: str) -> int:
    """Write `text` to stdout and return the exit code: 1 when nobody takes it."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        return 1
    return 0
