"""How often text is read: every offered frame, against those that the change gate lets through, at equal recall.

Ungated, the same reader is given two frames of every second; gated, text_overlay runs on its whole road. Calls are
counted, no time is taken. On static overlays one caption stands over moving footage; the composite changes its
captions every two seconds, and each change must be read.

    python -m bench ocr_gate
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common import clips
from bench.common.captioned import LANDSCAPE, PORTRAIT, Caption, burned, face_file, footage
from bench.common.machine import use_cores
from bench.common.mixed import RATE_HZ, Clip, write
from bench.common.runs import analyzed, embedded_here, loaded
from bench.common.scores import character_error
from bench.common.sheet import Row, Sheet, options
from bench.common.standalone import frames_at
from services.common.device import Device, limit_threads

NAME = "text_overlay"
OFFERED_RATE_HZ = 2.0
READ_CER = 0.1
GOAL = 4.0

FACE = "DejaVuSans-Bold"
OVERLAY = "Übung macht den Meister"

OVERLAID: tuple[tuple[str, float, float, tuple[int, int]], ...] = (
    ("intel_one-by-one-person-detection.mp4", 22.7, 38.7, PORTRAIT),
    ("moviepy_chaplin.mp4", 0.1, 9.3, PORTRAIT),
    ("intel_car-detection.mp4", 3.0, 11.0, LANDSCAPE),
)
"""Footage under the overlay: people who walk in and act, and a car; long enough that the first reads do not decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One clip, read both ways."""

    path: Path
    truth: Sequence[str]
    ungated_count: int
    ungated_right: int
    gated_count: int
    gated_right: int


def main() -> int:
    """Count, print, write."""
    arguments = options(__doc__.splitlines()[0], repeat=1).parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    from services.common.logs import set_up_logs

    set_up_logs("console", "error")
    sheet = Sheet(benchmark="ocr_gate", title="frames read, ungated and gated", tiny=arguments.tiny)
    with tempfile.TemporaryDirectory() as folder:
        static, composite = _material(Path(folder), tiny=arguments.tiny)
        counted = asyncio.run(_counted([*static, *composite], core_count))
    _fill(sheet, counted[: len(static)], counted[len(static) :])
    sheet.write(arguments.out)
    return 0


def _material(folder: Path, *, tiny: bool) -> tuple[list[tuple[Path, list[str]]], list[tuple[Path, list[str]]]]:
    """Clips with what is written in them: static overlays, and the composite. Without test data a made clip."""
    data = clips.test_data()
    if face_file(FACE) is None:
        raise RuntimeError("no matplotlib, whose faces the overlay is set in")
    if data is None or tiny:
        still = clips.made(folder / "made.mp4", 2.0)
        return [_overlaid(folder, footage(still, 0.0, 40, PORTRAIT), 0)], []
    video = data / "media" / "video"
    static = [
        _overlaid(folder, footage(video / name, start_s, int((end_s - start_s) * RATE_HZ), shape), number)
        for number, (name, start_s, end_s, shape) in enumerate(OVERLAID)
    ]
    composite = clips.composite()
    if composite is None:
        return static, []
    told = json.loads(composite.with_suffix(".groundtruth.json").read_text())
    return static, [(composite, [each["text"] for each in [*told["burned_captions"], told["title_text"]]])]


def _overlaid(folder: Path, frames: Clip, number: int) -> tuple[Path, list[str]]:
    caption = Caption(content=OVERLAY, first=0, after=len(frames), face=FACE, size_px=32, style="outline", middle=0.75)
    path = folder / f"overlay {number + 1}.mp4"
    write(burned(frames, [caption]), path)
    return path, [OVERLAY]


async def _counted(material: Sequence[tuple[Path, list[str]]], core_count: int) -> list[Counted]:
    from services.vision.texts.readers.rapidocr import RapidOcrReader

    reader = RapidOcrReader(Device(core_count=core_count))
    counted = []
    async with embedded_here(core_count, [NAME]) as analyst:
        if not await loaded(analyst, [NAME]):
            raise RuntimeError(f"{NAME} cannot be run here")
        for path, truth in material:
            (result,) = (await analyzed(analyst, path, [NAME])).report.results
            told = [finding.text.content for finding in result.findings if finding.HasField("text")]
            frames = [reader.read(bgr[:, :, ::-1]) for _, bgr in frames_at(path, OFFERED_RATE_HZ)]
            read = [text for lines in frames for text in _texts([line.content for line in lines])]
            counted.append(
                Counted(
                    path=path,
                    truth=truth,
                    ungated_count=len(frames),
                    ungated_right=_right(truth, read),
                    gated_count=result.coverage.processed_count,
                    gated_right=_right(truth, told),
                )
            )
    return counted


def _texts(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a frame, and all that follow one another joined: a caption may stand on several."""
    for first in range(len(lines)):
        for after in range(first + 1, min(first + 4, len(lines) + 1)):
            yield " ".join(lines[first:after])


def _right(truth: Sequence[str], read: Sequence[str]) -> int:
    return sum(min((character_error(true, each) for each in read), default=1.0) <= READ_CER for true in truth)


def _fill(sheet: Sheet, static: Sequence[Counted], composite: Sequence[Counted]) -> None:
    sheet.conditions |= {
        "ungated": f"RapidOCR with our settings on {OFFERED_RATE_HZ:g} frames of every second",
        "gated": "text_overlay, embedded, default settings",
        "static overlay": f"{OVERLAY!r} from the first frame to the last",
        "recall": f"texts read with at most {READ_CER:.0%} character error",
    }
    sheet.table("Calls of the reader", [_row(each) for each in [*static, *composite]])
    ungated, gated = sum(each.ungated_count for each in static), sum(each.gated_count for each in static)
    right, wanted = sum(each.gated_right for each in static), sum(each.ungated_right for each in static)
    sheet.goal("calls ungated / gated, static overlays", ungated / max(1, gated), ">=", GOAL)
    sheet.goal("texts read gated / ungated, static overlays", right / max(1, wanted), ">=", 1.0)
    for each in composite:
        sheet.goal("texts read gated / ungated, composite", each.gated_right / max(1, each.ungated_right), ">=", 1.0)


def _row(each: Counted) -> Row:
    return {
        "clip": each.path.name,
        "calls ungated": each.ungated_count,
        "calls gated": each.gated_count,
        "ungated / gated": each.ungated_count / max(1, each.gated_count),
        "recall ungated": f"{each.ungated_right} of {len(each.truth)}",
        "recall gated": f"{each.gated_right} of {len(each.truth)}",
    }


if __name__ == "__main__":
    raise SystemExit(main())
