"""Structured logs for operators, on stderr. People get `emit` and errors instead.

As JSON they are the records that the server and the functions write, too: `miniprogram.delivery.log_records`. For
people structlog writes them; it is imported with the first record, because it costs more than most commands do.
`configure_logging` is the first call of every run; until a record is written it only remembers what was asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from miniprogram.delivery.log_records import Level, Record

Sink = Callable[["Record"], None]

_settings = {"json": False, "verbose": False}
_ready: dict[str, FilteringBoundLogger] = {}
_sinks: list[Sink] = []


def configure_logging(environ: Mapping[str, str], *, verbose: bool = False) -> None:
    """Choose the form of the logs: `MINIPROGRAM_LOG=json` for JSON lines, `verbose` for debug and info."""
    _settings["json"] = environ.get("MINIPROGRAM_LOG", "").strip().lower() == "json"
    _settings["verbose"] = verbose or _settings["json"]
    _ready.clear()
    _sinks.clear()


def be_verbose() -> None:
    """Write debug and info records too, from now on."""
    _settings["verbose"] = True


def is_verbose() -> bool:
    """Whether debug and info records are written."""
    return _settings["verbose"]


def send_records_to(sink: Sink) -> None:
    """Give records to `sink` from now on, instead of writing them: a server has a log of its own."""
    _sinks[:] = [sink]


class Log:
    """A named logger: `log.info("release_published", program_id=…, file_count=12)`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **facts: Any) -> None:
        if _settings["verbose"]:
            _write("DEBUG", event, self._name, facts)

    def info(self, event: str, **facts: Any) -> None:
        if _settings["verbose"]:
            _write("INFO", event, self._name, facts)

    def warning(self, event: str, **facts: Any) -> None:
        _write("WARN", event, self._name, facts)

    def error(self, event: str, **facts: Any) -> None:
        _write("ERROR", event, self._name, facts)

    def exception(self, event: str, **facts: Any) -> None:
        """A failure nobody expected, with its traceback but without local variables: they may be keys."""
        _write("ERROR", event, self._name, {"exc_info": True, **facts})


def get_log(name: str) -> Log:
    """The log of a module: `log = get_log(__name__)`."""
    return Log(name)


def _write(level: Level, event: str, name: str, facts: dict[str, Any]) -> None:
    if _sinks or _settings["json"]:
        from miniprogram.delivery.log_records import to_line  # deferred: few runs log anything

        record = _record(level, event, name, facts)
        if _sinks:
            _sinks[0](record)
        else:
            sys.stderr.write(to_line(record) + "\n")
        return
    method = {"WARN": "warning"}.get(level, level.lower())
    getattr(_logger(), method)(event, logger=name, **facts)


def _record(level: Level, event: str, name: str, facts: dict[str, Any]) -> Record:
    from miniprogram.delivery.log_records import event_record, frames, timestamp

    told = {_camel(key): value for key, value in facts.items() if key not in ("exc_info", "trace_id")}
    if facts.get("exc_info"):
        error = sys.exception()
        if error is not None:
            said = {} if _sinks else {"message": str(error)}  # a server's log names places, never values
            told = {"reason": type(error).__name__, **said, "at": frames(error), **told}
    trace_id = str(facts.get("trace_id", ""))
    return event_record(event, level, timestamp(), trace_id=trace_id, logger=name, **told)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


class _Stderr:
    """Writes lines to what `sys.stderr` is by then: it may be replaced, and the one before closed."""

    def debug(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    info = warning = error = debug


def _logger() -> FilteringBoundLogger:
    if "root" not in _ready:
        _ready["root"] = _make_logger()
    return _ready["root"]


def _make_logger() -> FilteringBoundLogger:
    import logging

    import structlog

    logger: FilteringBoundLogger = structlog.wrap_logger(
        _Stderr(),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
    )
    return logger
