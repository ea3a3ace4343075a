"""The page's sections in the order people read them, each with its sentences and with what is missing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reelscribe.report.page import told_picture, told_sound, told_story
from reelscribe.report.page.known import Known
from reelscribe.report.page.ledger import Gap, gaps
from reelscribe.report.page.line import Line
from reelscribe.report.page.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is told of one theme."""

    key: str
    title: str
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionKind:
    """How a section is told, and the analyzers it draws on: where one is missing the section says so."""

    key: str
    tell: Callable[[Known, Words], Iterable[Line]]
    sources: tuple[str, ...] = ()


def _nothing(_known: Known, _words: Words) -> Iterable[Line]:
    return ()


KINDS = (
    SectionKind(key="summary", tell=told_story.summary),
    SectionKind(key="hook", tell=told_story.hook, sources=("temporal_flow",)),
    SectionKind(
        key="audio",
        tell=told_sound.audio,
        sources=("speech_transcription", "audio_analysis", "audio_environment", "sound_effects"),
    ),
    SectionKind(key="flow", tell=told_sound.flow, sources=("speech_rate", "speech_flow", "speech_emotion")),
    SectionKind(key="cuts", tell=told_picture.cuts, sources=("cut_analysis",)),
    SectionKind(key="gestures", tell=told_picture.gestures, sources=("body_pose",)),
    SectionKind(key="faces", tell=told_picture.faces, sources=("eye_tracking", "age_estimation", "face_emotion")),
    SectionKind(
        key="background", tell=told_picture.background, sources=("background_segmentation", "scene_segmentation")
    ),
    SectionKind(
        key="visual",
        tell=told_picture.visual,
        sources=(
            "object_detection",
            "product_detection",
            "text_overlay",
            "camera_analysis",
            "color_analysis",
            "content_quality",
            "composition_analysis",
            "visual_effects",
        ),
    ),
    SectionKind(key="fives", tell=_nothing, sources=("qwen2_vl_temporal",)),
    SectionKind(
        key="interaction",
        tell=told_story.interaction,
        sources=("comment_cta_detection", "cross_analyzer_intelligence"),
    ),
    SectionKind(key="conclusion", tell=told_story.conclusion),
)


def sections(known: Known, words: Words) -> tuple[Section, ...]:
    """All of them, also those with nothing but gaps."""
    return tuple(
        Section(
            key=kind.key,
            title=words.say(f"section.{kind.key}"),
            lines=tuple(kind.tell(known, words)),
            gaps=gaps(known.report, kind.sources),
        )
        for kind in KINDS
    )
