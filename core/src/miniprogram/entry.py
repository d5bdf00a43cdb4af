"""The console script. Answers what needs no command before anything else is imported."""

import codecs
import gc
import os
import sys

from miniprogram import fast_path

BYTES_AS_THEY_WERE = "miniprogram.bytes"
PATIENCE_S = 3.0
"""How long threads that a plugin left running may go on after the command."""


def main() -> None:
    """Run the command line of this process and exit with its code."""
    try:
        _use_utf8()
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    code = _last_flush() or code
    if "threading" in sys.modules:
        _end_in_time(code)
    gc.freeze()  # Python searches everything for circles of garbage once more at exit, a tenth of a short command
    raise SystemExit(code)  # sys.exit is a name that code of others can have replaced


def _run(argv: list[str]) -> int:
    try:
        text = None if fast_path.COMPLETE in os.environ else fast_path.answer(argv)
        if text is not None:
            return fast_path.write(text)
        os.getcwd()  # noqa: PTH109 - pathlib is slow
    except FileNotFoundError:
        sys.stderr.write("the folder you are in was removed\nGo to one that is there.\n")
        return 1
    from miniprogram.cli.framework.app_context import AppContext
    from miniprogram.cli.framework.main import run

    environ = dict(os.environ)
    # pydantic would look through every installed distribution for plugins of its own when the first model is made
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    return run(argv, AppContext(environ=environ))


def _end_in_time(code: int) -> None:
    """The command is done: threads that somebody left running have a little while, then the process ends."""
    import threading

    left = [each for each in threading.enumerate() if each is not threading.current_thread() and not each.daemon]
    if not left:
        return

    def leave() -> None:
        names = ", ".join(each.name for each in left if each.is_alive())
        sys.stderr.write(f"left behind threads of a plugin that were still running: {names}\n")
        sys.stderr.flush()
        os._exit(code)

    watch = threading.Timer(PATIENCE_S, leave)
    watch.daemon = True
    watch.start()


def _use_utf8() -> None:
    """Documents are UTF-8 wherever they are printed; what is not text in a file's name is escaped."""
    codecs.register_error(BYTES_AS_THEY_WERE, _undecoded)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open("/dev/null" if sys.platform != "win32" else "nul", "w"))  # noqa: PTH123, SIM115
        else:
            stream.reconfigure(encoding="utf-8", errors=BYTES_AS_THEY_WERE)


def _undecoded(error: UnicodeError) -> tuple[bytes | str, int]:
    """Where a locale knows ASCII only, names come as bytes that nobody decoded: UTF-8 goes out as it came in."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    try:
        body = error.object[error.start : error.end].encode("utf-8", "surrogateescape")
        body.decode("utf-8")
    except UnicodeError:
        return codecs.backslashreplace_errors(error)
    return body, error.end


def _last_flush() -> int:
    """Python complains at exit when what is left cannot be written: to a pipe nobody reads, or a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0
