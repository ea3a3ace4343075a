"""What was measured of one finding, a line a fact, for whoever looks closer than its bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reelscribe.report.described import marks_of, parts_of
from reelscribe.report.found import Found
from reelscribe.report.page.known import stated
from reelscribe.report.page.telling import CLASSES_TOLD, channel, compared, shares, subject
from reelscribe.report.page.words import Words
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import BodySide
from services.common.time import seconds


def details(found: Found, words: Words) -> tuple[str, ...]:
    """What was measured, one line a fact; then who it is about, and who says so how surely."""
    tell = DETAILS.get(found.shape)
    lines = list(tell(found.finding, words)) if tell else []
    if found.finding.evidence_ids:
        lines.append(words.say("detail.evidence", count=len(found.finding.evidence_ids)))
    who = subject(found.finding, words)
    source = words.label(found.analyzer)
    if found.finding.HasField("confidence"):
        source = f"{source} · {words.say('detail.confidence', value=words.percent(found.finding.confidence))}"
    return (*lines, *([who] if who else []), source)


def _camera(finding: Finding, words: Words) -> list[str]:
    move = finding.camera
    return [
        words.say("detail.pan_tilt", pan=words.number(move.pan_per_s, 3), tilt=words.number(move.tilt_per_s, 3)),
        words.say("detail.zoom_roll", zoom=words.number(move.zoom_per_s, 3), roll=words.number(move.roll_deg_per_s, 1)),
        words.say("detail.shake", value=words.number(move.shake, 4)),
    ]


def _shot_scale(finding: Finding, words: Words) -> list[str]:
    scale = finding.shot_scale
    lines = []
    if scale.HasField("face_height"):
        lines.append(words.say("detail.face_height", share=words.percent(scale.face_height)))
    if scale.HasField("body_height"):
        lines.append(words.say("detail.body_height", share=words.percent(scale.body_height)))
    return lines


def _quality(finding: Finding, words: Words) -> list[str]:
    quality = finding.quality
    lines = [
        words.say(
            "detail.sharpness_noise", sharpness=words.number(quality.sharpness, 2), noise=words.number(quality.noise, 1)
        ),
        words.say("detail.brightness_contrast", brightness=round(quality.brightness), contrast=round(quality.contrast)),
    ]
    if quality.HasField("brisque"):
        lines.append(f"BRISQUE {words.number(quality.brisque)}")
    return lines


def _composition(finding: Finding, words: Words) -> list[str]:
    shape = finding.composition
    lines = [words.say("detail.symmetry", value=words.number(shape.symmetry, 2))]
    if shape.HasField("headroom"):
        lines.append(words.say("detail.headroom", share=words.percent(shape.headroom)))
    return lines


def _product(finding: Finding, words: Words) -> list[str]:
    product = finding.product
    visible = words.length(seconds(product.visible_duration))
    lines = [
        words.label(product.category),
        words.say("detail.visible", length=visible, share=words.percent(product.screen_share)),
    ]
    return lines + ([words.quoted(" / ".join(product.texts))] if product.texts else [])


def _body(finding: Finding, words: Words) -> list[str]:
    return [words.say("detail.frames", count=finding.body.frame_count)]


def _gesture(finding: Finding, words: Words) -> list[str]:
    side = BodySide.Name(finding.gesture.side).removeprefix("BODY_SIDE_").lower()
    lines = [words.say(f"detail.side.{side}")] if side != "unspecified" else []
    if finding.gesture.HasField("frequency_hz"):
        lines.append(f"{words.number(finding.gesture.frequency_hz, 1)} Hz")
    return lines


def _effect(finding: Finding, words: Words) -> list[str]:
    effect = finding.effect
    match effect.WhichOneof("evidence"):
        case "layout" if effect.layout.surround:
            return [words.say("detail.bars", surround=words.label(effect.layout.surround))]
        case "speed":
            return [words.say("detail.repeats", value=effect.speed.repeats_per_frame)]
        case "zoom":
            return [words.say("detail.scale", value=words.number(effect.zoom.scale, 2))]
        case "freeze":
            return [words.say("detail.frames", count=effect.freeze.frame_count)]
    return []


def _text(finding: Finding, words: Words) -> list[str]:
    code = finding.text.language_code
    return [words.label(finding.label) + (f" ({words.label(code)})" if code else "")]


def _description(finding: Finding, words: Words) -> list[str]:
    described = finding.description
    lines = [f"{words.say(f'fact.{part}')}: {told}" for part, told in parts_of(described)]
    lines += description_marks(finding, words)
    if described.frame_count:
        lines.append(words.say("detail.frames", count=described.frame_count))
    if described.HasField("mean_token_probability"):
        lines.append(words.say("detail.token_probability", value=words.percent(described.mean_token_probability)))
    return lines


def description_marks(finding: Finding, words: Words) -> list[str]:
    """What limits a description, a sentence each."""
    at = words.at(seconds(finding.description.repeated_offset))
    return [words.say(f"described.{mark}", at=at) for mark in marks_of(finding.description)]


def _transition(finding: Finding, words: Words) -> list[str]:
    return [words.say("detail.frame", number=int(finding.transition.frame_index))]


def _cross_check(finding: Finding, words: Words) -> list[str]:
    check = finding.cross_check
    lines = [text for text in compared(finding, words) if text]
    return lines + (
        [words.say("detail.overlap", share=words.percent(check.overlap))] if check.HasField("overlap") else []
    )


def _sound_event(finding: Finding, words: Words) -> list[str]:
    event = finding.sound_event
    rise_db = stated(event, "rise_db")
    lines = [] if rise_db is None else [words.say("detail.rise", value=rise_db)]
    return lines + [words.label(name) for name in event.alternatives[:CLASSES_TOLD]]


def _pause(finding: Finding, words: Words) -> list[str]:
    return [words.quoted(f"{finding.pause.word_before or '…'} ▮ {finding.pause.word_after or '…'}")]


def _emphasis(finding: Finding, words: Words) -> list[str]:
    emphasis = finding.emphasis
    told = [f"{words.number(emphasis.level_db, 1)} dB"]
    if (ratio := stated(emphasis, "length_ratio")) is not None:
        told.append(words.say("detail.length_ratio", value=ratio))
    if emphasis.HasField("pitch_semitones"):
        told.insert(0, words.say("detail.semitones", value=emphasis.pitch_semitones))
    return [" · ".join(told)]


def _speech_rate(finding: Finding, words: Words) -> list[str]:
    told = (
        ("detail.word_count", "count", stated(finding.speech_rate, "word_count")),
        ("detail.syllables", "value", stated(finding.speech_rate, "syllables_per_s")),
        ("detail.articulation", "value", stated(finding.speech_rate, "articulation_per_s")),
    )
    return [words.say(key, **{name: value}) for key, name, value in told if value is not None]


def _vocal_effort(finding: Finding, words: Words) -> list[str]:
    effort = finding.vocal_effort
    told = [f"{words.number(effort.level_db, 1)} dB"]
    if effort.HasField("pitch_semitones"):
        told.append(words.say("detail.semitones", value=effort.pitch_semitones))
    return [" · ".join(told)]


def _distribution(finding: Finding, words: Words) -> list[str]:
    return [shares(zip(finding.distribution.names, finding.distribution.shares, strict=False), words)]


def _pitch(finding: Finding, words: Words) -> list[str]:
    pitch = finding.pitch
    return [
        words.say("detail.pitch", median=round(pitch.median_hz), low=round(pitch.low_hz), high=round(pitch.high_hz))
    ]


DETAILS: Mapping[str, Callable[[Finding, Words], Iterable[str]]] = {
    "camera": _camera,
    "shot_scale": _shot_scale,
    "quality": _quality,
    "composition": _composition,
    "product": _product,
    "body": _body,
    "gesture": _gesture,
    "effect": _effect,
    "text": _text,
    "transition": _transition,
    "description": _description,
    "cross_check": _cross_check,
    "sound_event": _sound_event,
    "pause": _pause,
    "emphasis": _emphasis,
    "speech_rate": _speech_rate,
    "vocal_effort": _vocal_effort,
    "distribution": _distribution,
    "pitch": _pitch,
    "age": lambda finding, words: [words.say("detail.frames", count=finding.age.sample_count)],
    "activity": lambda finding, words: [
        words.say("detail.speed", value=words.number(finding.activity.median_speed, 2))
    ],
    "phase": lambda finding, words: [
        words.say("detail.pace", share=words.percent(finding.phase.mean_pace)),
        words.listed([words.label(reason) for reason in finding.phase.reasons]),
    ],
    "call_to_action": lambda finding, words: [words.label(f"channel_{channel(finding.call_to_action.channel)}")],
    "comment_reply": lambda finding, words: [
        text for text in (finding.comment_reply.author, finding.comment_reply.content) if text
    ],
}
