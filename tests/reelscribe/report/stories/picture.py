"""How it is filmed and what stands on it: cuts, camera, effects, colours, places, texts."""

from __future__ import annotations

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.finding_pb2 import Box, Finding, TextKind
from services.common.time import duration, span
from tests.reelscribe.report.stories.length import LENGTH_S


def cut(at_s: float) -> Finding:
    kind = of.TransitionKind.TRANSITION_KIND_HARD_CUT
    change = of.Transition(kind=kind, frame_index=round(30 * at_s), detector_probability=0.98)
    return Finding(span=span(at_s, at_s + 1 / 30), label="hard_cut", confidence=0.98, transition=change)


def cuts() -> list[Finding]:
    shots = [
        Finding(span=span(4 * number, 4 * number + 4), label="shot", shot=of.Shot(index=number)) for number in range(3)
    ]
    pacing = of.Pacing(
        cuts_per_minute=10,
        median_shot_duration=duration(4),
        shortest_shot_duration=duration(4),
        longest_shot_duration=duration(4),
    )
    return [*shots, cut(4), cut(8), Finding(span=span(0, LENGTH_S), label="pacing", pacing=pacing)]


def scenes() -> list[Finding]:
    return [
        Finding(
            span=span(start_s, end_s),
            label="scene",
            scene=of.Scene(index=index, representative_offset=duration(start_s + 1)),
        )
        for index, start_s, end_s in ((0, 0, 8), (1, 8, 12))
    ]


def camera() -> list[Finding]:
    move = of.CameraMove(pan_per_s=0.2, zoom_per_s=1.0, inlier_share=0.8)
    scale = of.ShotScale(basis=of.ShotScaleBasis.SHOT_SCALE_BASIS_FACE, face_height=0.3, frame_count=8)
    return [
        Finding(span=span(0, 4), label="pan_right", camera=move),
        Finding(span=span(4, 12), label="static", camera=of.CameraMove(zoom_per_s=1.0)),
        Finding(span=span(0, 4), label="medium_close_up", shot_scale=scale),
    ]


def effects() -> list[Finding]:
    zoom = of.VisualEffect(zoom=of.ZoomPunch(scale=1.3))
    bars = of.VisualEffect(layout=of.Layout(surround="blurred", boxes=[Box(left=0, top=0.2, right=1, bottom=0.8)]))
    return [
        Finding(span=span(5, 5.1), label="zoom_punch", effect=zoom),
        Finding(span=span(8, 12), label="letterbox", effect=bars),
    ]


def texts() -> list[Finding]:
    return [
        text("3 TIPPS", 0, 4, TextKind.TEXT_KIND_TITLE),
        text("drei schnelle tipps", 0.4, 2, TextKind.TEXT_KIND_CAPTION),
        text("folge mir für mehr", 9, 10.5, TextKind.TEXT_KIND_CAPTION),
        text("BREW", 0, 4, TextKind.TEXT_KIND_SCENE),
    ]


def text(content: str, start_s: float, end_s: float, kind: int) -> Finding:
    label = {TextKind.TEXT_KIND_CAPTION: "caption", TextKind.TEXT_KIND_TITLE: "title"}.get(kind, "scene_text")
    text = of.Text(content=content, kind=kind, box=Box(left=0.1, top=0.8, right=0.9, bottom=0.88))
    return Finding(span=span(start_s, end_s), label=label, confidence=0.99, text=text)


def regions() -> list[Finding]:
    kitchen = of.RegionShares(regions=[of.Region(name="person", share=0.4), of.Region(name="unlabelled", share=0.6)])
    return [
        Finding(span=span(0, 12), label="setting", regions=kitchen),
        Finding(span=span(0, 8), label="indoor", regions=of.RegionShares(regions=[of.Region(name="wall", share=0.4)])),
    ]


def composition() -> Finding:
    shape = of.Composition(basis=of.SubjectBasis.SUBJECT_BASIS_FACE, symmetry=0.6, headroom=0.1, frame_count=8)
    return Finding(span=span(0, 4), label="centred", composition=shape)


def colors() -> list[Finding]:
    swatches = [
        of.Swatch(name="brown", red=101, green=62, blue=36, share=0.55),
        of.Swatch(name="beige", red=222, green=196, blue=160, share=0.35),
        of.Swatch(name="dark_green", red=20, green=70, blue=35, share=0.1),
    ]
    profile = of.ColorProfile(swatches=swatches, lightness=48, chroma=22, saturation=0.4)
    return [
        Finding(span=span(0, 12), label="overall", color=profile),
        Finding(span=span(0, 4), label="palette", color=profile),
        Finding(span=span(4, 8), label="palette", color=profile),
    ]


def quality() -> Finding:
    quality = of.PictureQuality(sharpness=0.3, noise=1.2, brightness=120, contrast=55, brisque=31, frame_count=24)
    return Finding(span=span(0, 12), label="overall", quality=quality)
