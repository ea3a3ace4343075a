"""`timeline.parquet`: one row for each finding, with the video it is of, so that many reports are one table."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict, MessageToJson

from reelscribe.report.account import status_word
from reelscribe.report.found import (
    Found,
    confidence_of,
    face_id_of,
    found,
    place_of,
    speaker_id_of,
    track_id_of,
)
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.finding_pb2 import Finding, TextKind

if TYPE_CHECKING:
    import pyarrow as pa

STATUSES_KEY = b"reelscribe.statuses"
"""In the file's own metadata: how each analyzer ended, as JSON. No row of an analyzer means nothing without it."""


EDGES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, Arrow type, what it means, and how it is read from a finding."""

    name: str
    type: str
    meaning: str
    of: Callable[[Report, Found], Any]


Read = Callable[[Report, Found], Any]


def _column(name: str, type_name: str, meaning: str, of: Read) -> Column:
    return Column(name=name, type=type_name, meaning=meaning, of=of)


def _edge(name: str) -> Read:
    def read(_report: Report, one: Found) -> float | None:
        place = place_of(one.finding)
        return None if place is None else float(getattr(place, name))

    return read


AROUND = "edge of the smallest rectangle around all places of it, [0, 1] of the displayed frame"

COLUMNS = (
    _column("video_sha256", "string", "SHA-256 of the file", lambda report, _: report.video.sha256),
    _column("video_name", "string", "its name", lambda report, _: report.video.name),
    _column("analysis_id", "string", "the analysis that found it", lambda report, _: report.analysis_id),
    _column("analyzer", "string", "who found it", lambda _, one: one.analyzer),
    _column("finding_id", "string", "unique in the analysis", lambda _, one: one.finding.id),
    _column("start_s", "float64", "first moment inside, seconds", lambda _, one: one.start_s),
    _column("end_s", "float64", "first moment outside, seconds", lambda _, one: one.end_s),
    _column("label", "string", "word of the analyzer's vocabulary", lambda _, one: one.finding.label),
    _column("kind", "string", "shape of the evidence; null where the label says all", lambda _, one: one.shape),
    _column("text", "string", "words, as such", lambda _, one: _text(one.finding)),
    _column("text_kind", "string", "speech, caption, title or scene", lambda _, one: _text_kind(one.finding)),
    _column("language_code", "string", "BCP-47; null where it is not known", lambda _, one: _language(one.finding)),
    _column("confidence", "float32", "the method's own, [0, 1], if any", lambda _, one: confidence_of(one.finding)),
    _column("track_id", "int32", "number of the thing, within the analysis", lambda _, one: track_id_of(one.finding)),
    _column("face_id", "int32", "number of the face, likewise", lambda _, one: face_id_of(one.finding)),
    _column("speaker_id", "int32", "number of the voice, likewise", lambda _, one: speaker_id_of(one.finding)),
    *(_column(f"box_{edge}", "float32", f"{edge} {AROUND}", _edge(edge)) for edge in EDGES),
    _column("evidence_ids", "list<string>", "findings it rests on", lambda _, one: list(one.finding.evidence_ids)),
    _column(
        "details", "string", "the whole finding as ProtoJSON, defaults left out", lambda _, one: _whole(one.finding)
    ),
)


def timeline_table(reports: Iterable[Report]) -> pa.Table:
    """The findings of all reports, in the order of the reports and of time."""
    import pyarrow as pa

    rows = [(report, one) for report in reports for one in found(report)]
    arrays = {column.name: [column.of(*row) for row in rows] for column in COLUMNS}
    return pa.table(arrays, schema=schema())


def timeline_parquet(report: Report) -> bytes:
    """The file's bytes. How each analyzer ended stands in its metadata under "reelscribe.statuses"."""
    import pyarrow.parquet as pq

    table = timeline_table([report])
    statuses = {result.analyzer: status_word(result.status) for result in report.results}
    table = table.replace_schema_metadata({STATUSES_KEY: json.dumps(statuses)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def schema() -> pa.Schema:
    """Columns in order; each field's metadata says what it means."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "float64": pa.float64(),
        "float32": pa.float32(),
        "int32": pa.int32(),
        "list<string>": pa.list_(pa.string()),
    }
    return pa.schema(
        [pa.field(column.name, types[column.type], metadata={"description": column.meaning}) for column in COLUMNS]
    )


def _whole(finding: Finding) -> str:
    return str(MessageToJson(finding, indent=None, ensure_ascii=False))


def _text(finding: Finding) -> str | None:
    """Words as they were read, said or written by a model."""
    match finding.WhichOneof("shape"):
        case "text" | "description":
            content: str = getattr(finding, str(finding.WhichOneof("shape"))).content
            return content
        case "call_to_action":
            return finding.call_to_action.phrase
        case "comment_reply":
            return finding.comment_reply.content or finding.comment_reply.phrase
        case "emphasis":
            return finding.emphasis.word
    return None


def _text_kind(finding: Finding) -> str | None:
    if finding.WhichOneof("shape") != "text":
        return None
    return TextKind.Name(finding.text.kind).removeprefix("TEXT_KIND_").lower()


def _language(finding: Finding) -> str | None:
    shape = finding.WhichOneof("shape")
    code = MessageToDict(getattr(finding, shape)).get("languageCode") if shape in ("text", "description") else None
    return str(code) if code else None
