"""What modalities say to each other."""

from __future__ import annotations

import pytest

from gateway.conclude import conclude
from gateway.insights.cross_analyzer_intelligence import CHECKS, CrossAnalyzerIntelligence
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.story_pb2 import Verdict
from tests.gateway.told import TITLE, described, found_by, heard, looked, said, seen, skipped, written

TALK = looked("speech_transcription", said("Hier sind drei Tipps für euren Hund", 1.0, 5.0))
TEXTS = looked("text_overlay", written("5 TIPPS", 0, 5, TITLE), written("Hier sind drei Tipps", 1, 3))
THINGS = looked("object_detection", seen("person", 0, 8), seen("dog", 9, 15, 2))
SOUNDS = looked("audio_environment", heard("speech", 1, 5), heard("bark", 10, 11))
STORY = looked("qwen2_vl_temporal", described("No dog in the room.", 10, 11), described("A cat sleeps.", 16, 17))
ALL = (TALK, TEXTS, THINGS, SOUNDS, STORY)


def told(*results: AnalyzerResult) -> set[tuple[str, str]]:
    found = found_by(CrossAnalyzerIntelligence(), *results)
    return {
        (finding.label, Verdict.Name(finding.cross_check.verdict).removeprefix("VERDICT_").lower()) for finding in found
    }


def test_agreement_contradiction_and_what_is_not_confirmed():
    """The replaced system had one constant, wrapped around a crash."""
    assert told(*ALL) == {
        ("speaker_on_screen", "agrees"),
        ("words_and_voice", "agrees"),
        ("caption_and_speech", "agrees"),
        ("title_and_speech", "unconfirmed"),
        ("number_said_and_written", "agrees"),
        ("number_said_and_written", "contradicts"),
        ("heard_and_seen", "agrees"),
        ("described_and_detected", "contradicts"),
        ("described_and_detected", "unconfirmed"),
    }


@pytest.mark.parametrize("missing", range(len(ALL)))
def test_nothing_is_claimed_from_one_that_did_not_run(missing: int):
    names = [result.analyzer for result in ALL]
    rest = [skipped(names[missing]) if at == missing else result for at, result in enumerate(ALL)]
    found = found_by(CrossAnalyzerIntelligence(), *rest)
    assert not any(item.startswith(f"{names[missing]}/") for finding in found for item in finding.evidence_ids)
    topics = {finding.label for finding in found}
    for check in CHECKS:
        if all(names[missing] in combination for combination in check.reads):
            assert check.find.__name__ not in topics


def test_one_modality_alone_is_nothing_to_compare():
    result = conclude(CrossAnalyzerIntelligence(), [TALK, skipped("text_overlay")], 20.0)
    assert result.status == Status.STATUS_SKIPPED
    assert "text_overlay skipped" in result.reason.message


def test_two_that_found_nothing_are_empty():
    result = conclude(CrossAnalyzerIntelligence(), [looked("text_overlay"), looked("speech_transcription")], 20.0)
    assert result.status == Status.STATUS_EMPTY


def test_every_check_is_labelled_with_its_name():
    names = [check.find.__name__ for check in CHECKS]
    assert sorted(set(names)) == sorted(names)
    documented = CrossAnalyzerIntelligence.__doc__ or ""
    assert all(f"`{name}`" in documented for name in names)
