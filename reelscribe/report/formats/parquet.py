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


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, Arrow type, what it means, and how it is read from a finding."""

    name: str
    type: str
    meaning: str
    of: Callable[[Report, Found], Any]


def _edge(name: str) -> Callable[[Report, Found], float | None]:
    def read(_report: Report, one: Found) -> float | None:
        place = place_of(one.finding)
        return None if place is None else float(getattr(place, name))

    return read


COLUMNS = (
    Column(name="video_sha256", type="string", meaning="SHA-256 of the file", of=lambda report, _: report.video.sha256),
    Column(name="video_name", type="string", meaning="its name", of=lambda report, _: report.video.name),
    Column(
        name="analysis_id",
        type="string",
        meaning="the analysis that found it",
        of=lambda report, _: report.analysis_id,
    ),
    Column(name="analyzer", type="string", meaning="who found it", of=lambda _, one: one.analyzer),
    Column(name="finding_id", type="string", meaning="unique in the analysis", of=lambda _, one: one.finding.id),
    Column(name="start_s", type="float64", meaning="first moment inside, seconds", of=lambda _, one: one.start_s),
    Column(name="end_s", type="float64", meaning="first moment outside, seconds", of=lambda _, one: one.end_s),
    Column(name="label", type="string", meaning="word of the vocabulary", of=lambda _, one: one.finding.label),
    Column(
        name="kind",
        type="string",
        meaning="shape of the evidence, as in finding.proto; null where the label says all",
        of=lambda _, one: one.shape,
    ),
    Column(name="text", type="string", meaning="words, as such", of=lambda _, one: _text(one.finding)),
    Column(
        name="text_kind",
        type="string",
        meaning="speech, caption, title or scene; null for what is no text",
        of=lambda _, one: _text_kind(one.finding),
    ),
    Column(
        name="language_code",
        type="string",
        meaning="BCP-47 of the text; null where the method does not know",
        of=lambda _, one: _language(one.finding),
    ),
    Column(
        name="confidence",
        type="float32",
        meaning="the method's own, [0, 1]; null where it gives none",
        of=lambda _, one: confidence_of(one.finding),
    ),
    Column(
        name="track_id",
        type="int32",
        meaning="number of the thing, within the analysis",
        of=lambda _, one: track_id_of(one.finding),
    ),
    Column(
        name="face_id",
        type="int32",
        meaning="number of the face, likewise",
        of=lambda _, one: face_id_of(one.finding),
    ),
    Column(
        name="speaker_id",
        type="int32",
        meaning="number of the voice, likewise",
        of=lambda _, one: speaker_id_of(one.finding),
    ),
    *(
        Column(
            name=f"box_{edge}",
            type="float32",
            meaning=f"{edge} edge of the smallest rectangle around all places of it, [0, 1] of the displayed frame",
            of=_edge(edge),
        )
        for edge in ("left", "top", "right", "bottom")
    ),
    Column(
        name="evidence_ids",
        type="list<string>",
        meaning="findings of the same analysis it rests on",
        of=lambda _, one: list(one.finding.evidence_ids),
    ),
    Column(
        name="details",
        type="string",
        meaning="the whole finding as ProtoJSON, defaults left out",
        of=lambda _, one: MessageToJson(one.finding, indent=None, ensure_ascii=False),
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
