"""How a process logs: structlog to stderr, for a person or as JSON, and the standard library's loggers with it."""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

LEVELS = ("debug", "info", "warning", "error", "critical")

PLAIN_TIME = "%H:%M:%S"
"""A person reads along; JSON lines carry the whole date in UTC."""


class UnknownLogSetting(ValueError):
    """A format or level that is none."""


def set_up_logs(log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Log from `level` up to `stream` (stderr), as "console" lines or as "json", one object a line.

    Model libraries use the standard library's loggers: theirs are told from warnings up, in the same form.
    Raises UnknownLogSetting.
    """
    if log_format not in ("console", "json"):
        raise UnknownLogSetting(f"log_format is 'console' or 'json', not {log_format!r}")
    if level.lower() not in LEVELS:
        raise UnknownLogSetting(f"log_level is one of {', '.join(LEVELS)}, not {level!r}")
    stream = stream or sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared = _processors(log_format)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log_format, stream)],
        )
    )
    handler.addFilter(_ours_or_grave)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)


def _ours_or_grave(record: logging.LogRecord) -> bool:
    """structlog hands its event over as a dictionary; what a library says is worth a line from warnings up."""
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _processors(log_format: str) -> list[Processor]:
    as_json = log_format == "json"
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else PLAIN_TIME, utc=as_json),
        *([structlog.processors.format_exc_info] if as_json else []),
    ]


def _renderer(log_format: str, stream: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty() or "FORCE_COLOR" in os.environ,
        exception_formatter=structlog.dev.plain_traceback,
    )
