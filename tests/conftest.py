"""Where test data lies, and what must be left behind: nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.common.device import Device, limit_threads

limit_threads(1)


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


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Tracebacks without frames of locals: a failing test shows its own."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
