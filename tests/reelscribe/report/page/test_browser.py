"""The page as a person meets it, in a headless Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reelscribe.report.keyframes import keyframes
from reelscribe.report.outputs import View
from reelscribe.report.page.render import render
from tests import browser
from tests.clips import Pictures, every, write_clip
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import result, text

PHONE_PX = (390, 844)
DESK_PX = (1440, 900)

DRAWN = "7"
"""Over the picture at 0.4 s and at 1 s: two boxes, one body, one gaze, three texts."""

PATIENCE_S = 20.0
"""For a busy machine; nothing is asserted about how long anything takes."""


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser.browser() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """with/: pages beside their clip; without/: the same pages alone."""
    root = tmp_path_factory.mktemp("pages")
    for name in ("with", "without"):
        (root / name).mkdir()
    pictures = Pictures(times_s=every(10, stories.LENGTH_S), width_px=90, height_px=160)
    clip = write_clip(root / "with" / "kaffee.mp4", pictures)
    made = stories.full()
    made.results.append(result("text_overlay", text("<script>document.title='broken'</script>", 2)))
    for language in ("en", "de"):
        view = View(language=language, keyframes=keyframes(made, clip), video_hrefs=("kaffee.mp4",))
        for name in ("with", "without"):
            (root / name / f"{language}.html").write_text(render(made, view), encoding="utf-8")
    return root


class Page:
    """An open page."""

    def __init__(self, driver: Any, path: Path, size: tuple[int, int] = DESK_PX, scheme: str = "light") -> None:
        self.driver = driver
        browser.themed(driver, scheme)
        browser.sized(driver, *size)
        driver.get(path.as_uri())
        driver.execute_script("try { localStorage.clear() } catch {}")
        self.wait(lambda: self("return document.documentElement.dataset.ready"))

    def __call__(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, holds: Callable[[], Any]) -> Any:
        until_s = time.monotonic() + PATIENCE_S
        while not (found := holds()):
            assert time.monotonic() < until_s, "it did not come about"
            time.sleep(0.05)
        return found

    def click(self, selector: str) -> None:
        self("document.querySelector(arguments[0]).click()", selector)

    def count(self, selector: str) -> int:
        return int(self("return document.querySelectorAll(arguments[0]).length", selector))

    def text(self, selector: str) -> str:
        return str(self("return document.querySelector(arguments[0]).textContent", selector))

    @property
    def video_s(self) -> float:
        return float(self("return document.getElementById('video').currentTime"))

    def with_video(self) -> Page:
        self.wait(lambda: self("return document.querySelector('.stage.moving')"))
        return self


@pytest.fixture
def page(driver: Any, pages: Path) -> Page:
    """Beside its clip, which is loaded."""
    return Page(driver, pages / "with" / "en.html").with_video()


@pytest.fixture
def alone(driver: Any, pages: Path) -> Page:
    """Without its clip."""
    made = Page(driver, pages / "without" / "en.html")
    made.wait(lambda: made("return !document.getElementById('hint').hidden"))
    return made


def test_nothing_is_wrong_and_all_is_drawn(page: Page):
    assert browser.errors(page.driver) == []
    assert page.count(".lane[data-lane]") >= 28
    assert page.count(".lane[data-curve] path.main") == 3
    assert page.count(".cut") == 2
    assert page.count("main section") == 15
    sizes = page("return [...document.querySelectorAll('.bar')].map((b) => Math.min(b.offsetWidth, b.offsetHeight))")
    assert min(sizes) >= 3
    assert page("return [...document.images].length + document.querySelectorAll('.frame').length") == 3


def test_a_click_on_what_was_found_seeks_the_video_to_it(page: Page):
    page.click('[data-lane="calls"] .bar:last-child')
    page.wait(lambda: abs(page.video_s - 9) < 0.06)
    page.click("#cuts .shot:nth-child(2)")
    page.wait(lambda: abs(page.video_s - 4) < 0.06)
    page.click(".word")
    page.wait(lambda: abs(page.video_s - 0.4) < 0.06)


def test_a_click_anywhere_in_the_timeline_seeks_there(page: Page):
    from selenium.webdriver.common.action_chains import ActionChains

    rows = page("return document.querySelector('[data-curve=loudness] .rows')")
    page("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", rows)
    ActionChains(page.driver).move_to_element(rows).click().perform()
    page.wait(lambda: abs(page.video_s - 6) < 0.1)
    left = page("return parseFloat(document.getElementById('head').style.left)")
    assert left == pytest.approx(50, abs=1)


def test_words_light_up_at_their_time(page: Page):
    page.click('.word[data-at="2.900"]')
    page.wait(lambda: page.count(".word.lit") == 1)
    assert page.text(".word.lit") == "besseren"


def test_and_while_it_plays(page: Page):
    page.click('.word[data-at="0.400"]')
    page.click("#play")
    page.wait(lambda: page.count(".word.lit") and page.text(".word.lit") == "schnelle")
    page.click("#play")
    page.wait(lambda: page("return document.getElementById('video').paused"))


def test_boxes_and_joints_are_drawn_over_the_moving_picture(page: Page):
    page.click('.word[data-at="0.400"]')
    page.wait(lambda: page("return document.getElementById('over').dataset.drawn") == DRAWN)
    page("document.querySelectorAll('[data-over]').forEach((box) => box.click())")
    assert page("return document.getElementById('over').dataset.drawn") == "0"


def test_hovering_tells_what_and_when(page: Page):
    from selenium.webdriver.common.action_chains import ActionChains

    bar = page("return document.querySelector('[data-lane=products] .bar')")
    page("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", bar)
    ActionChains(page.driver).move_to_element(bar).perform()
    page.wait(lambda: page("return !document.getElementById('tip').hidden"))
    told = page("return document.getElementById('tip').innerText")
    for wanted in ("cup", "0:00.00 – 0:04.00", "kitchenware", "score 60"):
        assert wanted in told


def test_the_theme_is_the_machine_s_until_somebody_chooses(driver: Any, pages: Path):
    def paper(page: Page) -> str:
        return str(page("return getComputedStyle(document.body.parentElement).backgroundColor"))

    dark, light = (Page(driver, pages / "with" / "en.html", scheme=scheme) for scheme in ("dark", "light"))
    assert paper(light) == "rgb(245, 245, 242)"
    light.click("#theme")
    assert paper(light) == "rgb(17, 19, 23)"
    light.click("#theme")
    assert paper(light) == "rgb(245, 245, 242)"
    browser.themed(driver, "dark")
    assert paper(dark) == "rgb(245, 245, 242)", "what was chosen holds"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", [PHONE_PX, (768, 1024), DESK_PX], ids=["phone", "tablet", "desk"])
def test_nothing_runs_over_the_side(driver: Any, pages: Path, language: str, size: tuple[int, int]):
    page = Page(driver, pages / "with" / f"{language}.html", size)
    assert page("return document.documentElement.scrollWidth") == size[0]
    wide = page(
        "return [...document.querySelectorAll('main p, main h2, main h3, main dd, main dt, .tile, .label')]"
        ".filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline')"
        ".map((node) => node.textContent.trim())"
    )
    assert wide == []


def test_without_the_clip_its_keyframes_stand_for_it(alone: Page):
    assert alone.text("#stamp") == "Keyframe 0:01.0"
    alone.click('[data-lane="calls"] .bar:last-child')
    assert alone.text("#stamp") == "Keyframe 0:09.0"
    assert alone.text("#clock") == "0:09.0"
    assert browser.errors(alone.driver) == []


def test_a_link_opens_it_at_a_moment(driver: Any, pages: Path):
    page = Page(driver, pages / "with" / "en.html")
    driver.get("about:blank")
    driver.get(f"{(pages / 'with' / 'en.html').as_uri()}#t=9.5")
    page.with_video().wait(lambda: abs(page.video_s - 9.5) < 0.06)
    assert page.text("#clock") == "0:09.5"


def test_and_play_in_its_time(alone: Page):
    alone("document.getElementById('scrub').value = 3.9")
    alone("document.getElementById('scrub').dispatchEvent(new Event('input'))")
    alone.click("#play")
    alone.wait(lambda: alone.text("#stamp") == "Keyframe 0:06.0")
    alone.click("#play")
    assert alone.count("body.playing") == 0


def test_over_a_keyframe_stands_what_was_seen_at_its_moment(alone: Page):
    assert alone("return document.getElementById('over').dataset.drawn") == DRAWN


def test_on_a_phone_the_picture_goes_along(driver: Any, pages: Path):
    page = Page(driver, pages / "with" / "en.html", PHONE_PX).with_video()
    page("document.getElementById('conclusion').scrollIntoView({behavior: 'instant'})")
    page.wait(lambda: page("return document.querySelector('.seat.away')"))
    place = page(
        "const { top, bottom, right } = document.getElementById('stage').getBoundingClientRect();"
        "return [top, bottom, right]"
    )
    assert 0 < place[0] < place[1] < PHONE_PX[1]
    assert place[2] <= PHONE_PX[0]
    page("scrollTo({top: 0, behavior: 'instant'})")
    page.wait(lambda: page.count(".seat.away") == 0)


@pytest.mark.parametrize("size", [PHONE_PX, (1366, 560), DESK_PX], ids=["phone", "flat", "desk"])
def test_the_stage_has_the_shape_of_the_video_so_that_boxes_fit(driver: Any, pages: Path, size: tuple[int, int]):
    page = Page(driver, pages / "with" / "en.html", size)
    width, height = page("const s = document.getElementById('stage'); return [s.offsetWidth, s.offsetHeight]")
    assert width / height == pytest.approx(360 / 640, rel=0.02)


def test_a_group_of_lanes_can_be_put_away_and_the_timeline_drawn_closer(page: Page):
    page.click('input[data-group="sound"]')
    assert page("return [...document.querySelectorAll('.lane.g-sound')].every((lane) => lane.hidden)")
    before = page("return document.getElementById('time').offsetWidth")
    page.click("#zoom-in")
    assert page("return document.getElementById('time').offsetWidth") > 1.7 * before
    assert page("return document.documentElement.scrollWidth") == DESK_PX[0]


def test_what_a_video_says_does_not_run_nor_what_gets_in_some_other_way(page: Page):
    assert page("return document.title") == "kaffee.mp4 – reelscribe"
    page("const node = document.createElement('script'); node.text = 'window.broken = 1'; document.body.append(node)")
    assert page("return window.broken") is None
    assert any("Content Security Policy" in message for message in browser.errors(page.driver))
