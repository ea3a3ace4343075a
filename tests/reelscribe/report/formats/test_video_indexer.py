"""Video Indexer's JSON, held against a schema written from its public documentation."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from reelscribe.report.formats.video_indexer import insights_json
from tests.reelscribe.report.made import report, story

TIME = {"type": "string", "pattern": r"^\d+:\d\d:\d\d(\.\d{1,7})?$"}


def listed(**properties: object) -> dict[str, object]:
    """A dimension: elements with an id and instances, which are ranges of time."""
    instance = {
        "type": "object",
        "properties": {
            **dict.fromkeys(("start", "end", "adjustedStart", "adjustedEnd"), TIME),
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["start", "end"],
        "additionalProperties": False,
    }
    element = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "instances": {"type": "array", "items": instance}, **properties},
        "required": ["id", "instances"],
        "additionalProperties": False,
    }
    return {"type": "array", "items": element}


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
MAYBE_TEXT = {"type": ["string", "null"]}
INSIGHTS = {
    "type": "object",
    "properties": {
        "version": TEXT,
        "duration": TIME,
        **dict.fromkeys(("sourceLanguage", "language"), MAYBE_TEXT),
        **{key: {"type": "array", "items": TEXT} for key in ("sourceLanguages", "languages")},
        "transcript": listed(text=TEXT, confidence=NUMBER, speakerId=INTEGER, language=TEXT),
        "ocr": listed(
            text=TEXT, confidence=NUMBER, language=TEXT, left=INTEGER, top=INTEGER, width=INTEGER, height=INTEGER
        ),
        "keywords": {"type": "array", "maxItems": 0},
        "faces": listed(name=TEXT, description={"type": "null"}),
        "labels": listed(name=TEXT),
        "scenes": listed(),
        "shots": listed(keyFrames=listed()),
        "audioEffects": listed(type=TEXT, name=TEXT),
        "detectedObjects": listed(type=TEXT, displayName=TEXT),
        "observedPeople": listed(),
        "speakers": listed(name=TEXT),
    },
    "required": ["version", "duration", "transcript", "ocr", "keywords", "faces", "labels", "shots", "audioEffects"],
    "additionalProperties": False,
}
VIDEO = {
    "type": "object",
    "properties": {"id": TEXT, "state": {"const": "Processed"}, "insights": INSIGHTS},
    "required": ["accountId", "id", "name", "state", "processingProgress", "insights"],
}
PLAYLIST = {
    "type": "object",
    "properties": {"durationInSeconds": NUMBER, "videos": {"type": "array", "items": VIDEO, "minItems": 1}},
    "required": ["accountId", "id", "name", "state", "durationInSeconds", "videos"],
}
STORY = json.loads(insights_json(story()))
INSIGHT = STORY["videos"][0]["insights"]


@pytest.mark.parametrize("text", [insights_json(story()), insights_json(report())], ids=["full", "empty"])
def test_it_is_what_the_documentation_describes(text: str):
    Draft202012Validator(PLAYLIST).validate(json.loads(text))


def test_words_have_their_speaker_and_time():
    first, second = INSIGHT["transcript"]
    assert (first["text"], first["speakerId"], first["language"]) == ("Das ist ein Hund.", 1, "de")
    assert second["instances"][0]["start"] == "00:00:04.500"
    assert [speaker["name"] for speaker in INSIGHT["speakers"]] == ["Speaker #1", "Speaker #2"]


def test_text_on_screen_lies_in_pixels():
    (ocr,) = INSIGHT["ocr"]
    assert [ocr[edge] for edge in ("left", "top", "width", "height")] == [144, 128, 432, 128]


def test_shots_have_the_key_frame_that_is_known():
    shots = INSIGHT["shots"]
    assert [len(shot["keyFrames"]) for shot in shots] == [1, 1, 0]
    assert shots[0]["keyFrames"][0]["instances"][0]["start"] == "00:00:02.000"
    assert shots[0]["keyFrames"][0]["instances"][0]["end"] == "00:00:02.040"


def test_sounds_are_effects_and_pictures_scores_are_not():
    assert [effect["type"] for effect in INSIGHT["audioEffects"]] == ["Bark"]


def test_people_are_observed_and_things_detected():
    assert [person["id"] for person in INSIGHT["observedPeople"]] == [2]
    assert [thing["displayName"] for thing in INSIGHT["detectedObjects"]] == ["dog"]


def test_what_nobody_looked_for_is_not_there():
    assert INSIGHT["keywords"] == []
    assert {"sentiments", "emotions", "brands", "topics"} & INSIGHT.keys() == set()
    assert STORY["accountId"] is None
