"""The sections that draw the threads together: summary, hook, interaction signals, conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reelscribe.report.account import lacks
from reelscribe.report.found import Found
from reelscribe.report.page.known import Known
from reelscribe.report.page.line import Line, counted_labels, excerpt
from reelscribe.report.page.telling import channel, title, verdict
from reelscribe.report.page.words import Words
from reelscribe.v1.analysis_pb2 import Shortfall, ShortfallCause
from reelscribe.v1.finding_pb2 import TextKind
from services.common.time import span_s

SHORTFALLS_TOLD = 3
"""Of what lowers completeness, what lowers it most."""

HOOK_S = 3.0
"""In which a viewer decides to stay; the convention of those who cut such videos."""


def summary(known: Known, words: Words) -> Iterator[Line]:
    """What it is, and one sentence each for what is said, written, seen, heard, described and asked."""
    yield Line(text=_format(known, words))
    if known.speech:
        codes = dict.fromkeys(found.finding.text.language_code for found in known.speech)
        said = excerpt(" ".join(found.finding.text.content for found in known.speech))
        languages = words.listed([words.label(code) for code in codes if code])
        key = "summary.said_in" if languages else "summary.said"
        yield Line(text=words.say(key, languages=languages, said=said), at_s=known.speech[0].start_s)
    elif known.looked("speech_transcription"):
        yield Line(text=words.say("audio.no_speech"))
    if known.written:
        texts = dict.fromkeys(" ".join(found.finding.text.content.split()) for found in _titles_first(known.written))
        told = words.listed([words.quoted(excerpt(text, 60)) for text in texts], most=4)
        yield Line(text=words.say("summary.written", texts=told), at_s=known.written[0].start_s)
    elif known.looked("text_overlay"):
        yield Line(text=words.say("summary.nothing_written"))
    seen = known.of("track", "box")
    if seen:
        yield Line(text=words.say("summary.seen", things=counted_labels(seen, words)))
    heard = dict.fromkeys(found.label for found in known.of("scores", "sound_event"))
    if heard:
        yield Line(text=words.say("summary.heard", sounds=words.listed([words.label(label) for label in heard])))
    new = [found for found in known.of("description") if not found.finding.description.repeated]
    for found in new[:2]:
        yield Line(
            text=words.say("summary.described", text=excerpt(found.finding.description.content)), at_s=found.start_s
        )
    calls = known.of("call_to_action")
    if calls:
        yield Line(text=words.say("summary.asks", calls=words.listed([title(found, words) for found in calls], most=3)))


def _titles_first(written: Sequence[Found]) -> list[Found]:
    """Captions repeat what is said, so what stands on its own comes before them."""
    return sorted(written, key=lambda found: found.finding.text.kind == TextKind.TEXT_KIND_CAPTION)


def _format(known: Known, words: Words) -> str:
    video = known.report.video
    length = words.length(known.duration_s)
    if not video.HasField("video_stream"):
        return words.say("summary.sound_only", length=length)
    stream = video.video_stream
    shape = "vertical" if stream.height_px > stream.width_px else "horizontal"
    shape = "square" if stream.height_px == stream.width_px else shape
    shots = len(known.of("shot"))
    told = words.say(f"summary.{shape}", length=length, width=str(stream.width_px), height=str(stream.height_px))
    told += " " + words.say("summary.shots", count=shots) if shots else ""
    return told if video.HasField("audio_stream") else f"{told} {words.say('audio.no_stream')}"


def hook(known: Known, words: Words) -> Iterator[Line]:
    """What a viewer meets in the first three seconds."""
    end_s = min(HOOK_S, known.duration_s) or HOOK_S
    for found in known.within(0, end_s, "phase"):
        if found.label == "hook":
            reasons = words.listed([words.label(reason) for reason in found.finding.phase.reasons])
            yield Line(text=words.say("hook.phase", pace=words.percent(found.finding.phase.mean_pace), reasons=reasons))
    yield from _hook_words(known, words, end_s)
    if seen := known.within(0, end_s, "track", "box"):
        yield Line(text=words.say("hook.seen", things=counted_labels(seen, words)))
    if heard := dict.fromkeys(found.label for found in known.within(0, end_s, "scores", "sound_event")):
        yield Line(text=words.say("hook.heard", sounds=words.listed([words.label(label) for label in heard])))
    changes = [found for found in known.of("transition") if found.start_s < end_s]
    if changes:
        yield Line(text=words.say("hook.cuts", count=len(changes)), at_s=changes[0].start_s)
    elif known.looked("cut_analysis"):
        yield Line(text=words.say("hook.no_cuts"))
    for found in known.within(0, end_s, "description")[:3]:
        yield Line(text=excerpt(found.finding.description.content), at_s=found.start_s)


def _hook_words(known: Known, words: Words, end_s: float) -> Iterator[Line]:
    said = said_within(known, 0, end_s)
    if said:
        yield Line(text=words.say("hook.said", said=said), at_s=known.speech[0].start_s)
    elif known.speech:
        yield Line(
            text=words.say("hook.said_later", at=words.at(known.speech[0].start_s)), at_s=known.speech[0].start_s
        )
    written = [found for found in known.written if found.start_s < end_s]
    if written:
        told = words.listed([words.quoted(excerpt(found.finding.text.content, 60)) for found in written], most=4)
        yield Line(text=words.say("hook.written", texts=told), at_s=written[0].start_s)
    elif known.written:
        yield Line(text=words.say("hook.written_later", at=words.at(known.written[0].start_s)))


def said_within(known: Known, start_s: float, end_s: float) -> str:
    """The words whose middle lies in the stretch; of speech without timed words, all that touches it."""
    told: list[str] = []
    for found in known.speech:
        timed = [word for word in found.finding.text.words if word.HasField("span")]
        if timed:
            told += [word.content for word in timed if start_s <= sum(span_s(word.span)) / 2 < end_s]
        elif found.touches(start_s, end_s):
            told.append(found.finding.text.content)
    return " ".join(" ".join(told).split())


def interaction(known: Known, words: Words) -> Iterator[Line]:
    """What the viewer is asked to do, comments that are answered; checks are shown, not told."""
    calls, replies = known.of("call_to_action"), known.of("comment_reply")
    for found in calls:
        where = words.label(f"channel_{channel(found.finding.call_to_action.channel)}")
        yield Line(text=f"{title(found, words)} ({where})", at_s=found.start_s)
    for found in replies:
        reply = found.finding.comment_reply
        author = reply.author or words.say("interaction.somebody")
        yield Line(
            text=words.say("interaction.reply", author=author, content=excerpt(reply.content or reply.phrase)),
            at_s=found.start_s,
        )
    if not calls and not replies and known.looked("comment_cta_detection"):
        yield Line(text=words.say("interaction.none"))
    checks = known.of("cross_check")
    if checks:
        counts = {
            name: sum(verdict(found.finding.cross_check.verdict) == name for found in checks)
            for name in ("agrees", "contradicts", "unconfirmed")
        }
        yield Line(text=words.say("interaction.checks", **counts))


def _shortfall(shortfall: Shortfall, words: Words) -> str:
    cause = ShortfallCause.Name(shortfall.cause).removeprefix("SHORTFALL_CAUSE_").lower()
    kind = words.say(f"kind.{shortfall.kind}")
    return words.say(f"shortfall.{cause}", kind=kind, count=shortfall.missing_second_count)


def conclusion(known: Known, words: Words) -> Iterator[Line]:
    """How it is built, where it peaks, how far the account can be trusted."""
    phases = known.of("phase")
    if phases:
        told = [f"{words.label(found.label)} {words.within(found.start_s, found.end_s)}" for found in phases]
        yield Line(text=words.say("conclusion.phases", phases=words.listed(told, most=8)))
    for found in known.of("key_moment")[:5]:
        yield Line(text=words.say("conclusion.moment", reasons=title(found, words)), at_s=found.start_s)
    completeness = known.report.completeness
    yield Line(
        text=words.say(
            "conclusion.completeness",
            score=words.percent(completeness.score),
            evidence=words.percent(completeness.evidence_share),
            described=words.percent(completeness.description_share),
        )
    )
    if completeness.shortfalls:
        missing = words.listed([_shortfall(each, words) for each in completeness.shortfalls], most=SHORTFALLS_TOLD)
        yield Line(text=words.say("conclusion.shortfalls", told=missing))
    contradictions = [
        found for found in known.of("cross_check") if verdict(found.finding.cross_check.verdict) == "contradicts"
    ]
    if contradictions:
        topics = words.listed([words.label(found.finding.cross_check.topic) for found in contradictions])
        yield Line(text=words.say("conclusion.contradictions", count=len(contradictions), topics=topics))
    lacking = lacks(known.report)
    if lacking:
        names = words.listed([words.label(lack.analyzer) for lack in lacking], most=10)
        yield Line(text=words.say("conclusion.lacking", names=names), tone="quiet")
    else:
        yield Line(text=words.say("conclusion.all_looked"), tone="quiet")
