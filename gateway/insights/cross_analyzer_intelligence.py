"""What two modalities say about the same thing: that they agree, exclude each other, or do not confirm it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.checks import captions, described, engagement, numbers, sources, speaker
from gateway.evidence import Evidence
from gateway.insight import Insight
from reelscribe.v1.finding_pb2 import Finding

CHECKS = (
    *speaker.CHECKS,
    *captions.CHECKS,
    *numbers.CHECKS,
    *sources.CHECKS,
    *described.CHECKS,
    *engagement.CHECKS,
)
"""In no particular order: what they find is sorted by time."""


class CrossAnalyzerIntelligence(Insight):
    """Agreements and contradictions between what is seen, said, heard and written, each with its evidence.

    Labels: the topics. `speaker_on_screen` (somebody is seen while somebody speaks; whose mouth moves is not
    measured), `words_and_voice` (a voice is heard where words were written down), `caption_and_speech`,
    `title_and_speech` (written and said alike), `number_said_and_written`, `heard_and_seen` (what makes a sound is
    detected), `described_and_detected`, `described_and_heard`, `call_said_and_written`, `call_and_gaze`.

    "Contradicts" is said only where both cannot be true: another number of the same thing, a thing detected that the
    description denies. What is merely missing on one side is "unconfirmed", and only where that side looked.
    """

    name = "cross_analyzer_intelligence"
    reads = tuple(dict.fromkeys(combination for check in CHECKS for combination in check.reads))

    def find(self, evidence: Evidence) -> Iterator[Finding]:
        for check in CHECKS:
            if any(evidence.looked(*combination) for combination in check.reads):
                yield from check.find(evidence)
