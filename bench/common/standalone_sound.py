"""Tools for sound that a person would otherwise use: FFmpeg's loudness meter, librosa's beat tracker."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.common.standalone import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a loudness meter says of a whole file."""

    integrated_lufs: float
    loudness_range_lu: float
    true_peak_dbtp: float


class LoudnessByFfmpeg(Tool):
    """The filter ebur128, which the ffmpeg command uses too."""

    job = "loudness"
    replaces = "audio_analysis"
    library = "av"

    def load(self, threads: int | None) -> str:
        return f"FFmpeg's ebur128 in PyAV {version('av')}, peak=true"

    def run(self, path: Path) -> Measured:
        import math

        import av

        told: dict[str, str] = {}
        with av.open(str(path)) as container:
            graph = _meter(container.streams.audio[0])
            for frame in container.decode(audio=0):
                graph.push(frame)
                _read(graph, told)
            graph.push(None)
            _read(graph, told)
        peaks = [float(value) for key, value in told.items() if key.startswith("lavfi.r128.true_peaks_ch")]
        return Measured(
            integrated_lufs=float(told["lavfi.r128.I"]),
            loudness_range_lu=float(told["lavfi.r128.LRA"]),
            true_peak_dbtp=20 * math.log10(max(peaks)),
        )


class TempoByLibrosa(Tool):
    """Beats a minute, as librosa's own introduction shows it."""

    job = "tempo"
    replaces = "audio_analysis"
    library = "librosa"

    def load(self, threads: int | None) -> str:
        return f"librosa {version('librosa')} beat_track, default settings"

    def run(self, path: Path) -> float:
        import librosa
        import numpy as np

        samples, rate_hz = librosa.load(path)
        tempo, _ = librosa.beat.beat_track(y=samples, sr=rate_hz)
        return float(np.atleast_1d(tempo)[0])


def _meter(stream: Any) -> Any:
    import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(template=stream)
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    return graph


def _read(graph: Any, told: dict[str, str]) -> None:
    """Each frame carries what was measured up to it."""
    import av

    while True:
        try:
            told.update(graph.pull().metadata)
        except (av.error.BlockingIOError, av.error.EOFError):
            return
