"""visual_effects on real shots to which effects were added, beside FFmpeg's detectors of frozen and black pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.common.edited import Added, edited
from bench.common.mixed import PIECES, RATE_HZ, pieces, write
from bench.common.scores import Found
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

NAME = "visual_effects"
SEEDS = (1, 2, 3, 4)
SLACK_FRAMES = 1

BARRED = "moviepy_chaplin.mp4"
"""Has black bars of its own."""

FREEZE_FILTER = ("freezedetect", "n=-60dB:d=0.25", "lavfi.freezedetect.freeze_start", "lavfi.freezedetect.freeze_end")
"""Its own noise level; the length of 2 s lowered to what is looked for here."""

BLACK_FILTER = ("blackdetect", "d=0.04", "lavfi.black_start", "lavfi.black_end")
"""Its own levels; the length of 2 s lowered to a frame."""

NO_EFFECTS = (
    "androidx_sample_shorter_audio.mp4",
    "grid_id2_vcd_swwp2s.mpg",
    "intel_asl_thanks.mkv",
    "intel_one-by-one-person-detection.mp4",
    "mdn_friday.mp4",
    "mediabunny_cursed-vfr.mp4",
    "psd_testvideo.mp4",
)
"""Clips as they were recorded or cut, looked at; fades and cuts do not count as effects."""

Spans = Sequence[tuple[str, int, int]]
"""(label, first frame, first frame after)."""


async def judge(material: Material) -> list[Judgement]:
    """One figure for all effects, one for each that a filter of FFmpeg can find too, and false ones in real clips."""
    if material.media is None:
        return [unmeasured(NAME, "added effects, F1", "no test data")]
    shots = zip(PIECES, pieces(material.media / "video"), strict=True)
    parts = [part for (name, _), part in shots if name != BARRED][: 4 if material.tiny else None]
    total, by_kind, filtered = Found(right=0, wrong=0, missed=0), dict[str, Found](), dict[str, Found]()
    for seed in SEEDS[: 1 if material.tiny else None]:
        target = material.folder / f"made: effects {seed}.mp4"
        frames, truth = edited(parts, seed)
        write(frames, target)
        found = [_frames_of(each) for each in await material.findings(target, NAME)]
        total += matched_by_label(truth, found)
        for label in sorted({each.label for each in truth}):
            _count(by_kind, label, truth, found, label)
        frozen = [("freeze_frame", *span) for span in spans_by(FREEZE_FILTER, target)]
        _count(filtered, "freeze", truth, frozen, "freeze_frame")
        _count(by_kind, "dip", [each for each in truth if each.kind == "dip"], _of("dip", truth, found), "flash")
        black = [("flash", *span) for span in spans_by(BLACK_FILTER, target)]
        _count(filtered, "dip", [each for each in truth if each.kind == "dip"], black, "flash")
    return [
        _judgement("added effects, frame and label right", total, None, "no such tool", by_kind),
        _judgement("freezes among them", by_kind.get("freeze_frame"), filtered["freeze"], _tool(FREEZE_FILTER)),
        _judgement("dips to black among them", by_kind.get("dip"), filtered["dip"], _tool(BLACK_FILTER)),
        *([] if material.tiny else [await _false_ones(material)]),
    ]


def _frames_of(finding: Finding) -> tuple[str, int, int]:
    start_s, end_s = span_s(finding.span)
    return finding.label, round(start_s * RATE_HZ), round(end_s * RATE_HZ)


def matched_by_label(truth: Sequence[Added], found: Spans) -> Found:
    """An effect is right if label, first and last frame are, up to SLACK_FRAMES; each counts once."""
    open_, right, wrong = list(truth), 0, 0
    for label, first, after in found:
        hits = [
            each
            for each in open_
            if each.label == label and max(abs(each.first - first), abs(each.after - after)) <= SLACK_FRAMES
        ]
        if hits:
            open_.remove(hits[0])
            right += 1
        else:
            wrong += 1
    return Found(right=right, wrong=wrong, missed=len(open_))


def spans_by(kind: tuple[str, str, str, str], path: Path) -> list[tuple[int, int]]:
    """Spans of frames that one of FFmpeg's detectors reports in the metadata it hangs on frames."""
    import av
    from av.filter import Graph

    name, options, start_key, end_key = kind
    starts: list[float] = []
    ends: list[float] = []

    def read(frame: av.VideoFrame) -> None:
        starts.extend(float(frame.metadata[key]) for key in (start_key,) if key in frame.metadata)
        ends.extend(float(frame.metadata[key]) for key in (end_key,) if key in frame.metadata)

    with av.open(str(path)) as container:
        stream, graph = container.streams.video[0], Graph()
        graph.link_nodes(graph.add_buffer(template=stream), graph.add(name, options), graph.add("buffersink"))
        graph.configure()
        for frame in container.decode(stream):
            graph.push(frame)
            read(graph.pull())
        length_s = float(stream.frames / RATE_HZ)
    ends += [length_s] * (len(starts) - len(ends))
    return [(round(a * RATE_HZ), round(b * RATE_HZ)) for a, b in zip(starts, ends, strict=False)]


def _of(kind: str, truth: Sequence[Added], found: Spans) -> Spans:
    """Flashes found where none was added count for either kind; those of the other kind for neither."""
    others = [each for each in truth if each.label == "flash" and each.kind != kind]
    return [each for each in found if each[0] == "flash" and not any(abs(each[1] - o.first) <= 1 for o in others)]


def _count(scores: dict[str, Found], key: str, truth: Sequence[Added], found: Spans, label: str) -> None:
    of_label = matched_by_label([t for t in truth if t.label == label], [f for f in found if f[0] == label])
    scores[key] = scores.get(key, Found(right=0, wrong=0, missed=0)) + of_label


def _tool(kind: tuple[str, str, str, str]) -> str:
    import av

    return f"FFmpeg's {kind[0]} {kind[1]}, PyAV {av.__version__}"


def _judgement(
    measure: str, ours: Found | None, other: Found | None, tool: str, by_kind: dict[str, Found] | None = None
) -> Judgement:
    ours = ours or Found(right=0, wrong=0, missed=0)
    each = ", ".join(f"{name} {f.right}/{f.right + f.missed}" for name, f in (by_kind or {}).items() if name != "dip")
    return Judgement(
        analyzer=NAME,
        measure=f"{measure}, F1 within {SLACK_FRAMES} frame",
        ours=f"{ours}" + (f"; found: {each}" if each else ""),
        ours_value=ours.f1,
        standalone=str(other) if other else UNMEASURED,
        standalone_value=other.f1 if other else None,
        tool=tool,
        clips=f"made: {len(SEEDS)} of 11 real shots each",
    )


async def _false_ones(material: Material) -> Judgement:
    assert material.media is not None
    found = [label for clip in NO_EFFECTS for label in await _labels(material, material.media / "video" / clip)]
    return Judgement(
        analyzer=NAME,
        measure="effects told of clips without any",
        ours=f"{len(found)} in {len(NO_EFFECTS)} clips" + (f" ({', '.join(found)})" if found else ""),
        ours_value=float(len(found)),
        standalone=UNMEASURED,
        tool="no such tool",
        clips=", ".join(NO_EFFECTS),
    )


async def _labels(material: Material, path: Path) -> list[str]:
    return [each.label for each in await material.findings(path, NAME)]
