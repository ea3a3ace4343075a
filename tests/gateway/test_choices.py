from __future__ import annotations

import pytest

from gateway.choices import choices
from reelscribe.v1.analyzer_pb2 import Setting
from services.common.errors import InvalidSetting


def test_what_concerns_the_file_is_told_apart_from_what_concerns_analyzers():
    reader = Setting(name="texts.reader", text="easyocr")
    chosen = choices([reader, Setting(name="gateway.audio_stream", count=2)])
    assert (chosen.audio_stream, chosen.analyzer_settings) == (2, (reader,))
    assert choices([reader]).audio_stream is None
    assert choices([Setting(name="gateway.audio_stream", count=0)]).audio_stream == 0


@pytest.mark.parametrize(
    "setting",
    [
        Setting(name="gateway.part_s", number=5.0),
        Setting(name="gateway.audio_stream", text="second"),
        Setting(name="gateway.audio_stream", count=-1),
        Setting(name="gateway.audio_stream"),
    ],
)
def test_anything_else_of_the_gateways_is_refused(setting):
    with pytest.raises(InvalidSetting, match=r"gateway\.audio_stream"):
        choices([setting])
