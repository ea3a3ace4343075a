"""How well a video could be retold, and what lowered that."""

from __future__ import annotations

import pytest

from gateway.completeness import completeness
from reelscribe.v1.analysis_pb2 import ShortfallCause
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import ColorProfile, Description, Finding, ScoreCurve, Text, TextKind, Track
from reelscribe.v1.sound_pb2 import Loudness, SoundEvent
from services.common.time import span
from tests.gateway.told import described, heard, looked, said, seen, skipped, written


def result(*findings: Finding) -> AnalyzerResult:
    return AnalyzerResult(findings=findings)


SPEECH = Finding(span=span(0, 10), label="speech", text=Text(kind=TextKind.TEXT_KIND_SPEECH))
CAPTION = Finding(span=span(0, 10), label="caption", text=Text(kind=TextKind.TEXT_KIND_CAPTION))
DOG = Finding(span=span(0, 10), label="dog", track=Track())
BARK = Finding(span=span(0, 10), label="bark", scores=ScoreCurve())
DESCRIPTION = Finding(span=span(0, 10), label="description", description=Description())
COLORS = Finding(span=span(0, 10), label="palette", color=ColorProfile())


def test_a_black_silent_clip_scores_nothing():
    silence = Finding(span=span(0, 10), label="silence", scores=ScoreCurve())
    assert completeness([result(COLORS, silence)], 10.0).score < 0.05


def test_four_kinds_and_a_description_everywhere_is_everything():
    assert completeness([result(SPEECH, CAPTION, DOG, BARK, DESCRIPTION)], 10.0).score == pytest.approx(1.0)


def test_one_kind_everywhere():
    measured = completeness([result(SPEECH)], 10.0)
    assert measured.evidence_share == 1.0
    assert measured.kinds_score == pytest.approx(0.25)
    assert measured.score == pytest.approx(0.5)


def test_the_last_begun_second_counts():
    half = Finding(span=span(0, 5), label="dog", track=Track())
    assert completeness([result(half)], 9.5).evidence_share == pytest.approx(0.5)


def test_a_single_sound_is_content_and_how_loud_it_is_is_not():
    clap = Finding(span=span(0, 10), label="applause", sound_event=SoundEvent())
    assert completeness([result(clap)], 10.0).evidence_share == 1.0
    assert completeness([result(clap, BARK)], 10.0).kinds_score == pytest.approx(0.25)
    measured = Finding(span=span(0, 10), label="loudness", loudness=Loudness())
    assert completeness([result(measured)], 10.0).score == 0.0


def clip(**seconds: float) -> list[AnalyzerResult]:
    """20 s: each kind of content for so many seconds from the beginning on."""
    makers = {
        "words": lambda end_s: looked("speech_transcription", said("wort " * int(3 * end_s), 0, end_s)),
        "text": lambda end_s: looked("text_overlay", written("Text", 0, end_s)),
        "person": lambda end_s: looked("object_detection", seen("person", 0, end_s)),
        "picture": lambda end_s: looked("object_detection", seen("person", 0, end_s, moving=0.0)),
        "music": lambda end_s: looked("audio_environment", heard("music", 0, end_s)),
        "bark": lambda end_s: looked("audio_environment", heard("bark", 0, end_s)),
        "story": lambda end_s: looked("qwen2_vl_temporal", described("A dog.", 0, end_s)),
    }
    return [makers[name](end_s) for name, end_s in seconds.items()]


def score(**seconds: float) -> float:
    return completeness(clip(**seconds), 20.0).score


def test_music_over_a_still_picture_is_little():
    assert score(music=20) == 0
    assert score(music=20, picture=20) < 0.30


def test_clips_are_ranked_as_a_reader_of_their_retellings_would():
    """Rich with description, talk in front of the camera with subtitles, somebody moving to music, a picture with
    music, black and silent."""
    ranked = [
        score(words=16, text=18, person=20, bark=3, story=20),
        score(words=16, text=16, person=20),
        score(music=20, person=20),
        score(music=20, picture=20),
        score(),
    ]
    assert ranked == sorted(ranked, reverse=True)
    assert len(set(ranked)) == 5
    assert ranked[-1] < 0.05


def shortfalls(*results: AnalyzerResult) -> dict[str, tuple[int, int, list[str]]]:
    return {
        item.kind: (item.missing_second_count, item.cause, list(item.analyzers))
        for item in completeness(results, 20.0).shortfalls
    }


def test_what_lowered_it_says_who_did_not_look():
    told = shortfalls(
        looked("speech_transcription", said("wort " * 30, 0, 10)),
        looked("text_overlay"),
        looked("object_detection", end_s=8.0, status=Status.STATUS_PARTIAL),
        skipped("qwen2_vl_temporal"),
    )
    assert told["speech"] == (10, ShortfallCause.SHORTFALL_CAUSE_FOUND_ELSEWHERE, [])
    assert told["screen_text"] == (20, ShortfallCause.SHORTFALL_CAUSE_NOT_FOUND, [])
    assert told["person"] == (20, ShortfallCause.SHORTFALL_CAUSE_PARTLY_LOOKED, ["object_detection"])
    assert told["description"] == (20, ShortfallCause.SHORTFALL_CAUSE_NOT_LOOKED, ["qwen2_vl_temporal"])
    assert told["sound"] == (20, ShortfallCause.SHORTFALL_CAUSE_NOT_LOOKED, ["audio_environment", "sound_effects"])


def test_the_gain_is_what_the_score_would_rise_by():
    measured = completeness(clip(words=10), 20.0)
    gains = {item.kind: item.gain for item in measured.shortfalls}
    assert gains["screen_text"] == pytest.approx(score(words=10, text=20) - measured.score)
    assert gains["description"] == pytest.approx(score(words=10, story=20) - measured.score)
    assert [item.gain for item in measured.shortfalls] == sorted(gains.values(), reverse=True)


def test_where_all_is_full_nothing_lowered_it():
    everything = [result(SPEECH, CAPTION, DOG, BARK, DESCRIPTION)]
    assert completeness(everything, 10.0).score == pytest.approx(1.0)
    assert not completeness(everything, 10.0).shortfalls


def test_one_sound_analyzer_that_looked_everywhere_is_enough():
    assert shortfalls(looked("sound_effects"))["sound"][1] == ShortfallCause.SHORTFALL_CAUSE_NOT_FOUND
