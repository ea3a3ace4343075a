"""What is said and heard, and how: words, rates, pauses, loudness, music, a sound."""

from __future__ import annotations

import math

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.finding_pb2 import Finding, Subject, TextKind, Word
from services.common.time import duration, span
from tests.reelscribe.report.stories.length import LENGTH_S

WORDS = (
    ("Drei", 0.4, 0.8), ("schnelle", 0.8, 1.3), ("Tipps", 1.3, 1.9), ("für", 2.7, 2.9), ("besseren", 2.9, 3.5),
    ("Kaffee.", 3.5, 4.1), ("Folge", 9.0, 9.4), ("mir", 9.4, 9.6), ("für", 9.6, 9.8), ("mehr!", 9.8, 10.3),
)  # fmt: skip


def utterance(words: list[tuple[str, float, float]], speaker_id: int = 1) -> Finding:
    told = [
        Word(content=content, span=span(start_s, end_s), probability=0.3 if content == "Tipps" else 0.97)
        for content, start_s, end_s in words
    ]
    text = of.Text(
        content=" ".join(content for content, _, _ in words),
        kind=TextKind.TEXT_KIND_SPEECH,
        language_code="de",
        words=told,
    )
    return Finding(
        span=span(words[0][1], words[-1][2]),
        label="speech",
        confidence=0.9,
        subject=Subject(speaker_id=speaker_id),
        text=text,
    )


def speech() -> list[Finding]:
    return [utterance(list(WORDS[:6])), utterance(list(WORDS[6:]))]


def rates() -> list[Finding]:
    rate = of.SpeechRate(
        word_count=6, syllable_count=10, words_per_minute=97.3, syllables_per_s=2.7, articulation_per_s=3.4
    )
    voice = [0.0 if step % 25 > 18 else 180 + 20 * math.sin(step / 6) for step in range(230)]
    pitch = of.PitchTrack(
        step_duration=duration(0.016),
        frequency_hz=voice,
        median_hz=181,
        low_hz=161,
        high_hz=199,
        range_semitones=3.7,
        voiced_share=0.8,
    )
    return [
        Finding(span=span(0.4, 4.1), label="speech_rate", speech_rate=rate),
        Finding(span=span(0.4, 4.1), label="pitch", pitch=pitch),
    ]


def flow() -> list[Finding]:
    return [
        Finding(span=span(1.9, 2.7), label="pause", pause=of.Pause(word_before="Tipps", word_after="für")),
        Finding(
            span=span(3.5, 4.1),
            label="emphasis",
            emphasis=of.Emphasis(word="Kaffee.", pitch_semitones=3.1, level_db=4.2, length_ratio=1.4, prominence=2.2),
        ),
        Finding(
            span=span(0.4, 10.3),
            label="rhythm",
            rhythm=of.SpeechRhythm(speaking_share=0.5, pause_count=2, mean_run_duration=duration(1.7), filler_count=1),
        ),
        Finding(
            span=span(9, 10.3),
            label="raised",
            vocal_effort=of.VocalEffort(pitch_semitones=2, level_db=7, rate_ratio=1.1),
        ),
        Finding(span=span(0.4, 4.1), label="speaker_turn", subject=Subject(speaker_id=1)),
    ]


def loudness(length_s: float) -> Finding:
    count = int(length_s / 0.1)
    momentary = [-24 + 8 * math.sin(step / 9) - (30 if step % 80 > 70 else 0) for step in range(count)]
    loudness = of.Loudness(
        integrated_lufs=-16.2,
        loudness_range_lu=6.1,
        true_peak_dbtp=-0.8,
        step_duration=duration(0.1),
        momentary_lufs=momentary,
        short_term_lufs=[-22 + 3 * math.sin(step / 30) for step in range(count)],
    )
    return Finding(span=span(0, length_s), label="loudness", loudness=loudness)


def sound() -> list[Finding]:
    tempo = of.Tempo(
        beats_per_minute=120,
        candidates=[
            of.TempoCandidate(beats_per_minute=60, strength=0.3, relation=of.TempoRelation.TEMPO_RELATION_HALF)
        ],
    )
    return [
        loudness(LENGTH_S),
        Finding(span=span(0, 12), label="tempo", tempo=tempo),
        Finding(
            span=span(0, 12), label="key", key=of.MusicalKey(tonic="A", mode=of.KeyMode.KEY_MODE_MINOR, margin=0.2)
        ),
        Finding(span=span(0, 12), label="clipping", clipping=of.Clipping(run_count=2, sample_count=9, share=0.00001)),
        Finding(span=span(0, 12), label="stereo", stereo=of.StereoImage(correlation=0.93, side_share=0.03)),
        Finding(span=span(0, 12), label="speech_to_noise", signal_to_noise=of.SignalToNoise(snr_db=18.3)),
    ]


def scores() -> Finding:
    curve = of.ScoreCurve(step_duration=duration(0.5), values=[0.3, 0.7, 0.9, 0.8, 0.4, 0.6])
    return Finding(span=span(4, 7), label="music", confidence=0.62, scores=curve)


def event() -> Finding:
    event = of.SoundEvent(rise_db=12, peak_dbfs=-9, alternatives=["click"])
    return Finding(span=span(7.9, 8.2), label="whoosh_swoosh_swish", confidence=0.7, sound_event=event)
