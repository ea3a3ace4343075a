"""A headless Chromium for tests of pages: started once, without a network, on a profile of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = os.environ.get("REELSCRIBE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = os.environ.get("REELSCRIBE_CHROMEDRIVER") or shutil.which("chromedriver")

ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--force-device-scale-factor=1",
)  # fmt: skip


START_COUNT = 2

LOG_SHOWN_COUNT = 4_000
"""Characters of the end of the driver's log."""


@contextmanager
def browser() -> Iterator[Any]:
    """A selenium driver that keeps the console's messages. Skips where Chromium or its driver is not installed."""
    if not CHROMIUM or not CHROMEDRIVER:
        pytest.skip("no Chromium with its driver: apt-get install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="reelscribe-browser-") as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        log = Path(profile, "chromedriver.log")
        driver = _started(options, Service(CHROMEDRIVER, log_output=str(log), service_args=["--verbose"]), log)
        try:
            yield driver
        finally:
            driver.quit()


def _started(options: Any, service: Any, log: Path) -> Any:
    """On a busy machine it may take more than one try; what the last one said is shown."""
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException

    for attempt in range(1, START_COUNT + 1):
        try:
            return webdriver.Chrome(options=options, service=service)
        except WebDriverException as error:
            said = log.read_text(errors="replace")[-LOG_SHOWN_COUNT:] if log.exists() else "nothing"
            failed = f"Chromium did not start, try {attempt} of {START_COUNT}: {error}\nchromedriver says:\n{said}"
    pytest.fail(failed)


def errors(driver: Any) -> list[str]:
    """What the console has complained about since it was asked last; a video that is not there is no error."""
    messages = (entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING"))
    return [message for message in messages if "ERR_FILE_NOT_FOUND" not in message]


def sized(driver: Any, width_px: int, height_px: int) -> None:
    """A view of exactly this size; a window cannot be as narrow as a phone."""
    metrics = {"width": width_px, "height": height_px, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def themed(driver: Any, scheme: str) -> None:
    """As if the machine preferred "light" or "dark"."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
