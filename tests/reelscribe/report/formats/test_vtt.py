"""WebVTT as webvtt-py reads it."""

from __future__ import annotations

import html
import io
import json
import re

import webvtt

from reelscribe.report.formats.cues import speech_cues
from reelscribe.report.formats.vtt import metadata_vtt, screen_vtt, speech_vtt
from reelscribe.report.found import found, of
from tests.reelscribe.report.made import CUT_S, FADE_S, FIRST_WORDS, SECOND_WORDS, report, story
from tests.reelscribe.report.made import found as finding
from tests.reelscribe.report.made import result as result_of

STORY = story()


def read(text: str) -> webvtt.WebVTT:
    return webvtt.from_buffer(io.StringIO(text), format="vtt")


def test_what_is_said_comes_back_with_its_times():
    captions = read(speech_vtt(STORY)).captions
    cues = speech_cues(STORY)
    assert [(item.start_in_seconds, item.end_in_seconds) for item in captions] == [
        (int(cue.start_s), int(cue.end_s)) for cue in cues
    ]
    assert " ".join(item.text for item in captions).split() == [*FIRST_WORDS, *SECOND_WORDS]


def test_voices_are_told_apart():
    assert [item.voice for item in read(speech_vtt(STORY)).captions] == ["Speaker 1", "Speaker 2"]


def test_text_on_screen_stands_where_it_stands_and_is_no_markup():
    text = screen_vtt(STORY)
    assert "line:10.0% position:50.0% align:center" in text
    (caption,) = read(text).captions
    assert html.unescape(caption.raw_text) == "HUND & <Katze>"


def test_metadata_are_cuts_scenes_and_the_story_as_json():
    captions = read(metadata_vtt(STORY)).captions
    contents = [json.loads(item.raw_text) for item in captions]
    labels = [content["label"] for content in contents]
    assert labels.count("shot") == 3
    assert labels.count("scene") == 2
    assert {"hard_cut", "dissolve", "hook", "ending", "key_moment", "call_to_action"} <= set(labels)
    starts = {content["label"]: item.start for content, item in zip(contents, captions, strict=True)}
    assert starts["hard_cut"] == "00:00:04.000"
    assert CUT_S == 4.0
    assert starts["dissolve"] == f"00:00:0{FADE_S[0]:.3f}"
    ids = {one.finding.id for one in of(found(STORY), "shot", "scene", "transition")}
    assert ids <= {content["id"] for content in contents}


def test_an_arrow_in_a_finding_ends_no_cue():
    made = report(result_of("cut_analysis", finding("a --> b", 0, 1, shot={"index": 0})))
    text = metadata_vtt(made)
    assert len(re.findall("-->", text)) == 1
    (caption,) = read(text).captions
    assert json.loads(caption.raw_text)["label"] == "a --> b"


def test_nothing_to_show_is_an_empty_file():
    assert speech_vtt(report()) == screen_vtt(report()) == metadata_vtt(report()) == ""
