"""Whether anybody is seen while somebody speaks, and whether a voice is heard where words were written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.checks.check import AGREES, MAJORITY, UNCONFIRMED, Check, crossed
from gateway.evidence import Evidence, overlapping, seen_s
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

_VOICES = (
    "speech child_speech_kid_speaking conversation narration_monologue speech_synthesizer shout yell whispering "
    "singing choir chant rapping child_singing hubbub_speech_noise_speech_babble"
)
VOICES = frozenset(_VOICES.split())
"""Sound classes in which words can be heard."""


def speaker_on_screen(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each utterance. Whether a mouth moves is not measured: somebody seen need not be who speaks."""
    faces = [finding for finding in _faces(evidence) if finding.subject.HasField("face_id")]
    persons = [finding for finding in evidence.of("track", analyzers=["object_detection"]) if finding.label == "person"]
    for utterance in evidence.said():
        start_s, end_s = span_s(utterance.span)
        looked = {
            what: overlapping(seen, start_s, end_s)
            for what, analyzer, seen in (
                ("face", "eye_tracking", faces),
                ("person", "object_detection", persons),
            )
            if evidence.covers(analyzer, start_s, end_s)
        }
        if looked and end_s > start_s:
            yield _seen_during(utterance, looked)


def _faces(evidence: Evidence) -> list[Finding]:
    return [
        finding
        for result in evidence.results
        if result.analyzer == "eye_tracking"
        for finding in result.findings
        if finding.HasField("subject")
    ]


def _seen_during(utterance: Finding, looked: dict[str, list[Finding]]) -> Finding:
    start_s, end_s = span_s(utterance.span)
    shares = {
        what: seen_s((span_s(finding.span) for finding in found), start_s, end_s) / (end_s - start_s)
        for what, found in looked.items()
    }
    # A face says more than a body; where it is seen for too short, the body counts.
    what = next((what for what, share in shares.items() if share > MAJORITY), max(shares, key=shares.__getitem__))
    finding = crossed(
        "speaker_on_screen",
        AGREES if shares[what] > MAJORITY else UNCONFIRMED,
        (start_s, end_s),
        claim=" ".join(utterance.text.content.split()),
        counterpart=what if shares[what] > 0 else f"no {' or '.join(shares)}",
        overlap=min(1.0, shares[what]),
        evidence=[utterance, *looked[what]],
    )
    if utterance.subject.HasField("speaker_id"):
        finding.subject.speaker_id = utterance.subject.speaker_id
    return finding


def words_and_voice(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each utterance: words where no voice is heard may be invented."""
    voices = _voices(evidence)
    for utterance in evidence.said():
        start_s, end_s = span_s(utterance.span)
        if end_s <= start_s or not evidence.covers("audio_environment", start_s, end_s):
            continue
        heard = overlapping(voices, start_s, end_s)
        share = seen_s((span_s(finding.span) for finding in heard), start_s, end_s) / (end_s - start_s)
        yield crossed(
            "words_and_voice",
            AGREES if share > MAJORITY else UNCONFIRMED,
            (start_s, end_s),
            claim=" ".join(utterance.text.content.split()),
            counterpart=", ".join(dict.fromkeys(finding.label for finding in heard)) or "no voice",
            overlap=min(1.0, share),
            evidence=[utterance, *heard],
        )


def _voices(evidence: Evidence) -> Sequence[Finding]:
    return [item for item in evidence.of("scores", analyzers=["audio_environment"]) if item.label in VOICES]


CHECKS = (
    Check(
        reads=(("speech_transcription", "object_detection"), ("speech_transcription", "eye_tracking")),
        find=speaker_on_screen,
    ),
    Check(reads=(("speech_transcription", "audio_environment"),), find=words_and_voice),
)
