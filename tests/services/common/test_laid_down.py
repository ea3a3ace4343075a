from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reelscribe.v1.media_pb2 import FrameFormat, MediaReference, Rendition, SampleFormat, Window, WindowMedia
from services.common.errors import InvalidInput, MediaLost
from services.common.laid_down import AnnouncedWindow
from services.common.media import MediaReader, MediaStore
from services.common.time import span
from services.common.window import Frames, Samples

SMALL = Rendition(rendition_id="frames-8", frames=FrameFormat(width_px=8, height_px=4))
SLOW = Rendition(rendition_id="frames-16", frames=FrameFormat(width_px=16, height_px=8, rate_hz=5.0))
SOUND = Rendition(rendition_id="samples-100-2", samples=SampleFormat(sample_rate_hz=100, channel_count=2))


def refuse(reference: MediaReference) -> np.ndarray:
    raise MediaLost(reference.segment)


def frames(rendition: Rendition, pts_s: list[float], first_index: int = 0) -> WindowMedia:
    shape = (len(pts_s), rendition.frames.height_px, rendition.frames.width_px, 3)
    rgb = np.broadcast_to(np.arange(len(pts_s), dtype=np.uint8).reshape(-1, 1, 1, 1), shape)
    return WindowMedia(
        rendition_id=rendition.rendition_id,
        frame_offset_s=pts_s,
        frame_index=range(first_index, first_index + len(pts_s)),
        data=rgb.tobytes(),
    )


def window(*media: WindowMedia, renditions: tuple[Rendition, ...] = (SMALL, SLOW, SOUND)) -> AnnouncedWindow:
    return AnnouncedWindow(Window(index=2, span=span(1.0, 2.0), media=media), renditions, refuse)


def ten() -> list[float]:
    return [1.0 + k / 10 for k in range(10)]


def test_every_frame_is_served_with_its_time_and_index():
    here = window(frames(SMALL, ten(), first_index=10))
    need = Frames(rate_hz=None, long_side_px=8)
    batch = here.batch(need)
    assert batch.rgb.shape == (10, 4, 8, 3)
    assert batch.pts_s.tolist() == ten()
    assert batch.index.tolist() == list(range(10, 20))
    assert here.count(need) == 10


def test_a_slower_reader_gets_the_frames_on_screen_at_its_moments():
    need = Frames(rate_hz=2.0, long_side_px=8)
    here = window(frames(SMALL, ten(), first_index=10))
    batch = here.batch(need)
    assert batch.index.tolist() == [10, 15]
    assert batch.rgb[:, 0, 0, 0].tolist() == [0, 5]
    assert here.count(need) == len(batch) == 2


def test_pixels_cannot_be_written_to():
    here = window(frames(SMALL, ten()))
    for need in (Frames(rate_hz=None, long_side_px=8), Frames(rate_hz=2.0, long_side_px=8)):
        with pytest.raises(ValueError, match="read-only"):
            here.batch(need).rgb[0] = 1


def test_a_rendition_the_window_lacks_is_an_empty_batch():
    here = window(frames(SMALL, ten()))
    slow, sound = Frames(rate_hz=5.0, long_side_px=16), Samples(sample_rate_hz=100, channel_count=2)
    assert here.batch(slow).rgb.shape == (0, 8, 16, 3)
    assert here.batch(sound).samples.shape == (0, 2)
    assert here.count(slow) == here.count(sound) == 0


def test_a_window_may_have_no_frame_of_a_slow_rendition():
    here = window(frames(SMALL, ten()), frames(SLOW, []))
    batch = here.batch(Frames(rate_hz=5.0, long_side_px=16))
    assert (batch.rgb.shape, len(batch)) == ((0, 8, 16, 3), 0)


def test_a_need_that_no_rendition_serves_is_an_error():
    with pytest.raises(LookupError):
        window(frames(SMALL, ten()), renditions=(SMALL,)).count(Samples(sample_rate_hz=16000))


def test_sound_has_its_channels_and_its_start():
    samples = np.arange(200, dtype=np.float32).reshape(100, 2) / 200
    here = window(WindowMedia(rendition_id="samples-100-2", sample_count=100, data=samples.tobytes()))
    need = Samples(sample_rate_hz=100, channel_count=2)
    batch = here.batch(need)
    assert np.array_equal(batch.samples, samples)
    assert (batch.sample_rate_hz, batch.start_s) == (100, 1.0)
    assert here.count(need) == 100


@pytest.mark.parametrize(
    "media",
    [
        WindowMedia(rendition_id="frames-8", frame_offset_s=[1.0], frame_index=[0], data=b"short"),
        WindowMedia(rendition_id="frames-8", frame_offset_s=[1.0, 1.1], frame_index=[0], data=bytes(192)),
        WindowMedia(rendition_id="samples-100-2", sample_count=3, data=bytes(23)),
        WindowMedia(rendition_id="samples-100-2", sample_count=-1, data=b""),
        WindowMedia(rendition_id="frames-640", frame_offset_s=[1.0], frame_index=[0], data=bytes(96)),
    ],
)
def test_bytes_that_do_not_fit_their_format_are_refused(media: WindowMedia):
    with pytest.raises(InvalidInput):
        window(media)


def test_media_outlives_its_segment(tmp_path: Path):
    """Mapped when it is announced: the gateway may unlink it while an analyzer still looks."""
    pixels = np.arange(96, dtype=np.uint8)
    with MediaStore(tmp_path, 10_000) as store:
        (reference,) = store.write("a", [pixels])
        media = WindowMedia(rendition_id="frames-8", frame_offset_s=[1.0], frame_index=[0], reference=reference)
        here = AnnouncedWindow(Window(span=span(1, 2), media=[media]), [SMALL], MediaReader(tmp_path).open)
        store.release(reference.segment)
    assert np.array_equal(here.batch(Frames(rate_hz=None, long_side_px=8)).rgb.reshape(-1), pixels)
