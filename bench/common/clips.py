"""The clips benchmarks run on: the German composite, else the demo clip, else a made one; longer and shorter copies."""

from __future__ import annotations

import os
from pathlib import Path

COMPOSITE = Path("media/video/derived/vertical_de_composite.mp4")
LOOP_GAP_S = 0.02
"""Between two rounds of a repeated clip: the last frame of each stream has ended by then."""


def test_data() -> Path | None:
    """The folder of real clips with ground truth (REELSCRIBE_TEST_DATA, default: `shared` beside the project)."""
    root = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("REELSCRIBE_TEST_DATA", root.parent / "shared"))
    return folder if (folder / "media").is_dir() else None


def composite() -> Path | None:
    """The vertical German clip of 24.8 s, its truth beside it; None without test data."""
    folder = test_data()
    file = folder / COMPOSITE if folder else None
    return file if file and file.is_file() else None


def clip(folder: Path, *, chosen: Path | None = None, tiny: bool = False, tiny_s: float = 2.0) -> Path:
    """The clip to measure on: the chosen one, the composite, or the demo clip made into `folder`.

    Tiny: its first seconds; without test data a made clip, so that a script can be checked on any machine.
    """
    source = chosen or composite()
    if tiny:
        return lengthened(source, folder / "tiny.mp4", tiny_s) if source else made(folder / "made.mp4", tiny_s)
    if source is not None:
        return source
    from reelscribe.demo.clip import make_demo

    return make_demo(folder).video


def lengthened(source: Path, target: Path, length_s: float) -> Path:
    """A copy of `length_s`: the packets of `source` again and again, or its first ones; nothing is encoded anew."""
    import av

    period_s = length_of(source) + LOOP_GAP_S
    with av.open(str(source)) as template, av.open(str(target), "w") as output:
        kept = [each for each in template.streams if each.type in ("video", "audio")]
        streams = {each.index: output.add_stream_from_template(each) for each in kept}
        start_s = 0.0
        while start_s < length_s:
            with av.open(str(source)) as again:
                for packet in again.demux([again.streams[index] for index in streams]):
                    if packet.dts is None or start_s + packet.dts * packet.time_base >= length_s:
                        continue
                    shift = round(start_s / packet.time_base)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = streams[packet.stream.index]
                    output.mux(packet)
            start_s += period_s
    return target


def made(target: Path, length_s: float) -> Path:
    """A small clip with a new picture ten times a second and a click every second."""
    from tests.clips import Pictures, Sound, clicks, every, write_clip

    sound = Sound(blocks=[(0.0, clicks([0.5 + k for k in range(int(length_s))], length_s))], codec="aac")
    return write_clip(target, Pictures(times_s=every(10, length_s), rate_hz=10), sound)


def length_of(path: Path) -> float:
    """Until the end of the longest stream, as the header says."""
    import av

    with av.open(str(path)) as container:
        return float(container.duration / av.time_base)
