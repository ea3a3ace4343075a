"""The retelling: a head, a line for every second, and at the end how complete it can be and why not more."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from reelscribe.report.account import shared_lacks
from reelscribe.report.clock import clock
from reelscribe.report.found import found, of
from reelscribe.report.page.words import Words, flat, words_of
from reelscribe.report.retelling.picture import picture
from reelscribe.report.retelling.sound import sound
from reelscribe.report.retelling.story import story
from reelscribe.report.retelling.things import STATES, things
from reelscribe.report.retelling.told import RANKS, UNTOLD, Maker, Telling, Told, by_second, start_of
from reelscribe.v1.analysis_pb2 import Report, ShortfallCause
from services.common.time import seconds

TOLD = frozenset(
    {"transition", "shot", "shot_scale", "camera", "composition", "scene", "regions", "effect", "color", "track", "box",
     *STATES, "text", "emphasis", "pause", "vocal_effort", "sound_event", "sound_span", "scores", "tempo", "key",
     "loudness", "description", "product", "phase", "key_moment", "call_to_action", "comment_reply", "cross_check"}
)  # fmt: skip
"""Shapes that a maker of lines knows."""


def others(telling: Telling) -> Iterable[Told]:
    """Shapes that nobody here knows, by their label: a later kind of evidence is better named than left out."""
    unknown = [one for one in telling.items if one.shape and one.shape not in TOLD | UNTOLD]
    for second, group in by_second(unknown, start_of).items():
        for name in dict.fromkeys(telling.words.label(one.finding.label) for one in group):
            yield Told(second=second, rank="also", text=name)


MAKERS: tuple[Maker, ...] = (picture, things, sound, story, others)

POINTS = {"evidence": 40, "kinds": 40, "description": 20}
"""What completeness gives for each of its parts."""


def retell(report: Report, language: str = "en") -> str:
    """The whole text. What goes on is not said again: a second in which nothing begins says so.

    Raises InvalidInput for a language that is not spoken.
    """
    words = _words(language)
    head = _head(report, words)
    lines = second_lines(report, language)
    return "\n".join([head, "", *lines, "", *_completeness(report, words)]) + "\n"


def second_lines(report: Report, language: str = "en") -> tuple[str, ...]:
    """One line for every second of the video, the last one begun included: "0:05  hard cut at 0:05.97; shot 2"."""
    words = _words(language)
    length_s = seconds(report.video.duration)
    telling = Telling(items=found(report), words=words, length_s=length_s)
    told = [one for maker in MAKERS for one in maker(telling)]
    count = max(1, math.ceil(length_s - 1e-6), 1 + max((one.second for one in told), default=0))
    width = len(clock(count - 1, 0))
    return tuple(
        f"{clock(second, 0):>{width}}  {_line([one for one in told if one.second == second], words)}"
        for second in range(count)
    )


def _line(told: Iterable[Told], words: Words) -> str:
    ordered = sorted(told, key=lambda one: RANKS.index(one.rank))
    return "; ".join(one.text for one in ordered) or words.say("nothing")


def _head(report: Report, words: Words) -> str:
    video = report.video
    facts = [words.length(seconds(video.duration))]
    if video.HasField("video_stream"):
        facts.append(f"{video.video_stream.width_px}×{video.video_stream.height_px}")
    facts.append(words.say("sound_there" if video.HasField("audio_stream") else "sound_absent"))
    facts += [
        words.say("loudness", value=one.finding.loudness.integrated_lufs)
        for one in of(found(report), "loudness")
        if one.finding.loudness.HasField("integrated_lufs")
    ]
    return f"{video.name}: {', '.join(facts)}"


def _completeness(report: Report, words: Words) -> Iterator[str]:
    """The score, what each part of it lost, of what kind evidence is missing and why, and who did not look."""
    score = report.completeness
    yield words.say("complete", score=words.percent(score.score))
    shares = {
        "evidence": score.evidence_share,
        "kinds": score.kinds_score,
        "description": score.description_share,
    }
    for part, share in shares.items():
        lost = (1 - share) * POINTS[part]
        if lost >= 0.05:
            yield "  " + words.say(f"lost.{part}", points=lost, share=words.percent(1 - share))
    for shortfall in score.shortfalls:
        cause = ShortfallCause.Name(shortfall.cause).removeprefix("SHORTFALL_CAUSE_").lower()
        kind = words.say(f"kind.{shortfall.kind}")
        yield "  " + words.say(f"missing.{cause}", kind=kind, count=shortfall.missing_second_count)
    for lack in shared_lacks(report):
        fix = f" → {lack.fix}" if lack.fix else ""
        names = ", ".join(words.label(name) for name in lack.analyzers)
        yield "  " + words.say("not_looked", analyzers=names, why=words.reason(lack.code, lack.message)) + fix


@lru_cache
def _words(language: str) -> Words:
    """The labels and phrases that all of the report shares, and over them the retelling's own."""
    shared = words_of(language)
    table = tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language=language, phrases={**shared.phrases, **dict(flat(table))}, labels=shared.labels)
