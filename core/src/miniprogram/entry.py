"""The console script. Answers what needs no command before anything else is imported."""

import os
import sys

from miniprogram import fast_path


def main() -> None:
    """Run the command line of this process and exit with its code."""
    try:
        _use_utf8()
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(_last_flush() or code)


def _run(argv: list[str]) -> int:
    text = None if fast_path.COMPLETE in os.environ else fast_path.answer(argv)
    if text is not None:
        return fast_path.write(text)
    from miniprogram.cli.framework.app_context import AppContext
    from miniprogram.cli.framework.main import run

    environ = dict(os.environ)
    # pydantic would look through every installed distribution for plugins of its own when the first model is made
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    return run(argv, AppContext(environ=environ))


def _use_utf8() -> None:
    """Documents are UTF-8 wherever they are printed; what is not text in a file's name is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open("/dev/null" if sys.platform != "win32" else "nul", "w"))  # noqa: PTH123, SIM115
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _last_flush() -> int:
    """Python complains at exit when what is left cannot be written: to a pipe nobody reads, or a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0
