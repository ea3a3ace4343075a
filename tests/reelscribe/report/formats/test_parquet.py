"""The long table, as DuckDB and pyarrow read it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from google.protobuf.json_format import Parse

from reelscribe.report.formats.parquet import COLUMNS, STATUSES_KEY, timeline_parquet
from reelscribe.report.found import found
from reelscribe.v1.finding_pb2 import Finding
from tests.reelscribe.report.made import story

STORY = story()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, each with its own folder."""
    root = tmp_path_factory.mktemp("reports")
    for name in ("one.mp4", "two.mp4"):
        made = story()
        made.video.name = name
        (root / name).mkdir()
        (root / name / "timeline.parquet").write_bytes(timeline_parquet(made))
    return root


def test_a_row_is_a_finding_and_its_details_are_the_whole_of_it():
    table = pq.read_table(io.BytesIO(timeline_parquet(STORY)))
    findings = [one.finding for one in found(STORY)]
    assert [Parse(details, Finding()) for details in table["details"].to_pylist()] == findings
    assert table["start_s"].to_pylist() == sorted(table["start_s"].to_pylist())


def test_one_query_reads_many_reports(folder: Path):
    query = f"""
        SELECT video_name, label, count(*), round(min(box_left)::DOUBLE, 2), round(max(box_right)::DOUBLE, 2)
        FROM '{folder}/*/timeline.parquet' WHERE kind = 'track' AND label = 'dog' GROUP BY ALL ORDER BY video_name
    """
    assert duckdb.sql(query).fetchall() == [("one.mp4", "dog", 1, 0.1, 0.8), ("two.mp4", "dog", 1, 0.1, 0.8)]


def test_what_was_said_while_something_was_seen(folder: Path):
    query = f"""
        SELECT said.text, said.speaker_id FROM '{folder}/one.mp4/timeline.parquet' said
        JOIN '{folder}/one.mp4/timeline.parquet' seen
          ON said.video_sha256 = seen.video_sha256 AND said.start_s < seen.end_s AND seen.start_s < said.end_s
        WHERE said.text_kind = 'speech' AND seen.kind = 'track' AND seen.label = 'person'
    """
    assert duckdb.sql(query).fetchall() == [("Und das hier ist eine Katze, glaube ich.", 2)]


def test_unknown_is_null_not_zero():
    rows = pq.read_table(io.BytesIO(timeline_parquet(STORY))).to_pylist()
    (tempo,) = (row for row in rows if row["kind"] == "tempo")
    empty = {name for name, value in tempo.items() if value is None}
    assert {"confidence", "track_id", "face_id", "speaker_id", "box_left", "text", "language_code"} <= empty


def test_columns_say_what_they_mean():
    schema = pq.read_schema(io.BytesIO(timeline_parquet(STORY)))
    assert schema.names == [column.name for column in COLUMNS]


def test_who_found_nothing_and_who_did_not_look_is_told():
    metadata = pq.read_metadata(io.BytesIO(timeline_parquet(STORY))).metadata
    statuses = json.loads(metadata[STATUSES_KEY])
    assert statuses["eye_tracking"] == "skipped"
    assert statuses["object_detection"] == "ok"


def test_a_report_without_findings_is_a_table_without_rows():
    empty = story()
    del empty.results[:]
    assert pq.read_table(io.BytesIO(timeline_parquet(empty))).num_rows == 0
