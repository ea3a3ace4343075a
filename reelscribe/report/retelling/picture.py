"""How it is filmed and cut: changes of shot, sizes, camera, composition, scenes, settings, colours, effects."""

from __future__ import annotations

from collections.abc import Iterable

from reelscribe.report.found import Found, of
from reelscribe.report.page.words import Words
from reelscribe.report.retelling.told import Telling, Told, one_each, second_of
from reelscribe.v1.finding_pb2 import TransitionKind

NAMED = 3
"""Regions and colours named; the rest are small."""


def picture(telling: Telling) -> Iterable[Told]:
    """All of it. A shot's size, camera and colours are told where they begin, mostly with the shot."""
    words = telling.words
    yield from one_each(telling, "transition", "cut", lambda one: _transition(one, words))
    yield from one_each(telling, "shot", "shot", lambda one: _shot(one, words))
    yield from one_each(telling, "shot_scale", "scale", lambda one: words.label(one.finding.label))
    yield from one_each(telling, "camera", "camera", lambda one: words.say("camera", move=_label(one, words)))
    yield from one_each(
        telling, "composition", "composition", lambda one: words.say("composition", how=_label(one, words))
    )
    yield from one_each(telling, "scene", "scene", lambda one: words.say("scene", number=one.finding.scene.index + 1))
    yield from one_each(telling, "regions", "setting", lambda one: _setting(one, words))
    yield from one_each(telling, "effect", "effect", lambda one: _effect(one, words))
    yield from _colours(telling)


def _label(one: Found, words: Words) -> str:
    return words.label(one.finding.label)


def _transition(one: Found, words: Words) -> str:
    if one.finding.transition.kind == TransitionKind.TRANSITION_KIND_HARD_CUT:
        return words.say("cut", at=words.at(one.start_s, 2))
    return words.say("transition", name=_label(one, words), at=words.at(one.start_s), until=words.at(one.end_s))


def _shot(one: Found, words: Words) -> str:
    return words.say("shot", number=one.finding.shot.index + 1, length=words.length(one.end_s - one.start_s))


def _setting(one: Found, words: Words) -> str:
    """Only what the model has names for; "" where it has none. Persons are told of otherwise."""
    named = [region for region in one.finding.regions.regions if region.name not in ("unlabelled", "person")]
    told = [f"{words.label(region.name)} {words.percent(region.share)}" for region in named[:NAMED]]
    return words.say("setting", regions=", ".join(told)) if told else ""


def _effect(one: Found, words: Words) -> str:
    surround = one.finding.effect.layout.surround
    name = _label(one, words) + (f" ({words.label(surround)})" if surround else "")
    return words.say("effect", name=name, until=words.at(one.end_s))


def _colours(telling: Telling) -> Iterable[Told]:
    """At the start of every shot, the palette of the moment; none of the whole video. Without shots: at each start."""
    palettes = [one for one in of(telling.items, "color") if one.finding.label != "overall"]
    starts = [one.start_s for one in of(telling.items, "shot")] or [one.start_s for one in palettes]
    before = ""
    for start_s in starts:
        # The stretch that begins with the shot may begin a sampled frame later.
        after = [one for one in palettes if one.end_s > start_s + 0.5]
        if not after or after[0].start_s > start_s + 1.0:
            continue
        swatches = after[0].finding.color.swatches
        names = list(dict.fromkeys(telling.words.label(swatch.name) for swatch in swatches))[:NAMED]
        text = telling.words.say("colours", names=", ".join(names))
        if text != before:
            yield Told(second=second_of(start_s), rank="colours", text=text)
        before = text
