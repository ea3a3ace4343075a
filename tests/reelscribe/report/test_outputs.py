"""The files a report becomes."""

from __future__ import annotations

import pytest

from reelscribe.report.json import from_json
from reelscribe.report.outputs import OUTPUTS, USUAL, WRITTEN_WITH, FormatNotInstalled, View, chosen
from services.common.errors import InvalidInput
from tests.reelscribe.report.made import story
from tests.reelscribe.report.reports import report, result, speech

FULL = report(result("speech_transcription", speech("Hallo", 1)))


def rendered(name: str) -> str | bytes | None:
    (output,) = (output for output in OUTPUTS if output.name == name)
    return output.render(FULL, View())


def test_each_has_a_name_and_a_file_of_its_own():
    assert len({output.name for output in OUTPUTS}) == len(OUTPUTS)
    assert len({output.file_name for output in OUTPUTS}) == len(OUTPUTS)


def test_json_is_the_public_format():
    text = rendered("json")
    assert isinstance(text, str)
    assert from_json(text) == FULL


def test_what_is_usual_is_there():
    assert {output.name for output in chosen(USUAL)} == set(USUAL)


def test_named_ones_come_in_their_own_order():
    assert [output.name for output in chosen(("vtt", "json", "srt"))] == ["json", "srt", "vtt"]


def test_a_format_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(InvalidInput, match="no format 'docx'; there are json"):
        chosen(("docx",))


def test_a_library_that_is_absent_is_told_before_it_is_needed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(WRITTEN_WITH, "otio", "a_library_that_nobody_has")
    with pytest.raises(FormatNotInstalled, match="otio is written with a_library_that_nobody_has"):
        chosen(("otio",))


@pytest.mark.parametrize("name", [output.name for output in OUTPUTS if output.name not in ("json", "html")])
def test_each_format_says_something_of_a_story(name: str):
    (output,) = chosen((name,))
    content = output.render(story(), View())
    assert content


def test_nothing_said_is_nothing_to_write():
    silent = report()
    assert [chosen((name,))[0].render(silent, View()) for name in ("srt", "vtt", "metadata-vtt")] == [None, None, None]
