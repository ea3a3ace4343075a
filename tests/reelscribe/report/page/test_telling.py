"""What a bar says."""

from __future__ import annotations

import pytest

from reelscribe.report.found import Found
from reelscribe.report.page.known import Known
from reelscribe.report.page.telling import LONGEST_TITLE, compared, subject, title
from reelscribe.report.page.words import words_of
from reelscribe.v1.finding_pb2 import Finding, Subject
from reelscribe.v1.story_pb2 import CrossCheck
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import text

EN, DE = words_of("en"), words_of("de")


@pytest.mark.parametrize(
    ("shape", "english", "german"),
    [
        ("age", "looks about 34 (29–41)", "wirkt wie 34 (29–41)"),
        ("key", "A minor", "A-Moll"),
        ("tempo", "120 BPM", "120 BPM"),
        ("scene", "scene 1", "Szene 1"),
        ("gesture", "waving", "Winken"),
        ("emphasis", "Kaffee.", "Kaffee."),
        ("call_to_action", "follow: “Folge mir”", "Folgen: „Folge mir“"),
        ("cross_check", "caption and speech: agrees", "Untertitel und Sprache: stimmt überein"),
        ("key_moment", "cut and loudness peak", "Schnitt und Lautheitsspitze"),
        ("speech_rate", "97 words/min", "97 Wörter/min"),
        ("description", "A woman pours coffee.", "A woman pours coffee."),
    ],
)
def test_a_title_is_short_and_in_the_language(shape: str, english: str, german: str):
    found = Known(stories.full()).of(shape)
    first = min(found, key=lambda each: each.start_s) if shape != "cross_check" else found[-2]
    first = next((each for each in found if title(each, EN) == english), first)
    assert (title(first, EN), title(first, DE)) == (english, german)


def test_lines_of_a_text_become_one_and_a_long_one_is_cut():
    found = Found(finding=text("eins\nzwei " + "x" * 200, 0), analyzer="text_overlay", start_s=0, end_s=1)
    told = title(found, EN)
    assert told.startswith("eins zwei xxx")
    assert (len(told), told[-1]) == (LONGEST_TITLE, "…")


def test_labels_of_a_check_are_in_the_language_and_words_that_were_said_are_not():
    def check(topic: str, claim: str, counterpart: str) -> Finding:
        return Finding(cross_check=CrossCheck(topic=topic, claim=claim, counterpart=counterpart))

    assert compared(check("heard_and_seen", "bark, dog", "no dog"), DE) == ("Bellen, Hund", "nicht dabei: Hund")
    assert compared(check("words_and_voice", "music", "speech"), DE) == ("music", "Sprache")
    assert compared(check("caption_and_speech", "music", "no dog"), DE) == ("music", "no dog")


def test_whom_it_is_about():
    assert subject(Finding(subject=Subject(track_id=0, face_id=2)), EN) == "track 0 · face 2"
    assert subject(Finding(), EN) == ""
