"""speech_rate and speech_flow: pitch of synthetic vowels, syllables of known words, pauses at known times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.rows_of_speech import RATE_HZ, RowOfSpeech, cut_within, row_of_speech
from bench.common.standalone import sound_of
from bench.common.syllable_words import ENGLISH, GERMAN, counted
from bench.common.vowels import Vowel, vowels
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

RATE, FLOW = "speech_rate", "speech_flow"

EDGE_S = 0.1
"""Both edges this close: the pause was found."""

SHORTEST_S = 0.3

GAPS_S = (0.35, 0.5, 0.8, 1.2, 0.4)

SPLIT_DEPTH_DB = 30
"""librosa's split with the depth our own edges have, which is better here than its default of 60."""

WRONG_OCTAVE = 0.2
"""Relative error from which a pitch is another one."""

Curve = npt.NDArray[np.float64]


async def judge_rate(material: Material) -> list[Judgement]:
    """Pitch beside pYIN, syllables beside hyphenation, words a minute of sentences whose text is known."""
    made = {"clean": None, "noise 10 dB below": -10.0}
    judgements = []
    for what, noise_db in list(made.items())[: 1 if material.tiny else None]:
        judgements += _pitch(list(vowels(noise_db))[: 6 if material.tiny else None], what)
    judgements += [_syllables("German", "de", GERMAN, "de_DE"), _syllables("English", "en", ENGLISH, "en_US")]
    if material.media is None:
        return [*judgements, unmeasured(RATE, "words a minute", "no test data")]
    return [*judgements, await _words_a_minute(material, material.media)]


async def judge_flow(material: Material) -> list[Judgement]:
    """Pauses between sentences, clean and with noise and music below."""
    if material.media is None:
        return [unmeasured(FLOW, "pauses", "no test data")]
    audio = material.media / "audio"
    music = sound_of(audio / "music_vibe_ace.ogg")
    hiss = np.random.default_rng(3).normal(0.0, 1.0, 60 * RATE_HZ).astype(np.float32)
    below = {"nothing below": None, "noise 20 dB below": 0.008 * hiss, "music about 20 dB below": _at(music, 0.008)}
    return [
        await _pauses(material, audio, what, sound)
        for what, sound in list(below.items())[: 1 if material.tiny else None]
    ]


def _at(sound: npt.NDArray[np.float32], level: float) -> npt.NDArray[np.float32]:
    return (level * sound / np.sqrt(np.mean(sound**2))).astype(np.float32)


def _pitch(made: Sequence[Vowel], what: str) -> list[Judgement]:
    samples = np.concatenate([each.samples for each in made])
    ours = _errors(made, _by_percept(samples))
    alone = _errors(made, _by_pyin(samples)) if find_spec("librosa") else None
    tool = f"librosa {version('librosa')} pyin, 50-800 Hz" if alone else ""
    clips = f"{len(made)} synthetic vowels, 80-400 Hz, held, gliding, vibrato; {what}"

    def row(measure: str, figure: Callable[[tuple[float, int, int]], tuple[str, float]]) -> Judgement:
        shown, value = figure(ours)
        shown_alone, value_alone = figure(alone) if alone else (UNMEASURED, None)
        return Judgement(
            analyzer=RATE,
            measure=measure,
            ours=shown,
            ours_value=value,
            standalone=shown_alone,
            standalone_value=value_alone,
            tool=tool,
            clips=clips,
        )

    return [
        row("pitch, median error", lambda found: (f"{found[0]:.2%}", found[0])),
        row(
            "moments with another octave or no pitch",
            lambda found: (f"{found[1]} of {found[2]}", found[1] / found[2]),
        ),
    ]


def _errors(made: Sequence[Vowel], found: tuple[Curve, Curve]) -> tuple[float, int, int]:
    """Median relative error, moments missed or off by more than WRONG_OCTAVE, moments; 50 ms at each end aside."""
    times_s, found_hz = found
    truth_hz = np.concatenate([each.pitch_hz for each in made])
    at = np.minimum((times_s * RATE_HZ).astype(int), len(truth_hz) - 1)
    within = at % RATE_HZ
    inside = (within >= RATE_HZ // 20) & (within < RATE_HZ - RATE_HZ // 20)
    error = np.abs(found_hz[inside] / truth_hz[at[inside]] - 1)
    there = found_hz[inside] > 0
    wrong = int((~there | (error > WRONG_OCTAVE)).sum())
    return float(np.median(error[there])), wrong, int(inside.sum())


def _by_percept(samples: npt.NDArray[np.float32]) -> tuple[Curve, Curve]:
    """Our percept, told that all of it is speech: vowels alone are no speech to a voice detector."""
    from reelscribe.v1.media_pb2 import Video
    from services.audio.percepts.pitch import PITCH_STEP_S, Pitch
    from services.audio.percepts.speech_spans import SpeechSpan
    from services.audio.percepts.voice import SPEECH_SAMPLES, Voice, VoiceActivity
    from services.common.device import Device
    from services.common.window import Part, SampleBatch, Window

    percept = Pitch()
    percept.load(Device(core_count=1))
    batch = SampleBatch(samples=samples[:, None], sample_rate_hz=RATE_HZ, start_s=0.0)
    end_s = len(samples) / RATE_HZ
    voice = VoiceActivity(
        spans=(SpeechSpan(start_s=0.0, end_s=end_s),), first_frame_s=0.0, probabilities=np.ones(0, np.float32)
    )
    window = Window(index=0, start_s=0.0, end_s=end_s, contents={SPEECH_SAMPLES: batch, Voice: voice})
    part = Part(
        analysis_id="bench",
        part_id="0",
        index=0,
        start_s=0.0,
        own_start_s=0.0,
        video=Video(),
        settings=percept.settings,
    )
    (frames,) = percept.perceive(part, iter([window]))
    return np.arange(len(frames.frequency_hz)) * PITCH_STEP_S, frames.frequency_hz.astype(np.float64)


def _by_pyin(samples: npt.NDArray[np.float32]) -> tuple[Curve, Curve]:
    import librosa  # type: ignore[import-not-found,unused-ignore]

    found_hz, voiced, _ = librosa.pyin(samples, fmin=50, fmax=800, sr=RATE_HZ, frame_length=2048, hop_length=256)
    return np.arange(len(found_hz)) * 256 / RATE_HZ, np.where(voiced, found_hz, 0.0)


def _syllables(language: str, code: str, words: str, dictionary: str) -> Judgement:
    """Of the half that was held back when the rules were written."""
    from services.audio.delivery.syllables import syllables

    held = counted(words)[1::2]
    right = sum(syllables(word, code) == count for word, count in held)
    alone = None
    if find_spec("pyphen"):
        import pyphen  # type: ignore[import-not-found,unused-ignore]

        hyphenate = pyphen.Pyphen(lang=dictionary, left=1, right=1)
        alone = sum(len(hyphenate.positions(word)) + 1 == count for word, count in held)
    return Judgement(
        analyzer=RATE,
        measure=f"syllables of a word right, {language}",
        ours=f"{right} of {len(held)}",
        ours_value=right / len(held),
        standalone=UNMEASURED if alone is None else f"{alone} of {len(held)}",
        standalone_value=None if alone is None else alone / len(held),
        tool="" if alone is None else f"Pyphen {version('pyphen')}, every break",
        clips=f"{len(held)} words, held back when the rules were written",
    )


async def _words_a_minute(material: Material, media: Path) -> Judgement:
    """Words of the text over the length of the recording between its first and last loud vowel.

    What is spoken is a little longer than that, so a rate that is right comes out some percent below the truth taken.
    """
    files = sorted((media / "audio" / "fleurs").glob("fleurs-*.ogg"))[: 1 if material.tiny else None]
    errors = []
    for file in files:
        truth = 60 * len(file.with_suffix(".txt").read_text().split()) * RATE_HZ / len(cut_within(sound_of(file)))
        rates = [each for each in await material.findings(file, RATE) if each.label == "speech_rate"]
        length_s = span_s(rates[-1].span)[1] - span_s(rates[0].span)[0] if rates else 1.0
        words = sum(each.speech_rate.word_count for each in rates)
        errors.append(abs(60 * words / length_s / truth - 1))
    error = float(np.median(errors))
    return Judgement(
        analyzer=RATE,
        measure="words a minute between the outer vowels, median error",
        ours=f"{error:.1%}",
        ours_value=error,
        standalone=UNMEASURED,
        tool="no such tool",
        clips=f"FLEURS, {len(files)} sentences",
    )


async def _pauses(material: Material, audio: Path, what: str, below: npt.NDArray[np.float32] | None) -> Judgement:
    rows = []
    for code in ("de", "en")[: 1 if material.tiny else None]:
        files = sorted((audio / "fleurs").glob(f"fleurs-{code}-*.ogg"))[: len(GAPS_S) + 1]
        rows.append(row_of_speech([sound_of(file) for file in files], GAPS_S[: len(files) - 1], below))
    ours = [
        _edge_errors(row, await _ours(material, row, f"{what.replace(' ', '_')}-{index}.wav"))
        for index, row in enumerate(rows)
    ]
    alone = [_edge_errors(row, _by_split(row)) for row in rows] if find_spec("librosa") else []
    count = sum(len(row.gaps_s) for row in rows)
    told, value = _told([error for errors in ours for error in errors], count)
    told_alone, value_alone = (
        _told([error for errors in alone for error in errors], count) if alone else (UNMEASURED, None)
    )
    return Judgement(
        analyzer=FLOW,
        measure="pauses of 0.35-1.2 s with both edges within 0.1 s",
        ours=told,
        ours_value=value,
        standalone=told_alone,
        standalone_value=value_alone,
        tool=f"librosa {version('librosa')} effects.split, {SPLIT_DEPTH_DB} dB" if alone else "",
        clips=f"{len(rows)} rows of FLEURS sentences with known silences; {what}",
    )


async def _ours(material: Material, row: RowOfSpeech, name: str) -> list[tuple[float, float]]:
    findings = await material.findings(row.write(material.folder / name), FLOW)
    return [span_s(each.span) for each in findings if each.label == "pause"]


def _by_split(row: RowOfSpeech) -> list[tuple[float, float]]:
    import librosa  # type: ignore[import-not-found,unused-ignore]

    loud = librosa.effects.split(row.samples, top_db=SPLIT_DEPTH_DB, frame_length=320, hop_length=160) / RATE_HZ
    quiet = zip(loud[:-1, 1].tolist(), loud[1:, 0].tolist(), strict=True)
    return [(start_s, end_s) for start_s, end_s in quiet if end_s - start_s >= SHORTEST_S]


def _edge_errors(row: RowOfSpeech, found: Sequence[tuple[float, float]]) -> list[float]:
    """For each known silence the larger error of its edges, of the pause that fits best; infinite without one."""
    return [
        min((max(abs(start_s - put_s), abs(end_s - until_s)) for start_s, end_s in found), default=float("inf"))
        for put_s, until_s in row.gaps_s
    ]


def _told(errors: Sequence[float], count: int) -> tuple[str, float]:
    right = sum(error <= EDGE_S for error in errors)
    return f"{right} of {count} (median edge error {np.median(errors):.3f} s)", right / count
