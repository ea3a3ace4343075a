"""What was said and by whom, in words: pure functions over findings in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.time import span_s


def is_speech(finding: Finding) -> bool:
    """It is text that is heard."""
    return finding.WhichOneof("shape") == "text" and finding.text.kind == TextKind.TEXT_KIND_SPEECH


def is_turn(finding: Finding) -> bool:
    """It says that a voice is heard, and nothing more."""
    return finding.WhichOneof("shape") is None and finding.subject.HasField("speaker_id")


def languages(findings: Iterable[Finding]) -> list[str]:
    """Those spoken, in order of appearance."""
    spoken = (finding.text.language_code for finding in findings if is_speech(finding))
    return list(dict.fromkeys(code for code in spoken if code))


def utterance(finding: Finding, speaker_count: int) -> str:
    """What is said; by whom, where there are several.

    "speaker 2: Wirklich?"
    """
    content = finding.text.content.strip()
    if speaker_count < 2:
        return content
    known = finding.subject.HasField("speaker_id")
    return f"speaker {finding.subject.speaker_id if known else '?'}: {content}"


def speakers(findings: Sequence[Finding]) -> list[str]:
    """How long each of several voices is heard, in one line: "speaker 1 for 12.4 s, speaker 2 for 8.0 s"."""
    heard_s: dict[int, float] = {}
    for finding in findings:
        if is_turn(finding):
            start_s, end_s = span_s(finding.span)
            heard_s[finding.subject.speaker_id] = heard_s.get(finding.subject.speaker_id, 0.0) + end_s - start_s
    told = [f"speaker {number} for {length_s:.1f} s" for number, length_s in sorted(heard_s.items())]
    return [", ".join(told)] if len(told) > 1 else []
