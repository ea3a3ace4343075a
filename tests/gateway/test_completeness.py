from __future__ import annotations

import pytest

from gateway.completeness import completeness
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import ColorProfile, Description, Finding, ScoreCurve, Text, TextKind, Track
from reelscribe.v1.sound_pb2 import Loudness, SoundEvent
from services.common.time import span


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
