"""The page as text: whole, in one file, and nothing in it can run that was not meant to."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser

import pytest

from reelscribe.report.outputs import View
from reelscribe.report.page import render as page
from reelscribe.report.page.render import PageLibraryNotInstalled, render, ticks
from reelscribe.v1.analysis_pb2 import Report
from services.common.errors import InvalidInput
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result, skipped, speech, text

EVIL = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>\"'&"


class Tags(HTMLParser):
    """Start tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(made: Report, **fields: object) -> list[tuple[str, dict[str, str | None]]]:
    return Tags(render(made, View(**fields))).tags  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_shape_and_every_status_finds_its_place(language: str):
    html = render(stories.full(), View(language=language, video_hrefs=("kaffee.mp4",)))
    assert f'<html lang="{language}">' in html
    for wanted in ("Kaffee.", "reelscribe models pull ser", "window 3 broke it", "AGPL-3.0-only", "Welche Bohnen?"):
        assert wanted in html


def test_voices_are_named_where_there_are_several():
    said = [speech(f"Satz {number}", number) for number in (1, 3)]
    for finding, speaker_id in zip(said, (1, 2), strict=True):
        finding.subject.speaker_id = speaker_id
    assert '<b class="voice">' in render(report(result("speech_transcription", *said)), View())
    assert '<b class="voice">' not in render(report(result("speech_transcription", said[0])), View())


def test_shared_work_is_named_in_the_language():
    made = report(result("any"))
    made.percept_costs.add(percept="SceneFeatures", service="vision")
    assert "<th>scene features<small>" in render(made, View())
    assert "<th>Szenenmerkmale<small>" in render(made, View(language="de"))


def test_nothing_is_fetched_from_anywhere():
    html = render(stories.full(), View(video_hrefs=("kaffee.mp4",)))
    assert re.findall(r"(?:https?:)?//[a-z]", html) == []
    assert [attrs["src"] for tag, attrs in Tags(html).tags if "src" in attrs] == ["kaffee.mp4"]
    assert not [tag for tag, _ in Tags(html).tags if tag in ("link", "iframe", "object", "embed")]


def test_words_of_a_video_stay_words():
    made = stories.full(name=EVIL)
    made.results.append(result("text_overlay", text(EVIL, 1)))
    made.results.append(skipped(EVIL, message=EVIL, fix=EVIL))
    for each in made.results:
        for finding in each.findings:
            finding.id = EVIL
            if finding.WhichOneof("shape") in (None, "track", "effect", "phase", "scores"):
                finding.label = EVIL
    tags = tags_of(made, video_hrefs=("a.mp4",))
    assert len([tag for tag, _ in tags if tag == "script"]) == 2
    assert not [attrs for tag, attrs in tags if tag == "img" or any(name.startswith("on") for name in attrs)]


def test_only_the_page_s_own_script_may_run():
    (policy,) = [attrs["content"] for tag, attrs in tags_of(report()) if attrs.get("http-equiv")]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='$", policy)


def test_an_empty_report_is_a_page_too():
    made = Report()
    assert "Not found, not looked at" in render(made, View())


def test_without_video_and_keyframes_the_page_says_so():
    html = render(stories.full(), View(video_hrefs=("kaffee.mp4",)))
    assert "No keyframes" in html
    assert "its keyframes are shown" not in html
    sound = stories.full()
    sound.video.ClearField("video_stream")
    assert "There are no pictures in this file" in render(sound, View())


def test_thinning_is_said():
    html = render(stories.long(620, people_count=4), View())
    assert "one box in 2, one pose in 2, one face in 1" in html
    assert "each point: 5 values" in html


def test_size_of_long_clips_without_pictures():
    """Keyframes come on top: 240 of 20 kB at most, 6.4 MB as text."""
    assert len(render(stories.long(60), View())) < 1_500_000
    assert len(render(stories.long(600), View())) < 8_000_000


def test_another_language_is_refused():
    with pytest.raises(InvalidInput, match="'fr'"):
        render(report(), View(language="fr"))


def test_without_jinja_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(PageLibraryNotInstalled) as raised:
        page.check_installed()
    assert raised.value.fix == "pip install 'reelscribe[report]'"


def test_the_ruler_has_few_labels_and_none_over_the_end():
    assert ticks(24.8) == list(range(0, 25, 2))
    assert ticks(12.0) == list(range(12))
    assert len(ticks(600)) <= 13
    assert ticks(0.4) == [0]
