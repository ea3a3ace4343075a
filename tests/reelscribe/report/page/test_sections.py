"""The sections, what they tell, and what they say is missing."""

from __future__ import annotations

import pytest

from gateway.content import FINDERS
from reelscribe.report.page.known import Known
from reelscribe.report.page.sections import KINDS, Section, sections
from reelscribe.report.page.words import words_of
from reelscribe.v1.analysis_pb2 import Report, ShortfallCause
from reelscribe.v1.analyzer_pb2 import Status
from tests.reelscribe.report import stories
from tests.reelscribe.report.reports import report, result, skipped, speech, text

EN, DE = words_of("en"), words_of("de")


def told(made: Report, language: str = "en") -> dict[str, Section]:
    return {section.key: section for section in sections(Known(made), words_of(language))}


def text_of(section: Section) -> str:
    return "\n".join(line.text for line in section.lines)


def test_all_sections_are_there_whatever_was_found():
    keys = [kind.key for kind in KINDS]
    assert keys == [
        "summary",
        "hook",
        "audio",
        "flow",
        "cuts",
        "gestures",
        "faces",
        "background",
        "visual",
        "fives",
        "interaction",
        "conclusion",
    ]
    assert list(told(report())) == keys


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_each_is_told_in_both_languages(kind):
    english, german = (told(stories.full(), language)[kind.key] for language in ("en", "de"))
    assert english.title != german.title or kind.key == "hook"
    assert len(english.lines) == len(german.lines)
    assert bool(english.lines) is (kind.key != "fives")
    assert not [
        one.text
        for one, other in zip(english.lines, german.lines, strict=True)
        if one.text == other.text and "coffee" not in one.text
    ]


def test_an_analyzer_that_was_not_there_is_named_in_its_section_and_nothing_is_claimed():
    made = report(skipped("body_pose", fix="reelscribe models pull pose"))
    gestures = told(made)["gestures"]
    assert gestures.lines == ()
    assert [(gap.analyzer, gap.status, gap.fix) for gap in gestures.gaps] == [
        ("body_pose", "skipped", "reelscribe models pull pose")
    ]
    assert told(made)["cuts"].gaps[0].status == "absent"


def test_who_looked_and_found_nothing_lets_it_be_said():
    made = report(
        *(
            result(name, status=Status.STATUS_EMPTY)
            for name in ("body_pose", "cut_analysis", "speech_transcription", "comment_cta_detection", "text_overlay")
        )
    )
    assert "No gesture was seen" in text_of(told(made)["gestures"])
    assert "There is no cut" in text_of(told(made)["cuts"])
    assert "Nobody was heard speaking" in text_of(told(made)["audio"])
    assert "No text was read" in text_of(told(made)["summary"])
    assert "No call to action" in text_of(told(made)["interaction"])


def test_the_summary_tells_what_is_said_written_seen_heard_and_asked():
    summary = text_of(told(stories.full(), "de")["summary"])
    for word in ("Hochkant", "Deutsch", "„Drei schnelle Tipps", "„3 TIPPS“", "Tasse", "Musik", "Folgen: „Folge mir“"):
        assert word in summary


def test_the_hook_holds_what_lies_in_the_first_three_seconds_only():
    made = report(result("speech_transcription", speech("Spät", 5)), result("text_overlay", text("Früh", 1)))
    hook = text_of(told(made)["hook"])
    assert "the first words come at 0:05.0" in hook
    assert "“Früh”" in hook
    assert "Spät" not in hook


def test_estimates_of_faces_say_that_they_are_estimates():
    assert "not facts about anybody" in text_of(told(stories.full())["faces"])
    assert "not facts" not in text_of(told(report())["faces"])


def test_the_conclusion_names_contradictions_and_who_did_not_look():
    conclusion = text_of(told(stories.full())["conclusion"])
    assert "One contradiction between modalities: described and detected." in conclusion
    assert "speech emotion and strange analyzer" in conclusion
    assert "descriptions (found elsewhere, not in 9 s)" in conclusion


def test_every_kind_and_cause_of_a_shortfall_has_its_words():
    for kind in FINDERS:
        assert DE.say(f"kind.{kind}") != EN.say(f"kind.{kind}")
    for cause in ShortfallCause.values():
        name = ShortfallCause.Name(cause).removeprefix("SHORTFALL_CAUSE_").lower()
        assert "9 s" in DE.say(f"shortfall.{name}", kind="Text", count=9)


def test_a_sound_file_is_told_as_one():
    made = report()
    made.video.ClearField("video_stream")
    assert "without pictures" in text_of(told(made)["summary"])


def test_a_silent_file_is_told_as_one():
    made = report()
    made.video.ClearField("audio_stream")
    assert text_of(told(made)["audio"]) == "The file has no sound."
