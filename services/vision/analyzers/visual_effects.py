"""Effects of editing: freezes, slow motion, flashes, new colours, punches, split screens, bars, insets, graphics."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import (
    Box,
    Finding,
    Flash,
    Freeze,
    GradeChange,
    Layout,
    SpeedChange,
    VisualEffect,
    ZoomPunch,
)
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Part, Window
from services.vision.effects.flash import Flashing
from services.vision.effects.freeze import FreezeFrame
from services.vision.effects.grade import Regrading
from services.vision.effects.layout_watch import LayoutStretch, LayoutWatch
from services.vision.effects.speed import SlowMotion
from services.vision.effects.sudden_watch import SuddenWatch, TimedEffect
from services.vision.percepts.shots import NEED, Shots


class VisualEffects(Analyzer):
    """Effects that pixels prove, each with what was measured; no confidence, as none is measured.

    Labels:

    - `freeze_frame`: at least 0.25 s and four frames of one picture in a shot that moves abruptly before or after. A
      shot, slide or clip that stands still throughout is no effect and is not reported.
    - `slow_motion`: a stretch of a shot repeats each frame more often than the rest of the shot, and things move from
      picture to picture as before. `repeats_per_frame` counts against the rest. A shot or clip with one cadence
      throughout was converted to another frame rate. Slow motion from a high-speed camera, or from interpolated or
      blended frames, cannot be known from pixels, nor can fast motion.
    - `flash`: everything gets brighter, or black, for at most 0.4 s, and back. A real flash looks the same.
    - `grade_change`: within three frames the same scene gets other colours, and keeps them. A light that is switched
      on may look the same. Spans the frames of the change, like a cut. Filters that fade in slowly are not found.
    - `zoom_punch`: within three frames the same content stands there 1.05 to 2.2 times as large, or as small;
      a jump cut to another scale is one too. Spans the frames of the jump. Slower zooms are the camera's.
    - `split_screen`: halves or thirds beside or above each other, a grid of them too; seams elsewhere are not found.
    - `picture_in_picture`: a rectangle with a picture of its own before one that moves as a whole; before a still
      camera a window or a screen of the scene looks the same.
    - `letterbox`, `pillarbox`: bars above and below, or left and right: plain, or a blurred copy of the picture.
    - `overlay_graphic`: a shaded graphic or photo fixed to the screen before a picture that moves as a whole. Flat
      signs of two tones are left out, as they cannot be told from writing, which `text_overlay` reads.

    A layout is reported when it is over; a split screen, inset or graphic of less than 1.5 s is not found.
    """

    name = "visual_effects"
    method = Method.METHOD_SIGNAL
    needs = NEED
    uses = (Shots,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        """Sudden effects come about a second after the frame, freezes as they end, slow motion with its shot."""
        sudden, layouts = SuddenWatch(), LayoutWatch()
        for window in windows:
            batch = window[NEED]
            yield from _own(part, map(_effect, sudden.take(batch, window.end_s, window[Shots])))
            yield from _own(part, map(_layout, layouts.take(batch, window.end_s)))
        yield from _own(part, map(_effect, sudden.finish()))
        yield from _own(part, map(_layout, layouts.finish()))


def _own(part: Part, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Without what ended in the lead-in: the part before has reported it."""
    own_start = span(part.own_start_s, part.own_start_s).start_offset.ToNanoseconds()
    return (each for each in findings if each.span.end_offset.ToNanoseconds() > own_start)


def _effect(timed: TimedEffect) -> Finding:
    effect = timed.effect
    if isinstance(effect, FreezeFrame):
        freeze = Freeze(frame_count=timed.frame_count, largest_difference=effect.largest_difference)
        label, evidence = "freeze_frame", VisualEffect(freeze=freeze)
    elif isinstance(effect, SlowMotion):
        speed = SpeedChange(repeats_per_frame=effect.repeats, frame_count=timed.frame_count)
        label, evidence = "slow_motion", VisualEffect(speed=speed)
    elif isinstance(effect, Flashing):
        flash = Flash(brightness_change=effect.brightness_change, frame_count=timed.frame_count)
        label, evidence = "flash", VisualEffect(flash=flash)
    elif isinstance(effect, Regrading):
        label, evidence = "grade_change", VisualEffect(grade=_grade(effect))
    else:
        label, evidence = "zoom_punch", VisualEffect(zoom=ZoomPunch(scale=effect.scale))
    return Finding(span=span(timed.start_s, timed.end_s), label=label, effect=evidence)


def _grade(effect: Regrading) -> GradeChange:
    return GradeChange(
        delta_e=effect.delta_e, chroma_change=effect.chroma_change, lightness_change=effect.lightness_change
    )


def _layout(stretch: LayoutStretch) -> Finding:
    layout = stretch.layout
    boxes = [Box(left=left, top=top, right=right, bottom=bottom) for left, top, right, bottom in layout.boxes]
    return Finding(
        span=span(stretch.start_s, stretch.end_s),
        label=layout.label,
        effect=VisualEffect(layout=Layout(boxes=boxes, surround=layout.surround)),
    )
