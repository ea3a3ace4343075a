from __future__ import annotations

from pathlib import Path

import pytest

from services.common.errors import ReelscribeError
from services.common.weights import locate
from tests.bench.sheets import rows, sheet_of


def test_both_read_the_same_clip(shared_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the audio extra is not installed")
    try:
        locate("faster-whisper-base")
    except ReelscribeError as missing:
        pytest.skip(str(missing))
    sheet = sheet_of("transcription", tmp_path)
    alone, in_a_row = rows(sheet, "Each clip")
    assert (alone["clip"], alone["words"]) == ("fleurs-de-000", 18)
    assert (in_a_row["clip"], in_a_row["words"]) == ("row-de-6.5s", 18)
    assert [goal["wanted"] for goal in sheet["goals"]] == [1.1, 0.01] * 2
