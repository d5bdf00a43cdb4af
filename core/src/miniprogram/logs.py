"""Structured logs for operators, on stderr. People get `emit` and errors instead.

structlog is imported with the first record, because it costs more than most commands do. `configure_logging`
is the first call of every run; until a record is written it only remembers what was asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_settings = {"json": False, "verbose": False}
_ready: dict[str, FilteringBoundLogger] = {}


def configure_logging(environ: Mapping[str, str], *, verbose: bool = False) -> None:
    """Choose the form of the logs: `MINIPROGRAM_LOG=json` for JSON lines, `verbose` for debug and info."""
    _settings["json"] = environ.get("MINIPROGRAM_LOG", "").strip().lower() == "json"
    _settings["verbose"] = verbose or _settings["json"]
    _ready.clear()


def be_verbose() -> None:
    """Write debug and info records too, from now on."""
    _settings["verbose"] = True


class Log:
    """A named logger: `log.info("release_published", program_id=…, file_count=12)`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **facts: Any) -> None:
        if _settings["verbose"]:
            _logger().debug(event, logger=self._name, **facts)

    def info(self, event: str, **facts: Any) -> None:
        if _settings["verbose"]:
            _logger().info(event, logger=self._name, **facts)

    def warning(self, event: str, **facts: Any) -> None:
        _logger().warning(event, logger=self._name, **facts)

    def exception(self, event: str, **facts: Any) -> None:
        """A failure nobody expected, with its traceback but without local variables: they may be keys."""
        _logger().error(event, logger=self._name, exc_info=True, **facts)


def get_log(name: str) -> Log:
    """The log of a module: `log = get_log(__name__)`."""
    return Log(name)


def _logger() -> FilteringBoundLogger:
    if "root" not in _ready:
        _ready["root"] = _make_logger()
    return _ready["root"]


def _make_logger() -> FilteringBoundLogger:
    import logging

    import structlog

    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not _settings["json"]:
        plain = structlog.dev.plain_traceback
        render = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)
    as_dicts = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    before = [structlog.processors.ExceptionRenderer(as_dicts)] if _settings["json"] else []
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *before,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
    )
    return logger
