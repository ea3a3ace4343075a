"""Timelines as opentimelineio reads them."""

from __future__ import annotations

import opentimelineio as otio
import pytest

from reelscribe.report.formats.otio import otio_json
from tests.reelscribe.report.made import FRAME_RATE_HZ, report, story


@pytest.fixture(scope="module")
def timeline() -> otio.schema.Timeline:
    return otio.adapters.read_from_string(otio_json(story()), "otio_json")


def test_it_goes_round(timeline: otio.schema.Timeline):
    assert timeline.to_json_string(indent=1) + "\n" == otio_json(story())


def test_shots_are_clips_and_leave_no_hole(timeline: otio.schema.Timeline):
    clips = list(timeline.find_clips())
    assert [clip.name for clip in clips] == ["shot 1", "shot 2", "transition", "shot 3"]
    starts = [clip.source_range.start_time.value for clip in clips]
    assert starts == [0, 100, 200, 210]
    assert all(clip.source_range.start_time.rate == FRAME_RATE_HZ for clip in clips)
    assert timeline.duration().to_seconds() == pytest.approx(12.0)


def test_findings_are_markers_where_they_happen(timeline: otio.schema.Timeline):
    first = next(iter(timeline.find_clips()))
    (title,) = (marker for marker in first.markers if marker.name == "“HUND & <Katze>”")
    assert title.marked_range.start_time.to_seconds() == pytest.approx(0.5)
    assert title.marked_range.duration.to_seconds() == pytest.approx(3.0)
    assert title.metadata["reelscribe"]["finding_id"] == "text_overlay/1"


def test_what_lasts_over_several_clips_is_marked_once(timeline: otio.schema.Timeline):
    ids = [marker.metadata["reelscribe"]["finding_id"] for marker in timeline.tracks.markers]
    ids += [marker.metadata["reelscribe"]["finding_id"] for clip in timeline.find_clips() for marker in clip.markers]
    findings = [finding for result in story().results for finding in result.findings]
    assert sorted(ids) == sorted(item.id for item in findings if not item.HasField("shot"))
    assert "audio_analysis/1" in [marker.metadata["reelscribe"]["finding_id"] for marker in timeline.tracks.markers]


def test_without_shots_the_whole_is_one_clip():
    timeline = otio.adapters.read_from_string(otio_json(report()), "otio_json")
    assert [clip.name for clip in timeline.find_clips()] == ["whole"]
    assert timeline.duration().to_seconds() == pytest.approx(12.0)
