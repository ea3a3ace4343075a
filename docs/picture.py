"""Draws a report as one picture for the README: a keyframe per shot, and what was found on a lane per analyzer.

python docs/picture.py CLIP REPORT.json OUT.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont

from reelscribe.report.json import from_json
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span_s

WIDTH_PX, MARGIN_PX, LABEL_PX, LANE_PX = 1600, 32, 210, 34
STRIP_PX = 400
INK, PAPER, FAINT = (28, 32, 40), (250, 250, 248), (214, 217, 222)
COLORS = {
    "cut_analysis": (214, 92, 60),
    "object_detection": (60, 120, 200),
    "text_overlay": (44, 150, 110),
    "color_analysis": (150, 150, 150),
    "speech_transcription": (130, 84, 180),
    "audio_environment": (196, 150, 40),
}
ROWS_COUNT = {"text_overlay": 3, "object_detection": 4, "audio_environment": 1}
"""Lanes that hold several things at a time get more rows; what finds no room there is left out of the picture."""


class Page:
    """The picture while it is drawn."""

    def __init__(self, duration_s: float, rows_count: int) -> None:
        height = MARGIN_PX * 3 + STRIP_PX + rows_count * LANE_PX + 20
        self.image = Image.new("RGB", (WIDTH_PX, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.font = ImageFont.load_default(17)
        self._px_per_s = (WIDTH_PX - 2 * MARGIN_PX - LABEL_PX) / duration_s

    def x(self, time_s: float) -> float:
        return MARGIN_PX + LABEL_PX + time_s * self._px_per_s

    def bar(self, top: float, span: tuple[float, float], color: tuple[int, int, int], label: str) -> None:
        left, right = self.x(span[0]), max(self.x(span[1]) - 2, self.x(span[0]) + 3)
        self.draw.rounded_rectangle((left, top + 3, right, top + LANE_PX - 4), 4, fill=color)
        while label and self.draw.textlength(label, self.font) > right - left - 10:
            label = label[:-1]
        if len(label) > 2:
            self.draw.text((left + 6, top + 6), label, fill="white", font=self.font)


def keyframes(clip: Path, times_s: list[float]) -> list[Image.Image]:
    """The frame on screen at each time, in order."""
    frames: list[Image.Image] = []
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            while len(frames) < len(times_s) and frame.time >= times_s[len(frames)]:
                frames.append(frame.to_image())
    return frames


def shots_of(report: Report) -> list[tuple[float, float]]:
    """Start and end of each shot, in order."""
    return [
        span_s(finding.span)
        for result in report.results
        if result.analyzer == "cut_analysis"
        for finding in result.findings
        if finding.label == "shot"
    ]


def label_of(finding: Finding) -> str:
    """What is written on a finding's bar."""
    if finding.WhichOneof("shape") == "text":
        return finding.text.content.replace("\n", " / ")
    return "" if finding.label in ("hard_cut", "palette", "overall", "pacing") else finding.label.replace("_", " ")


def draw_lane(page: Page, top: float, result: AnalyzerResult) -> float:
    """One analyzer's findings; returns where the next lane starts."""
    rows = [0.0] * ROWS_COUNT.get(result.analyzer, 1)
    page.draw.text((MARGIN_PX, top + 6), result.analyzer, fill=INK, font=page.font)
    for finding in result.findings:
        start_s, end_s = span_s(finding.span)
        if finding.label in ("overall", "pacing", "hard_cut"):
            continue
        row = next((number for number, free_s in enumerate(rows) if free_s <= start_s + 0.05), None)
        if row is None:
            continue
        rows[row] = end_s
        color = COLORS.get(result.analyzer, INK)
        if finding.WhichOneof("shape") == "color":
            draw_palette(page, top, finding)
        else:
            page.bar(top + row * LANE_PX, (start_s, end_s), color, label_of(finding))
    bottom = top + len(rows) * LANE_PX
    page.draw.line((MARGIN_PX, bottom + 1, WIDTH_PX - MARGIN_PX, bottom + 1), fill=FAINT)
    return bottom + 2


def draw_palette(page: Page, top: float, finding: Finding) -> None:
    """The colours of a stretch, each as wide as its share."""
    start_s, end_s = span_s(finding.span)
    for swatch in finding.color.swatches:
        stop_s = min(end_s, start_s + swatch.share * (span_s(finding.span)[1] - span_s(finding.span)[0]))
        box = (page.x(start_s), top + 3, page.x(stop_s), top + LANE_PX - 4)
        page.draw.rectangle(box, fill=(swatch.red, swatch.green, swatch.blue))
        start_s = stop_s


def draw_strip(page: Page, clip: Path, report: Report) -> None:
    """A frame from the middle of each shot, boxes of what was detected on it."""
    shots = shots_of(report)
    middles = [start_s + 0.62 * (end_s - start_s) for start_s, end_s in shots]
    tracks = [finding for result in report.results for finding in result.findings if finding.HasField("track")]
    width = (WIDTH_PX - 2 * MARGIN_PX - 12 * (len(shots) - 1)) / len(shots)
    for number, (time_s, frame) in enumerate(zip(middles, keyframes(clip, middles), strict=True)):
        draw = ImageDraw.Draw(frame)
        for track in tracks:
            draw_box(draw, frame.size, track, time_s)
        scale = min(width / frame.width, STRIP_PX / frame.height)
        small = frame.resize((round(frame.width * scale), round(frame.height * scale)))
        page.image.paste(small, (round(MARGIN_PX + number * (width + 12)), MARGIN_PX))


def draw_box(draw: ImageDraw.ImageDraw, size: tuple[int, int], finding: Finding, time_s: float) -> None:
    """The box of a track at a time, if it was seen then."""
    near = [item for item in finding.track.boxes if abs(seconds(item.offset) - time_s) <= 0.11]
    if not near:
        return
    box = near[0].box
    edges = (box.left * size[0], box.top * size[1], box.right * size[0], box.bottom * size[1])
    draw.rectangle(edges, outline=COLORS["object_detection"], width=7)
    text = f"{finding.label.replace('_', ' ')} {finding.confidence:.2f}"
    font = ImageFont.load_default(34)
    draw.rectangle(
        (edges[0], edges[1], edges[0] + draw.textlength(text, font) + 16, edges[1] + 46),
        fill=COLORS["object_detection"],
    )
    draw.text((edges[0] + 8, edges[1] + 4), text, fill="white", font=font)


def main(clip: str, report_file: str, out: str) -> None:
    """Draw and save."""
    report = from_json(Path(report_file).read_text())
    lanes = [result for result in report.results if result.status in (Status.STATUS_OK, Status.STATUS_PARTIAL)]
    duration_s = seconds(report.video.duration)
    page = Page(duration_s, sum(ROWS_COUNT.get(result.analyzer, 1) for result in lanes))
    draw_strip(page, Path(clip), report)
    top = MARGIN_PX * 2 + STRIP_PX - 8.0
    for second in range(0, int(duration_s) + 1, 2):
        page.draw.text((page.x(second), top - 16), f"{second} s", fill=INK, font=ImageFont.load_default(14))
        page.draw.line((page.x(second), top + 4, page.x(second), page.image.height - MARGIN_PX), fill=FAINT)
    top += 6
    for result in lanes:
        top = draw_lane(page, top, result)
    page.image.crop((0, 0, WIDTH_PX, round(top) + MARGIN_PX // 2)).quantize(192).save(out, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
