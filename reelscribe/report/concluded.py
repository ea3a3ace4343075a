"""What insights concluded, in few words: pure functions over findings, in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reelscribe.report.clock import clock
from reelscribe.report.found import shaped
from reelscribe.report.sparkline import sparkline
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CallChannel, CrossCheck, PacingCurve, Verdict
from services.common.time import span_s

CHANNELS = {
    CallChannel.CALL_CHANNEL_SPEECH: "said",
    CallChannel.CALL_CHANNEL_SCREEN: "written",
    CallChannel.CALL_CHANNEL_BOTH: "said and written",
}
VERDICTS = {
    Verdict.VERDICT_AGREES: "agree",
    Verdict.VERDICT_UNCONFIRMED: "unconfirmed",
    Verdict.VERDICT_CONTRADICTS: "contradict",
}
CURVE_WIDTH = 40
"""Characters a curve is drawn in, at most."""

SHORT_LENGTH = 60
"""Longer words are cut off: a line is to fit a terminal."""


def asked(findings: Sequence[Finding]) -> list[str]:
    """Each thing that is asked for, and each comment that is answered: "follow (0:16.0, said): “folg mir”"."""
    lines = []
    for each in findings:
        match each.WhichOneof("shape"):
            case "call_to_action":
                call = each.call_to_action
                how = CHANNELS.get(call.channel, "met")
                lines.append(f"{call.action} ({_at(each)}, {how}): “{short(call.phrase)}”")
            case "comment_reply":
                reply = each.comment_reply
                told = f" “{short(reply.content)}”" if reply.content else ""
                lines.append(f"answers a comment ({_at(each)}): {reply.author or 'somebody'}{told}")
    return lines


def story(findings: Sequence[Finding]) -> list[str]:
    """Phases in one line, the pacing curve in one, key moments in one."""
    lines = []
    phases = shaped(findings, "phase")
    if phases:
        lines.append(" · ".join(f"{_words(each.label)} {_at(each)}–{clock(span_s(each.span)[1])}" for each in phases))
    lines += [f"pace {drawn(each.pacing_curve)}  of {_listed(each)}" for each in shaped(findings, "pacing_curve")]
    moments = shaped(findings, "key_moment")
    if moments:
        told = (f"{_at(each)} ({', '.join(map(_words, each.key_moment.reasons))})" for each in moments)
        lines.append(f"moments {', '.join(told)}")
    return lines


def checks(findings: Sequence[Finding]) -> list[str]:
    """Contradictions and what is not confirmed one by one, in that order; last, what is no news, counted by topic."""
    crossed = shaped(findings, "cross_check")
    lines = [
        f"{_words(each.label)} {_verdict(each.cross_check)} ({_at(each)}): "
        f"“{short(each.cross_check.claim)}” – {short(each.cross_check.counterpart) or 'nothing'}"
        for verdict in (Verdict.VERDICT_CONTRADICTS, Verdict.VERDICT_UNCONFIRMED)
        for each in crossed
        if each.cross_check.verdict == verdict and not is_expected(each.cross_check)
    ]
    agreed = [each for each in crossed if each.cross_check.verdict == Verdict.VERDICT_AGREES]
    for title, group in (
        ("agree", agreed),
        ("unconfirmed", [each for each in crossed if is_expected(each.cross_check)]),
    ):
        if counts := Counter(each.label for each in group):
            lines.append(f"{title}: " + ", ".join(_counted(label, count) for label, count in counts.items()))
    return lines


def is_expected(check: CrossCheck) -> bool:
    """Nothing to wonder at: most titles are not said."""
    return check.topic == "title_and_speech" and check.verdict == Verdict.VERDICT_UNCONFIRMED


def drawn(curve: PacingCurve) -> str:
    """The curve as bars, as many as there are values or CURVE_WIDTH; a bar is the highest of its values."""
    return sparkline(curve.values, CURVE_WIDTH, low=0.0, high=1.0, fold=max)


def short(words: str) -> str:
    """The words in one line, cut off where they are too long."""
    plain = " ".join(words.split())
    return plain if len(plain) <= SHORT_LENGTH else f"{plain[: SHORT_LENGTH - 1].rstrip()}…"


def _listed(finding: Finding) -> str:
    return ", ".join(component.name for component in finding.pacing_curve.components)


def _verdict(check: CrossCheck) -> str:
    return VERDICTS.get(check.verdict, "compared")


def _at(finding: Finding) -> str:
    return clock(span_s(finding.span)[0])


def _counted(label: str, count: int) -> str:
    return _words(label) if count == 1 else f"{count} × {_words(label)}"


def _words(name: str) -> str:
    return name.replace("_", " ")
