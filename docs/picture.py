"""Takes the README's picture: the page of a report, opened in Chromium at a moment of its clip.

python docs/picture.py REPORT.json CLIP OUT.png [SECONDS] [LANGUAGE]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver.support.wait import WebDriverWait

from reelscribe.cli.directory import Directory
from reelscribe.report.json import from_json
from tests.browser import browser, sized, themed

WIDTH_PX, HEIGHT_PX = 1440, 1230
"""Down to the lanes of people."""

COLORS_COUNT = 224
"""Of the palette: 400 kB become 160."""

SHOWN = "const video = document.querySelector('.moving video'); return video && !video.seeking && video.currentTime > 0"
"""The clip is loaded and stands at the moment asked for."""


def main(report_file: str, clip_file: str, out: str, at_s: str = "3.5", language: str = "en") -> None:
    """Render, open, wait for the clip, keep."""
    clip = Path(clip_file)
    with tempfile.TemporaryDirectory() as made, browser() as driver:
        report = from_json(Path(report_file).read_text(encoding="utf-8"))
        Directory(path=Path(made), language=language).write(report, clip, sys.stderr.write)
        shutil.copyfile(clip, Path(made) / report.video.name)
        themed(driver, "light")
        sized(driver, WIDTH_PX, HEIGHT_PX)
        driver.get(f"{(Path(made) / 'report.html').as_uri()}#t={at_s}")
        WebDriverWait(driver, 20).until(lambda open_page: open_page.execute_script(SHOWN))
        driver.save_screenshot(out)
    with Image.open(out) as picture:
        picture.convert("RGB").quantize(COLORS_COUNT).save(out, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
