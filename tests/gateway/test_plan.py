import pytest

from gateway.plan import plan, scaled_size
from reelscribe.v1.media_pb2 import AudioStream, Rendition, Video, VideoStream
from services.common.renditions import serve
from services.common.window import Frames, Samples


def video(width: int = 1080, height: int = 1920) -> Video:
    return Video(
        video_stream=VideoStream(width_px=width, height_px=height),
        audio_stream=AudioStream(sample_rate_hz=44100, channel_count=2),
    )


def described(renditions: tuple[Rendition, ...]) -> dict[str, tuple[int, int, float | None]]:
    return {
        each.rendition_id: (
            each.frames.width_px,
            each.frames.height_px,
            each.frames.rate_hz if each.frames.HasField("rate_hz") else None,
        )
        for each in renditions
        if each.HasField("frames")
    }


def test_needs_of_one_size_share_a_rendition_at_the_highest_rate():
    needs = [Frames(rate_hz=2.0, long_side_px=640), Frames(rate_hz=15.0, long_side_px=512)]
    assert described(plan(needs, video())) == {"frames-640": (360, 640, 15.0)}


def test_every_frame_wins_over_any_rate():
    needs = [Frames(rate_hz=120.0, long_side_px=256), Frames(rate_hz=None, long_side_px=224)]
    assert described(plan(needs, video())) == {"frames-256": (144, 256, None)}


def test_the_default_set_of_a_phone_clip():
    needs = [
        Frames(rate_hz=None, long_side_px=256),
        Frames(rate_hz=15.0, long_side_px=640),
        Frames(rate_hz=2.0, long_side_px=1280),
        Samples(sample_rate_hz=16000),
    ]
    renditions = plan(needs, video())
    assert [each.rendition_id for each in renditions] == ["frames-256", "frames-640", "frames-1280", "samples-16000-1"]
    assert described(renditions)["frames-1280"] == (720, 1280, 2.0)


@pytest.mark.parametrize("long_side_px", [None, 1920, 4000])
def test_more_than_the_largest_size_is_the_native_one(long_side_px):
    assert described(plan([Frames(rate_hz=1.0, long_side_px=long_side_px)], video())) == {
        "frames-native": (1080, 1920, 1.0)
    }


def test_nothing_is_enlarged_and_equal_sizes_are_one_rendition():
    needs = [
        Frames(rate_hz=5.0, long_side_px=640),
        Frames(rate_hz=2.0, long_side_px=1280),
        Frames(rate_hz=7.0, long_side_px=None),
        Frames(rate_hz=None, long_side_px=256),
    ]
    assert described(plan(needs, video(640, 480))) == {"frames-256": (256, 192, None), "frames-640": (640, 480, 7.0)}
    assert described(plan(needs, video(200, 100))) == {"frames-256": (200, 100, None)}


def test_the_aspect_is_kept_down_to_a_line():
    assert scaled_size(1920, 1080, 256) == (256, 144)
    assert scaled_size(4000, 3, 256) == (256, 1)
    assert scaled_size(100, 100, None) == (100, 100)


def test_each_rate_and_channel_count_of_sound_is_laid_down_once():
    needs = [
        Samples(sample_rate_hz=16000),
        Samples(sample_rate_hz=48000, channel_count=2),
        Samples(sample_rate_hz=16000),
    ]
    assert [each.rendition_id for each in plan(needs, video())] == ["samples-16000-1", "samples-48000-2"]


@pytest.mark.parametrize(
    ("stored", "asked", "laid_down"),
    [
        ((8000, 1), (48000, 6), "samples-native-8000-1"),
        ((44100, 2), (48000, 6), "samples-native-44100-2"),
        ((96000, 2), (48000, 6), "samples-native-48000-2"),
        ((48000, 6), (48000, 6), "samples-native-48000-6"),
        ((48000, 4), (48000, 6), "samples-native-48000-6"),
        ((48000, 6), (48000, 2), "samples-native-48000-2"),
        ((0, 0), (48000, 6), "samples-native-48000-2"),
    ],
)
def test_sound_to_be_measured_is_laid_down_as_the_file_has_it(stored, asked, laid_down):
    clip = video()
    clip.audio_stream.sample_rate_hz, clip.audio_stream.channel_count = stored
    need = Samples(sample_rate_hz=asked[0], channel_count=asked[1], native=True)
    renditions = plan([Samples(sample_rate_hz=16000), need], clip)
    assert [each.rendition_id for each in renditions] == ["samples-16000-1", laid_down]
    assert serve(need, renditions) == laid_down


def test_a_stream_the_video_lacks_is_not_planned_for():
    needs = [Frames(rate_hz=None, long_side_px=256), Samples(sample_rate_hz=16000)]
    silent, unseen = video(), video()
    silent.ClearField("audio_stream")
    unseen.ClearField("video_stream")
    assert [each.rendition_id for each in plan(needs, silent)] == ["frames-256"]
    assert [each.rendition_id for each in plan(needs, unseen)] == ["samples-16000-1"]
    assert plan([], video()) == ()


@pytest.mark.parametrize(
    "need", [Frames(rate_hz=0.0, long_side_px=256), Frames(rate_hz=1.0, long_side_px=0), Samples(sample_rate_hz=-1)]
)
def test_a_need_for_nothing_is_refused(need):
    with pytest.raises(ValueError, match="more than nothing"):
        plan([need], video())


@pytest.mark.parametrize("size", [(1080, 1920), (640, 480), (200, 100), (3840, 2160)])
def test_every_planned_need_is_served_fast_enough(size):
    needs = [
        Frames(rate_hz=rate_hz, long_side_px=side) for rate_hz in (None, 15.0, 2.0) for side in (224, 640, 1280, None)
    ]
    for chosen in ([need] for need in needs):
        renditions = plan(chosen, video(*size))
        assert [serve(need, renditions) for need in chosen] == [renditions[0].rendition_id]
    renditions = plan(needs, video(*size))
    assert {serve(need, renditions) for need in needs} == {each.rendition_id for each in renditions}
