"""How a process logs."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.common.logs import UnknownLogSetting, set_up_logs

log = structlog.get_logger()


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging belongs to the whole process of the tests."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(log_format: str, level: str = "info") -> list[str]:
    stream = io.StringIO()
    set_up_logs(log_format, level, stream)
    log.debug("too quiet")
    log.info("loaded", service="vision")
    logging.getLogger("library").info("a library's chatter")
    logging.getLogger("library").warning("a library's %s", "warning")
    try:
        raise ValueError("broke")
    except ValueError:
        log.exception("failed")
    return stream.getvalue().splitlines()


def test_a_line_for_a_person() -> None:
    loaded, warned, failed, *trace = lines("console")
    assert loaded.split()[1:] == ["[info", "]", "loaded", "service=vision"]
    assert "a library's warning" in warned
    assert "[error    ] failed" in failed
    assert trace[-1] == "ValueError: broke"


def test_an_object_a_line_for_a_machine() -> None:
    loaded, warned, failed = map(json.loads, lines("json"))
    assert (loaded["event"], loaded["level"], loaded["service"]) == ("loaded", "info", "vision")
    assert loaded["timestamp"].endswith("Z")
    assert warned["event"] == "a library's warning"
    assert failed["exception"].endswith("ValueError: broke")


def test_below_the_level_nothing_is_told() -> None:
    (failed,) = lines("json", "error")
    assert json.loads(failed)["event"] == "failed"


@pytest.mark.parametrize(("log_format", "level"), [("xml", "info"), ("json", "loud")])
def test_unknown_settings_are_refused(log_format: str, level: str) -> None:
    with pytest.raises(UnknownLogSetting):
        set_up_logs(log_format, level)
