"""cross_analyzer_intelligence on the composite, of which it is known what is written, said, heard and seen."""

from __future__ import annotations

from bench.common.runs import analyzed
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from gateway.conclude import conclude
from gateway.insights.cross_analyzer_intelligence import CrossAnalyzerIntelligence
from reelscribe.v1.story_pb2 import Verdict
from services.common.time import seconds

NAME = "cross_analyzer_intelligence"
READS = ("object_detection", "text_overlay", "speech_transcription", "audio_environment")
MEASURE = "what modalities say of each other"

TRUE = {
    "caption_and_speech": {Verdict.VERDICT_AGREES},
    "title_and_speech": {Verdict.VERDICT_UNCONFIRMED},
    "words_and_voice": {Verdict.VERDICT_AGREES},
    "heard_and_seen": {Verdict.VERDICT_UNCONFIRMED},
    "speaker_on_screen": {Verdict.VERDICT_AGREES, Verdict.VERDICT_UNCONFIRMED},
}
"""From how the clip was made: its captions are its read text, its title is not read, its dog is only heard. People are
in three of its four scenes, so of who speaks either may be right."""


async def judge(material: Material) -> list[Judgement]:
    """Verdicts that are as the clip was made, and topics nobody could speak of."""
    if material.composite is None:
        return [unmeasured(NAME, MEASURE, "no test data")]
    report = (await analyzed(material.analyst, material.composite, material.ready)).report
    found = conclude(CrossAnalyzerIntelligence(), report.results, seconds(report.video.duration)).findings
    right = sum(each.cross_check.verdict in TRUE.get(each.label, set()) for each in found)
    missed = set(TRUE) - {each.label for each in found}
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=f"{right} of {len(found)} verdicts right, {len(missed)} of {len(TRUE)} topics missed",
            ours_value=right / len(found) if found else 0.0,
            standalone=f"{UNMEASURED}: no tool was found that compares modalities",
            tool="",
            clips=material.composite.stem,
        )
    ]
