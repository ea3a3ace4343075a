from __future__ import annotations

from pathlib import Path

import pytest

from bench.common.batched_speech import KENNEDY, SpeechInBatches, measure_batched, rows_of
from bench.common.clips import length_of
from bench.common.scores import words
from bench.common.sheet import Sheet
from bench.common.standalone import why_not


def test_both_read_the_same_clip(media_dir: Path) -> None:
    if reason := why_not(SpeechInBatches):
        pytest.skip(reason)
    sheet = Sheet(benchmark="batched", title="batched", tiny=False)
    measure_batched(sheet, {}, media_dir / "audio" / "jfk.flac")
    (row,) = sheet.tables[0].rows
    assert (row["clip"], row["words"]) == ("jfk", len(words(KENNEDY)))
    assert (row["errors"], row["errors, batched"]) == (0, 0)


def test_a_row_has_every_sentence_of_its_language_once(media_dir: Path, tmp_path: Path) -> None:
    files = [media_dir / "audio" / "fleurs" / f"fleurs-{name}.ogg" for name in ("en-003", "en-004", "de-000")]
    told = {file: file.with_suffix(".txt").read_text() for file in files}
    (german, german_text), (english, english_text) = rows_of(told, tmp_path)
    assert german_text.split() == words(told[files[2]])
    assert english_text.split() == words(told[files[0]]) + words(told[files[1]])
    assert length_of(german) == pytest.approx(length_of(files[2]) + 1.3, abs=0.1)
    assert length_of(english) == pytest.approx(length_of(files[0]) + length_of(files[1]) + 2.6, abs=0.2)
