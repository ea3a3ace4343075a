"""speech_transcription against faster-whisper called directly with the same weights: word errors on read speech."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.common.conversations import edge_errors_s, monologues, written
from bench.common.narrated import Narration, TimedNarrator, connected, parted, start_errors_s
from bench.common.scores import word_errors, words
from bench.common.sound_files import write_sound
from bench.common.standalone import SpeechByFasterWhisper, sound_of, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from reelscribe.demo.sources import SpeechUnavailable, speech_model
from reelscribe.demo.speech import SAMPLE_RATE_HZ
from services.common.time import span_s

NAME = "speech_transcription"
LANGUAGES = {"de": "German", "en": "English"}
SILENT = ("music_solo_trumpet.ogg", "music_vibe_ace.ogg", "robin.ogg")
"""Music without a voice, and a bird; with all of ESC-10, every word is an invented one."""

ALIGN_UNITS_HZ = 25000
"""GRID's alignments count 25 000 a second: 1000 for each of its 25 frames."""

EDGE_S = 0.2
START_S = 0.1


async def judge(material: Material) -> list[Judgement]:
    """Read speech by language, speech over music, and music alone."""
    if material.media is None:
        return [unmeasured(NAME, "word errors", "no test data")]
    tool = None if why_not(SpeechByFasterWhisper) else SpeechByFasterWhisper(1)
    audio = material.media / "audio"
    judgements = []
    for code, language in LANGUAGES.items():
        files = sorted((audio / "fleurs").glob(f"fleurs-{code}-*.ogg"))[: 1 if material.tiny else None]
        told = {file: file.with_suffix(".txt").read_text() for file in files}
        judgements.append(await _judged(material, tool, told, f"{language}, FLEURS, {len(files)} clips"))
        if material.tiny:
            return judgements
    assert material.composite is not None
    assert material.composite_truth is not None
    truth = json.loads(material.composite_truth.read_text())
    text = " ".join(each["text"] for each in truth["speech"])
    judgements.append(await _judged(material, tool, {material.composite: text}, "German over music, the composite"))
    silent = [*(audio / name for name in SILENT), *sorted((audio / "esc10").glob("*.ogg"))]
    judgements.append(await _invented(material, tool, silent))
    judgements.append(await _aligned(material, tool, material.media / "video"))
    judgements += await _narrated(material, tool)
    judgements.append(await _edges(material, tool, audio))
    return judgements


async def _judged(
    material: Material, tool: SpeechByFasterWhisper | None, told: dict[Path, str], what: str
) -> Judgement:
    ours = [word_errors(text, await _read(material, path)) for path, text in told.items()]
    alone = [word_errors(text, tool.run(path)) for path, text in told.items()] if tool else []
    count = sum(count for _, count in ours)
    errors, errors_alone = sum(error for error, _ in ours), sum(error for error, _ in alone)
    return Judgement(
        analyzer=NAME,
        measure=f"word errors, {what}",
        ours=f"{errors} of {count} ({errors / count:.1%})",
        ours_value=errors / count,
        standalone=f"{errors_alone} of {count} ({errors_alone / count:.1%})" if tool else UNMEASURED,
        standalone_value=errors_alone / count if tool else None,
        tool=tool.name if tool else "",
        clips=_named([path.stem for path in told]),
    )


async def _invented(material: Material, tool: SpeechByFasterWhisper | None, files: Sequence[Path]) -> Judgement:
    ours = sum([len((await _read(material, path)).split()) for path in files])
    alone = sum(len(tool.run(path).split()) for path in files) if tool else 0
    return Judgement(
        analyzer=NAME,
        measure="words reported from music, animals and noise without speech (all invented)",
        ours=str(ours),
        ours_value=float(ours),
        standalone=str(alone) if tool else UNMEASURED,
        standalone_value=float(alone) if tool else None,
        tool=tool.name if tool else "",
        clips=f"{', '.join(SILENT)}, ESC-10 ({len(files)} files)",
    )


async def _aligned(material: Material, tool: SpeechByFasterWhisper | None, video: Path) -> Judgement:
    """Words that were read right, by when they start. What stands for letters and digits may be written otherwise."""
    lines = [line.split() for line in (video / "grid_swwp2s.align").read_text().splitlines()]
    starts_s = {word: int(start) / ALIGN_UNITS_HZ for start, _, word in lines if word != "sil"}
    clip = video / "grid_id2_vcd_swwp2s.mpg"
    found = [
        (word.content, *span_s(word.span))
        for finding in await material.findings(clip, NAME)
        for word in finding.text.words
    ]
    ours = _start_errors_s(starts_s, found)
    alone = _start_errors_s(starts_s, tool.words(clip)) if tool else []
    return Judgement(
        analyzer=NAME,
        measure="word starts against an aligned clip, median",
        ours=f"{median(ours):.3f} s ({len(ours)} of {len(starts_s)} words read)",
        ours_value=median(ours),
        standalone=f"{median(alone):.3f} s ({len(alone)} of {len(starts_s)} words read)" if alone else UNMEASURED,
        standalone_value=median(alone) if alone else None,
        tool=tool.name if tool else "",
        clips=clip.name,
    )


def _start_errors_s(starts_s: dict[str, float], found: Sequence[tuple[str, float, float]]) -> list[float]:
    read = {words(content)[0]: start_s for content, start_s, _ in reversed(found) if words(content)}
    return [abs(read[word] - start_s) for word, start_s in starts_s.items() if word in read]


async def _narrated(material: Material, tool: SpeechByFasterWhisper | None) -> list[Judgement]:
    """Words of a made voice, after a silence and in the flow of speech, by when they start."""
    try:
        narrator = TimedNarrator(speech_model())
    except SpeechUnavailable as missing:
        return [unmeasured(NAME, "word starts of a made voice", str(missing))]
    return [
        await _starts(material, tool, parted(narrator), "after a silence of 0.4 s"),
        await _starts(material, tool, connected(narrator), "in connected speech"),
    ]


async def _starts(material: Material, tool: SpeechByFasterWhisper | None, made: Narration, what: str) -> Judgement:
    path = write_sound(material.folder / f"{what.replace(' ', '_')}.wav", made.samples[:, None], SAMPLE_RATE_HZ)
    findings = await material.findings(path, NAME)
    ours = start_errors_s(
        made.starts_s,
        [
            (plain, span_s(word.span)[0])
            for each in findings
            for word in each.text.words
            for plain in words(word.content)
        ],
    )
    alone = start_errors_s(
        made.starts_s,
        [(plain, start_s) for content, start_s, _ in (tool.words(path) if tool else ()) for plain in words(content)],
    )
    return Judgement(
        analyzer=NAME,
        measure=f"word starts of a made voice {what}, median",
        ours=_starts_within(ours, len(made.starts_s)),
        ours_value=median(ours),
        standalone=_starts_within(alone, len(made.starts_s)) if alone else UNMEASURED,
        standalone_value=median(alone) if alone else None,
        tool=tool.name if tool else "",
        clips=f"phrases of the demo, {len(made.samples) / SAMPLE_RATE_HZ:.0f} s",
    )


def _starts_within(errors_s: Sequence[float], count: int) -> str:
    close = sum(error_s <= START_S for error_s in errors_s)
    return f"{median(errors_s):.3f} s ({len(errors_s)} of {count} words read, {close} within {START_S} s)"


async def _edges(material: Material, tool: SpeechByFasterWhisper | None, audio: Path) -> Judgement:
    """First and last moment of utterances that stand apart, against the level of the recordings."""
    ours: list[float] = []
    alone: list[float] = []
    for talk in monologues(audio, sound_of):
        path = written(talk, material.folder)
        ours += edge_errors_s(talk.truth, [span_s(finding.span) for finding in await material.findings(path, NAME)])
        if tool:
            alone += edge_errors_s(talk.truth, [(start_s, end_s) for _, start_s, end_s in tool.words(path)])
    return Judgement(
        analyzer=NAME,
        measure=f"edges of utterances within {EDGE_S} s",
        ours=_within(ours),
        ours_value=sum(error <= EDGE_S for error in ours) / len(ours),
        standalone=_within(alone) if alone else UNMEASURED,
        standalone_value=sum(error <= EDGE_S for error in alone) / len(alone) if alone else None,
        tool=f"{tool.name}, from its words" if tool else "",
        clips="phrases of three readers, Kennedy and a German, 1.5 s apart",
    )


def _within(errors_s: Sequence[float]) -> str:
    close = sum(error <= EDGE_S for error in errors_s)
    return f"{close} of {len(errors_s)} (median error {median(errors_s):.3f} s)"


async def _read(material: Material, path: Path) -> str:
    of_composite = path == material.composite
    findings = await (material.composite_findings(NAME) if of_composite else material.findings(path, NAME))
    return " ".join(finding.text.content for finding in findings)


def _named(stems: Sequence[str]) -> str:
    """File names, what they share said once.

    >>> _named(["fleurs-de-000", "fleurs-de-001"])
    'fleurs-de-000, -001'
    """
    shared = stems[0].rpartition("-")[0]
    rest = [stem.removeprefix(shared) if shared else stem for stem in stems[1:]]
    return ", ".join([stems[0], *rest])
