"""The public format: a report as ProtoJSON, defaults printed, and back."""

from __future__ import annotations

from google.protobuf.json_format import MessageToJson, Parse, ParseError

from reelscribe.v1.analysis_pb2 import Report


def to_json(report: Report) -> str:
    """Names in lowerCamelCase, durations as "5.967s", enums by name; what has a default is printed, too."""
    return MessageToJson(report, always_print_fields_with_no_presence=True, ensure_ascii=False, indent=1)


def from_json(text: str) -> Report:
    """Raises google.protobuf.json_format.ParseError for what is no report."""
    if not text.lstrip().startswith("{"):  # protobuf takes an empty list for an empty message
        raise ParseError("a report is a JSON object")
    return Parse(text, Report())
