from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench.common.rows_of_speech import row_of_speech
from reelscribe.v1.finding_pb2 import FillerKind, Finding
from services.audio.analyzers.speech_flow import SpeechFlow, SpeechFlowSettings
from services.audio.percepts.pitch import Pitch
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.spoken_words import SpokenWord, Utterance
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import Voice
from services.audio.speakers.clusters import HeardVoice
from services.audio.speakers.conversation import HeardSegment
from services.audio.speakers.segments import FIRST_FRAME_S, FRAME_STEP_S, Segment
from services.common.time import seconds
from services.common.window import Window
from tests.services.audio.hearing import found, heard, silence, times, windows
from tests.services.audio.saying import said, speech, utterance, word
from tests.windows import samples_of_file

PLAIN = (0.3, 120.0, 0.05)
"""Length of a word in seconds, pitch in Hz, level."""


def row(
    contents: str,
    changed: dict[str, tuple[float, float, float]] | None = None,
    *,
    pauses: dict[str, float] | None = None,
) -> tuple[list[SpokenWord], list[tuple[float, float, float, float]]]:
    """Words one after the other from 0.5 s, each followed by 0.02 s or its pause; how each sounds."""
    words, sounds, at_s = [], [], 0.5
    for position, content in enumerate(contents.split()):
        length_s, pitch_hz, level = (changed or {}).get(content, PLAIN)
        # To and fro a little, as every voice does.
        pitch_hz *= 1 + 0.03 * (-1) ** position
        words.append(word(content, at_s, at_s + length_s))
        sounds.append((at_s, at_s + length_s, pitch_hz, level))
        at_s += length_s + (pauses or {}).get(content, 0.02)
    return words, sounds


def flow(
    utterances: list[Utterance], sounds: list[tuple[float, float, float, float]], **settings: float
) -> list[Finding]:
    end_s = max(end_s for _, end_s, _, _ in sounds) + 1.0
    filled = said(speech(sounds, end_s), utterances, pitches=sounds)
    return found(SpeechFlow(SpeechFlowSettings(**settings)), filled)


def of(findings: list[Finding], label: str) -> list[Finding]:
    return [finding for finding in findings if finding.label == label]


def inner(findings: list[Finding]) -> list[Finding]:
    return [each for each in of(findings, "pause") if each.pause.word_before and each.pause.word_after]


def test_a_pause_has_its_edges_and_the_words_around_it() -> None:
    words, sounds = row("one two three four five", pauses={"two": 0.8, "four": 0.2})
    (pause,) = inner(flow([utterance(words)], sounds))
    assert times(pause) == pytest.approx((words[1].end_s, words[2].start_s), abs=0.03)
    assert (pause.pause.word_before, pause.pause.word_after) == ("two", "three")
    assert pause.pause.within_utterance


def test_a_pause_between_utterances_is_not_within_one() -> None:
    words, sounds = row("one two. Three four.", pauses={"two.": 1.3})
    (pause,) = inner(flow([utterance(words[:2]), utterance(words[2:])], sounds))
    assert (pause.pause.word_before, pause.pause.word_after, pause.pause.within_utterance) == ("two.", "Three", False)


def test_silence_before_the_first_and_after_the_last_word_has_no_word_there() -> None:
    words, sounds = row("one two")
    first, last = of(flow([utterance(words)], sounds), "pause")
    assert times(first) == pytest.approx((0.0, 0.5), abs=0.03)
    assert (first.pause.word_before, first.pause.word_after) == ("", "one")
    assert times(last) == pytest.approx((words[-1].end_s, words[-1].end_s + 1.0), abs=0.03)
    assert (last.pause.word_before, last.pause.word_after) == ("two", "")


def test_the_shortest_pause_can_be_set() -> None:
    words, sounds = row("one two three", pauses={"one": 0.2, "two": 0.6})
    assert len(inner(flow([utterance(words)], sounds))) == 1
    assert len(inner(flow([utterance(words)], sounds, shortest_pause_s=0.15))) == 2
    assert len(inner(flow([utterance(words)], sounds, shortest_pause_s=1.0))) == 0


def test_old_bug_a_pause_is_measured_where_the_words_say_there_is_none() -> None:
    """Times were interpolated: words touched, and the pause between them was lost."""
    words, sounds = row("one two three", pauses={"two": 0.8})
    middle_s = (words[1].end_s + words[2].start_s) / 2
    touching = [words[0], word("two", words[1].start_s, middle_s), word("three", middle_s, words[2].end_s)]
    filled = said(
        speech(sounds, 4.0),
        [utterance(touching)],
        pitches=sounds,
        voices=[(start_s, end_s) for start_s, end_s, _, _ in sounds],
    )
    (pause,) = inner(found(SpeechFlow(), filled))
    assert times(pause) == pytest.approx((words[1].end_s, words[2].start_s), abs=0.03)
    assert (pause.pause.word_before, pause.pause.word_after) == ("two", "three")


def test_a_word_that_is_higher_louder_and_longer_is_emphasised() -> None:
    words, sounds = row("one two three four five six seven eight NINE ten eleven", {"NINE": (0.5, 180.0, 0.12)})
    (finding,) = of(flow([utterance(words)], sounds), "emphasis")
    emphasis = finding.emphasis
    assert (emphasis.word, times(finding)) == ("NINE", pytest.approx((words[8].start_s, words[8].end_s)))
    assert emphasis.pitch_semitones == pytest.approx(7.0, abs=1.2)
    assert emphasis.level_db == pytest.approx(7.6, abs=1.0)
    assert emphasis.length_ratio == pytest.approx(0.5 / 0.3, abs=0.05)
    assert emphasis.prominence >= 1.5


def test_an_even_voice_emphasises_nothing() -> None:
    words, sounds = row("one two three four five six ten one two three four five")
    assert of(flow([utterance(words)], sounds), "emphasis") == []


def two_voices() -> tuple[list[Utterance], list[tuple[float, float, float, float]]]:
    """Two sentences of a man, ten words each, then three words of a woman who is higher, louder and slower."""
    man = "one two three four five six seven eight nine ten."
    words, sounds = row(f"{man} {man} HER OWN WAY.", dict.fromkeys(("HER", "OWN", "WAY."), (0.5, 220.0, 0.15)))
    return [utterance(words[:10]), utterance(words[10:20]), utterance(words[20:])], sounds


def with_speakers(filled: list[Window], edge_s: float) -> list[Window]:
    """As the percept would tell of two whose turns meet at edge_s, in one segment of the part's first ten seconds."""
    active = np.zeros((592, 3), np.bool_)
    edge = round((edge_s - FIRST_FRAME_S) / FRAME_STEP_S)
    active[:edge, 0] = active[edge:, 1] = True
    axes = np.eye(256, dtype=np.float32)
    segment = HeardSegment(
        segment=Segment(start_s=0.0, own_start_s=0.0, own_end_s=10.0, active=active),
        prints=(HeardVoice(speech_s=5.0, print=axes[0]), HeardVoice(speech_s=1.5, print=axes[1]), None),
    )
    told = [(segment,), *[()] * (len(filled) - 1)]
    return [
        Window(
            index=each.index,
            start_s=each.start_s,
            end_s=each.end_s,
            contents={**each._contents, Speakers: value},
        )
        for each, value in zip(filled, told, strict=True)
    ]


def test_another_speakers_voice_is_no_emphasis() -> None:
    utterances, sounds = two_voices()
    filled = said(speech(sounds, 10.0), utterances, pitches=sounds)
    her_start_s = utterances[2].start_s
    apart = found(SpeechFlow(), with_speakers(filled, her_start_s - 0.01))
    assert of(apart, "emphasis") == []
    without_weights = found(SpeechFlow(), filled)
    assert [each.emphasis.word for each in of(without_weights, "emphasis")] == ["HER", "OWN", "WAY."]
    rest = [[each for each in findings if each.label != "emphasis"] for findings in (apart, without_weights)]
    assert rest[0] == rest[1]


def test_fillers_are_named_and_timed() -> None:
    words, sounds = row("Also, das ist ähm gut")
    first, second = of(flow([utterance(words, "de")], sounds), "filler")
    assert (first.filler.content, first.filler.kind) == ("also", FillerKind.FILLER_KIND_DISCOURSE)
    assert (second.filler.content, second.filler.kind) == ("ähm", FillerKind.FILLER_KIND_HESITATION)
    assert times(second) == pytest.approx((words[3].start_s, words[3].end_s))


def test_an_utterance_that_is_higher_and_louder_is_raised() -> None:
    loud = {"HEY": (0.4, 170.0, 0.15), "YOU": (0.4, 170.0, 0.15)}
    words, sounds = row("one two. one two. one two. HEY YOU one two.", loud, pauses={"two.": 1.2, "YOU": 1.2})
    pieces = [utterance(words[at : at + 2]) for at in range(0, len(words), 2)]
    findings = flow(pieces, sounds)
    (raised,) = of(findings, "raised")
    assert times(raised) == pytest.approx((pieces[3].start_s, pieces[3].end_s))
    assert raised.vocal_effort.pitch_semitones == pytest.approx(6.0, abs=0.7)
    assert raised.vocal_effort.level_db == pytest.approx(9.5, abs=1.0)
    assert of(findings, "lowered") == []


def test_rhythm_sums_up_the_whole_part() -> None:
    words, sounds = row("um one two three. four five six", pauses={"two": 0.6, "three.": 1.2})
    (finding,) = of(flow([utterance(words[:4]), utterance(words[4:])], sounds), "rhythm")
    assert times(finding) == pytest.approx((words[0].start_s, words[-1].end_s))
    rhythm = finding.rhythm
    assert (rhythm.pause_count, rhythm.filler_count) == (2, 1)
    assert seconds(rhythm.mean_pause_duration) == pytest.approx(0.9, abs=0.03)
    length_s = words[-1].end_s - words[0].start_s
    assert rhythm.speaking_share == pytest.approx((length_s - 1.8) / length_s, abs=0.02)


def test_nothing_is_found_where_nobody_speaks() -> None:
    assert found(SpeechFlow(), said(silence(5), [])) == []
    assert found(SpeechFlow(), said(silence(0), [])) == []


@pytest.mark.parametrize("music_gain", [0.0, 0.03], ids=["silence", "music"])
def test_pauses_between_real_sentences_lie_where_they_were_put(
    music_gain: float, media_dir: Path, voice: Voice, transcript: Transcript, pitch: Pitch
) -> None:
    """Three sentences of read speech, 0.4 and 0.9 s between them; below, music about 25 dB under the voice."""
    audio = media_dir / "audio"
    sentences = [samples_of_file(audio / "fleurs" / f"fleurs-{name}.ogg") for name in ("en-003", "en-004", "en-000")]
    music = music_gain * samples_of_file(audio / "music_vibe_ace.ogg")
    row = row_of_speech(sentences, (0.4, 0.9), music)
    filled = heard(windows(row.samples), [voice, transcript, pitch])
    pauses = [times(each) for each in inner(found(SpeechFlow(), filled))]
    for put in row.gaps_s:
        assert any(edges == pytest.approx(put, abs=0.1) for edges in pauses), (put, pauses)


def test_the_pauses_of_a_known_speech(media_dir: Path, voice: Voice, transcript: Transcript, pitch: Pitch) -> None:
    """Kennedy: "... my fellow Americans (pause) ask not (what your country ...", each about a second."""
    filled = heard(windows(samples_of_file(media_dir / "audio" / "jfk.flac")), [voice, transcript, pitch])
    findings = found(SpeechFlow(), filled)
    after = [each.pause.word_before.strip(",.").lower() for each in inner(findings)]
    assert "americans" in after
    lengths = [end_s - start_s for start_s, end_s in map(times, inner(findings))]
    assert len(lengths) >= 3
    assert all(0.3 <= length_s < 1.5 for length_s in lengths)
    edges = [times(each) for each in of(findings, "pause")]
    assert all(before[1] <= after[0] for before, after in pairwise(edges))


def test_the_silence_between_the_composites_sentences_is_found_over_its_music(
    composite: Path, voice: Voice, transcript: Transcript, pitch: Pitch
) -> None:
    truth = json.loads(composite.with_name("vertical_de_composite.groundtruth.json").read_text())
    first, second = truth["speech"]
    filled = heard(windows(samples_of_file(composite)), [voice, transcript, pitch])
    longest = max(inner(found(SpeechFlow(), filled)), key=lambda each: times(each)[1] - times(each)[0])
    start_s, end_s = times(longest)
    # The recordings themselves begin and end with silence, so the pause reaches farther than the gap between them.
    assert first["start_s"] < start_s <= first["end_s"]
    assert second["start_s"] <= end_s < second["end_s"]
    assert longest.pause.word_after.lower() == "die"
