"""The files a report becomes."""

from __future__ import annotations

from reelscribe.report.json import from_json
from reelscribe.report.outputs import OUTPUTS, View
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
