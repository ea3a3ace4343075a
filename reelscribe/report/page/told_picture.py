"""The sections about what is seen: cuts, gestures, faces, background, picture."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.report.found import Found
from reelscribe.report.page.known import Known
from reelscribe.report.page.line import Line, counted, counted_labels, lengths
from reelscribe.report.page.measured import details
from reelscribe.report.page.telling import subject, title
from reelscribe.report.page.words import Words
from services.common.time import seconds

GESTURES_TOLD = 12
TEXTS_TOLD = 12
"""So many are told in words; all of them stand in the lanes."""


def cuts(known: Known, words: Words) -> Iterator[Line]:
    """How many of which kind, how fast, how long the shots are."""
    changes, shots = known.of("transition"), known.of("shot")
    if changes:
        kinds: dict[str, list[Found]] = {}
        for found in changes:
            kinds.setdefault(found.label, []).append(found)
        for label, of_kind in kinds.items():
            times = words.listed([words.at(found.start_s, 2) for found in of_kind], most=12)
            yield Line(
                text=words.say("cuts.changes", kind=counted(words.label(label), len(of_kind)), times=times),
                at_s=of_kind[0].start_s,
            )
    elif known.looked("cut_analysis"):
        yield Line(text=words.say("cuts.none"))
    for found in known.of("pacing") if changes else ():
        pacing = found.finding.pacing
        yield Line(
            text=words.say(
                "cuts.pacing",
                rate=pacing.cuts_per_minute,
                median=words.length(seconds(pacing.median_shot_duration)),
                shortest=words.length(seconds(pacing.shortest_shot_duration)),
                longest=words.length(seconds(pacing.longest_shot_duration)),
            )
        )
    if shots:
        yield Line(text=words.say("cuts.shots", count=len(shots)))


def gestures(known: Known, words: Words) -> Iterator[Line]:
    """Hands and arms first, then how bodies are held and how much they move."""
    found = known.of("gesture")
    for each in found[:GESTURES_TOLD]:
        who = subject(each.finding, words)
        text = f"{title(each, words)}, {words.length(each.length_s)}" + (f" ({who})" if who else "")
        yield Line(text=text, at_s=each.start_s)
    if len(found) > GESTURES_TOLD:
        yield Line(text=words.say("gestures.more", count=len(found) - GESTURES_TOLD), tone="quiet")
    if not found and known.looked("body_pose"):
        yield Line(text=words.say("gestures.none"))
    if bodies := known.of("body"):
        yield Line(text=words.say("gestures.posture", lengths=lengths(bodies, words)))
    if moves := known.of("activity"):
        yield Line(text=words.say("gestures.activity", lengths=lengths(moves, words)))


def faces(known: Known, words: Words) -> Iterator[Line]:
    """Gaze as a share of the time in which it could be told; what the numbers are worth."""
    looks = known.of("gaze_direction")
    if looks:
        yield Line(text=words.say("faces.gaze", lengths=lengths(looks, words)), at_s=looks[0].start_s)
    eye_events = [found for found in known.all if found.label in ("blink", "eyes_closed")]
    if eye_events:
        yield Line(text=words.say("faces.blinks", blinks=counted_labels(eye_events, words)))
    small_s = sum(found.length_s for found in known.all if found.label == "eyes_too_small")
    if small_s:
        yield Line(text=words.say("faces.small", length=words.length(small_s)), tone="quiet")
    if known.of("age") or any(found.analyzer == "face_emotion" for found in known.of("distribution")):
        yield Line(text=words.say("faces.estimates"), tone="quiet")


def background(known: Known, words: Words) -> Iterator[Line]:
    """Scenes, what fills the picture, where it seems to be."""
    scenes = known.of("scene")
    if scenes:
        count = len({found.finding.scene.index for found in scenes})
        starts = words.listed([f"{title(found, words)} ({words.at(found.start_s)})" for found in scenes], most=10)
        yield Line(text=words.say("background.scenes", count=count, starts=starts))
    for found in known.of("regions"):
        if found.label in ("indoor", "outdoor", "setting_change"):
            yield Line(text=f"{words.label(found.label)}: {title(found, words)}", at_s=found.start_s)
    filled, unlabelled = _filled(known)
    if filled:
        told = [f"{words.label(name)} {words.percent(share)}" for name, share in filled]
        yield Line(text=words.say("background.filled", shares=words.listed(told)))
    if unlabelled >= 0.5:
        yield Line(text=words.say("background.unlabelled", share=words.percent(unlabelled)), tone="quiet")


def _filled(known: Known) -> tuple[list[tuple[str, float]], float]:
    """Mean shares over the stretches that were measured, and the share without a name."""
    stretches = [found for found in known.of("regions") if found.label == "setting"]
    total_s = sum(found.length_s for found in stretches) or 1.0
    shares: dict[str, float] = {}
    for found in stretches:
        for region in found.finding.regions.regions:
            shares[region.name] = shares.get(region.name, 0.0) + region.share * found.length_s / total_s
    unlabelled = shares.pop("unlabelled", 0.0)
    return sorted(shares.items(), key=lambda item: -item[1]), unlabelled


def visual(known: Known, words: Words) -> Iterator[Line]:
    """Things, camera, effects, composition, quality; colours and texts are shown, not told."""
    if known.persons:
        yield Line(text=words.say("visual.persons", count=len(known.persons)), at_s=known.persons[0].start_s)
    if known.things:
        yield Line(text=words.say("visual.things", things=counted_labels(known.things, words, most=12)))
    elif known.looked("object_detection"):
        yield Line(text=words.say("visual.no_things"))
    yield from _products(known, words)
    if moves := known.of("camera"):
        yield Line(text=words.say("visual.camera", lengths=lengths(moves, words)))
    if scales := known.of("shot_scale"):
        yield Line(text=words.say("visual.scales", scales=counted_labels(scales, words)))
    for found in known.of("effect")[:8]:
        text = words.say("visual.effect", effect=title(found, words), length=words.length(found.length_s))
        yield Line(text=text, at_s=found.start_s)
    if placed := known.of("composition"):
        yield Line(text=words.say("visual.composition", placed=counted_labels(placed, words)))
    measured = max(known.of("quality"), key=lambda found: found.length_s, default=None)
    if measured is not None:
        yield Line(text=words.say("visual.quality", facts="; ".join(details(measured, words)[:-1])))


def _products(known: Known, words: Words) -> Iterator[Line]:
    products = sorted(known.of("product"), key=lambda found: -found.finding.product.screen_share)
    for found in products[:5]:
        visible = words.length(seconds(found.finding.product.visible_duration))
        share = words.percent(found.finding.product.screen_share)
        text = words.say("visual.product", name=title(found, words), length=visible, share=share)
        if found.finding.product.texts:
            text += " " + words.say("visual.read", text=words.quoted(" / ".join(found.finding.product.texts)))
        yield Line(text=text, at_s=found.start_s)
