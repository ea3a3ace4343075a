from __future__ import annotations

from pathlib import Path

import av
import pytest

from bench.common.clips import length_of, lengthened, made


@pytest.mark.parametrize("length_s", [1.0, 5.0])
def test_a_clip_is_repeated_or_cut_without_being_encoded_again(tmp_path: Path, length_s: float):
    source = made(tmp_path / "source.mp4", 2.0)
    copy = lengthened(source, tmp_path / "copy.mp4", length_s)
    assert length_of(copy) == pytest.approx(length_s, abs=0.25)
    with av.open(str(copy)) as container:
        times = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    assert times == sorted(times)
    assert len(times) == pytest.approx(10 * length_s, abs=3)
