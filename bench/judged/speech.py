"""speech_transcription against faster-whisper called directly with the same weights: word errors on read speech."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.common.scores import word_errors
from bench.common.standalone import SpeechByFasterWhisper, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "speech_transcription"
LANGUAGES = {"de": "German", "en": "English"}
SILENT = ("music_solo_trumpet.ogg", "music_vibe_ace.ogg")
"""Music without a voice: every word is an invented one."""


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
    judgements.append(await _invented(material, tool, [audio / name for name in SILENT]))
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
        measure="words reported from music without a voice (all invented)",
        ours=str(ours),
        ours_value=float(ours),
        standalone=str(alone) if tool else UNMEASURED,
        standalone_value=float(alone) if tool else None,
        tool=tool.name if tool else "",
        clips=", ".join(path.name for path in files),
    )


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
