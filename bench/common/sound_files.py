"""Sound written to a file sample by sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def write_sound(path: Path, samples: npt.NDArray[np.float32], rate_hz: int) -> Path:
    """(n, channels) as float32, so that what lies beyond full scale is kept. Returns the path, a .wav."""
    import av

    layout = LAYOUTS[samples.shape[1]]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=rate_hz)
        stream.codec_context.layout = layout
        for first in range(0, len(samples), rate_hz):
            piece = np.ascontiguousarray(samples[first : first + rate_hz], np.float32)
            frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="flt", layout=layout)
            frame.sample_rate, frame.pts = rate_hz, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
