"""Where test data lies, and what must be left behind: nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest

from services.common.device import Device, limit_threads

limit_threads(1)

NOTHING_MAY_BE_MISSING = os.environ.get("REELSCRIBE_REQUIRE_TEST_DATA") == "1"
"""Set where data, weights and a NATS server are known to be there: a test that misses one fails, not skips."""

MAY_BE_MISSING = re.compile(r"\b(npm|node|kubectl|GPU|CUDA)\b|this FFmpeg has no|root may write anywhere")
"""What a skip may give as its reason even then."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if NOTHING_MAY_BE_MISSING and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not MAY_BE_MISSING.search(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}\n(REELSCRIBE_REQUIRE_TEST_DATA=1: nothing that tests need may be missing)"
    return report


def _shared() -> Path:
    root = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("REELSCRIBE_TEST_DATA", root.parent / "shared"))


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with real clips, speech and ground truth; the test is skipped where it is absent."""
    if not (_shared() / "media").is_dir():
        pytest.skip("no test data: set REELSCRIBE_TEST_DATA to a folder with media/")
    return _shared()


@pytest.fixture(scope="session")
def media_dir(shared_dir: Path) -> Path:
    return shared_dir / "media"


@pytest.fixture(scope="session")
def composite(media_dir: Path) -> Path:
    """The German vertical clip with exact ground truth beside it."""
    return media_dir / "video" / "derived" / "vertical_de_composite.mp4"


@pytest.fixture(scope="session")
def device() -> Device:
    """Two calls of one thread: the size of the smallest machine this is built for."""
    return Device(core_count=2, threads_per_call=1)


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Tracebacks without frames of locals: a failing test shows its own. Before each test, as some set up others."""
    import logging

    import structlog

    logging.getLogger().handlers[:] = []
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
