from __future__ import annotations

from typing import Literal

import pytest
from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Setting
from services.common.analyzer import AnalyzerSettings
from services.common.errors import InvalidSetting
from services.common.setting import from_wire, group_of, parse, setting, to_wire, validated
from services.common.settings import Scalar
from tests import fakes


class ReadingSettings(AnalyzerSettings):
    """One of each kind."""

    reader: Literal["rapidocr", "easyocr"] = "rapidocr"
    beam_size: int = Field(default=5, ge=1, le=20)
    threshold: float = 0.5
    upright: bool = True


@pytest.mark.parametrize("value", ["easyocr", "", 3, -1, 0.25, True, False])
def test_a_value_keeps_its_kind_on_the_wire(value: Scalar):
    ((group, values),) = from_wire([setting("reading.name", value)]).items()
    assert (group, values) == ("reading", {"name": value})
    assert type(values["name"]) is type(value)


def test_settings_are_echoed_in_the_order_they_are_declared():
    wire = to_wire("reading", ReadingSettings(beam_size=7))
    assert [item.name for item in wire] == [
        "reading.reader",
        "reading.beam_size",
        "reading.threshold",
        "reading.upright",
    ]
    assert from_wire(wire) == {"reading": {"reader": "rapidocr", "beam_size": 7, "threshold": 0.5, "upright": True}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("reading.reader=easyocr", "easyocr"),
        ("reading.beam_size=7", 7),
        ("reading.threshold=0.5", 0.5),
        ("reading.threshold=-1e3", -1000.0),
        ("reading.upright=true", True),
        ("reading.upright=false", False),
        ("reading.title=", ""),
        ("reading.formula=a=b", "a=b"),
        ("reading.beam_size=123456789012345678901234567890", 123456789012345678901234567890.0),
    ],
)
def test_a_command_lines_value_is_told_by_its_form(text: str, value: Scalar):
    item = parse(text)
    assert getattr(item, item.WhichOneof("value")) == value
    assert type(getattr(item, item.WhichOneof("value"))) is type(value)


@pytest.mark.parametrize("text", ["reader=easyocr", "reading.reader", "", "="])
def test_what_is_no_assignment_is_refused(text: str):
    with pytest.raises(InvalidSetting):
        parse(text)


@pytest.mark.parametrize("name", ["reader", "reading.", "", "."])
def test_a_name_without_its_group_is_refused(name: str):
    with pytest.raises(InvalidSetting):
        from_wire([setting(name, 1)])


def test_a_setting_without_a_value_is_refused():
    with pytest.raises(InvalidSetting):
        from_wire([Setting(name="reading.reader")])


def test_later_layers_go_over_earlier_ones():
    service, request = {"beam_size": 2, "threshold": 0.1}, {"beam_size": 3}
    made = validated(ReadingSettings, "reading", service, request)
    assert (made.beam_size, made.threshold, made.reader) == (3, 0.1, "rapidocr")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reader": "tesseract"}, "reading.reader"),
        ({"beam_size": 21}, "reading.beam_size: Input should be less than or equal to 20"),
        ({"beam_size": "many"}, "reading.beam_size"),
        ({"beam": 5}, "reading.beam: Extra inputs are not permitted"),
    ],
)
def test_what_a_model_does_not_take_is_named(values: dict[str, Scalar], words: str):
    with pytest.raises(InvalidSetting, match=words):
        validated(ReadingSettings, "reading", values)


def test_an_analyzers_group_is_its_name_and_a_percepts_its_class_in_snake_case():
    assert group_of(fakes.Brightness) == "brightness"
    assert group_of(fakes.FrameCount) == "frame_count"
