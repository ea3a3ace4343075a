"""speaker_turns against sherpa-onnx on the same networks: who speaks when in mixed conversations, and how many do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common.conversations import BOOKS, Conversation, conversations, two_channels, written
from bench.common.diarization import COLLAR_S, DiarizationError, Said, diarization_error
from bench.common.standalone import sound_of, why_not
from bench.common.standalone_speakers import SpeakersBySherpa
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

NAME = "speaker_turns"

VOICELESS = ("music_solo_trumpet.ogg", "music_vibe_ace.ogg", "robin.ogg")
"""Beside all of ESC-10 but its babies, who have a voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What one arm makes of a clip."""

    said: Sequence[Said]

    @property
    def speaker_count(self) -> int:
        return len({each.speaker for each in self.said})


async def judge(material: Material) -> list[Judgement]:
    """Conversations, clips of one speaker, clips of none."""
    if material.media is None:
        return [unmeasured(NAME, "diarization error", "no test data")]
    audio = material.media / "audio"
    tool = None if why_not(SpeakersBySherpa) else SpeakersBySherpa(1)
    talks = [*conversations(audio, sound_of), two_channels(audio / "stereo_diarization.wav")]
    judgements = await _conversations(material, tool, talks[: 1 if material.tiny else None])
    if material.tiny:
        return judgements
    single = [*(audio / name for name in BOOKS), audio / "jfk.flac", *sorted((audio / "fleurs").glob("*.ogg"))]
    judgements.append(await _counted(material, tool, single, 1, "clips of one speaker, one found"))
    noises = [path for path in sorted((audio / "esc10").glob("*.ogg")) if "Baby" not in path.name]
    silent = [*(audio / name for name in VOICELESS), *noises]
    judgements.append(await _counted(material, tool, silent, 0, "clips of music or noise, no speaker found"))
    if tool is not None:
        tool.close()
    return judgements


async def _conversations(
    material: Material, tool: SpeakersBySherpa | None, talks: Sequence[Conversation]
) -> list[Judgement]:
    ours = [_Heard(said=await _turns(material, written(talk, material.folder))) for talk in talks]
    alone = [_Heard(said=tool.turns(talk.samples)) for talk in talks] if tool else []
    clips = "; ".join(talk.name for talk in talks)
    rows = []
    for collar_s, how in ((COLLAR_S, f"collar {COLLAR_S} s on both sides, as md-eval"), (0.0, "no collar")):
        mine, theirs = _error(talks, ours, collar_s), _error(talks, alone, collar_s)
        rows.append(
            Judgement(
                analyzer=NAME,
                measure=f"diarization error, {how}, overlaps scored",
                ours=str(mine),
                ours_value=mine.rate if mine else None,
                standalone=str(theirs) if theirs else UNMEASURED,
                standalone_value=theirs.rate if theirs else None,
                tool=tool.name if tool else "",
                clips=clips,
            )
        )
    wanted = [talk.speaker_count for talk in talks]
    rows.append(_row(tool, "conversations, number of speakers right", wanted, ours, alone, clips))
    return rows


async def _counted(
    material: Material, tool: SpeakersBySherpa | None, paths: Sequence[Path], count: int, measure: str
) -> Judgement:
    ours = [_Heard(said=await _turns(material, path)) for path in paths]
    alone = [_Heard(said=tool.run(path)) for path in paths] if tool else []
    clips = f"{len(paths)} files, {paths[0].name} to {paths[-1].name}"
    return _row(tool, measure, [count] * len(paths), ours, alone, clips)


def _row(
    tool: SpeakersBySherpa | None,
    measure: str,
    wanted: Sequence[int],
    ours: Sequence[_Heard],
    alone: Sequence[_Heard],
    clips: str,
) -> Judgement:
    mine, theirs = (
        sum(heard.speaker_count == count for heard, count in zip(arm, wanted, strict=False)) for arm in (ours, alone)
    )
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=f"{mine} of {len(wanted)}",
        ours_value=mine / len(wanted),
        standalone=f"{theirs} of {len(wanted)}" if tool else UNMEASURED,
        standalone_value=theirs / len(wanted) if tool else None,
        tool=tool.name if tool else "",
        clips=clips,
    )


def _error(talks: Sequence[Conversation], heard: Sequence[_Heard], collar_s: float) -> DiarizationError | None:
    """Over all clips together; None without any."""
    errors = [
        diarization_error(talk.truth, each.said, talk.length_s, collar_s=collar_s)
        for talk, each in zip(talks, heard, strict=False)
    ]
    return sum(errors[1:], errors[0]) if errors else None


async def _turns(material: Material, path: Path) -> list[Said]:
    findings = await material.findings(path, NAME)
    return [
        Said(start_s=start_s, end_s=end_s, speaker=str(finding.subject.speaker_id))
        for finding in findings
        for start_s, end_s in [span_s(finding.span)]
    ]
