"""Web Annotations: what the model's document says that a reader must find."""

from __future__ import annotations

import json
import re

from reelscribe.report.formats.web_annotation import CONTEXT, annotation_page_json
from tests.reelscribe.report.made import story

PAGE = json.loads(annotation_page_json(story()))
FRAGMENT = re.compile(r"t=(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)(?:&xywh=percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+))?")


def test_every_finding_is_an_annotation_with_one_target():
    assert PAGE["@context"] == CONTEXT
    assert PAGE["type"] == "AnnotationPage"
    items = PAGE["items"]
    assert len(items) == sum(len(result.findings) for result in story().results)
    assert len({item["id"] for item in items}) == len(items)
    assert {item["type"] for item in items} == {"Annotation"}


def test_targets_are_media_fragments():
    values = [item["target"]["selector"]["value"] for item in PAGE["items"]]
    assert all(FRAGMENT.fullmatch(value) for value in values)
    (title,) = (item for item in PAGE["items"] if item["id"].endswith("text_overlay/1"))
    assert title["target"]["selector"]["value"] == "t=0.5,3.5&xywh=percent:20,10,60,10"
    assert title["body"]["value"] == "HUND & <Katze>"
    assert title["target"]["source"]["id"] == "story%20%26%20more.mp4"


def test_the_video_is_known_by_its_bytes():
    (canonical,) = {item["target"]["source"]["canonical"] for item in PAGE["items"]}
    assert canonical == "ni:///sha-256;q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"


def test_words_have_their_language_and_labels_are_english():
    said = [item for item in PAGE["items"] if "speech_transcription" in item["id"]]
    assert {item["body"]["language"] for item in said} == {"de"}
    (call,) = (item for item in PAGE["items"] if "comment_cta_detection" in item["id"])
    assert call["body"]["language"] == "en"
