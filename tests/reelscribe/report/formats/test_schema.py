"""JSON Schema of the public format, held against reports by jsonschema."""

from __future__ import annotations

import copy
import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from reelscribe.report.formats.schema import report_schema, report_schema_json
from reelscribe.report.json import to_json
from reelscribe.v1.finding_pb2 import Finding
from tests.reelscribe.report.made import story

SCHEMA = report_schema()
STORY = json.loads(to_json(story()))


def check(instance: object) -> None:
    Draft202012Validator(SCHEMA).validate(instance)


def test_it_is_a_schema_and_is_text():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(report_schema_json()) == SCHEMA


def test_a_report_is_valid():
    check(STORY)


def test_comments_of_the_contract_are_descriptions():
    assert SCHEMA["$defs"]["Finding"]["description"].startswith("One thing found.")
    assert {"const": "VERDICT_UNSPECIFIED", "description": "Never sent."} in SCHEMA["$defs"]["Verdict"]["oneOf"]
    undescribed = [
        f"{name}.{field}"
        for name, definition in SCHEMA["$defs"].items()
        for field, schema in definition.get("properties", {}).items()
        if "description" not in schema
    ]
    assert undescribed == []


def test_every_shape_is_defined():
    shapes = [field.json_name for field in Finding.DESCRIPTOR.oneofs_by_name["shape"].fields]
    assert set(shapes) <= set(SCHEMA["$defs"]["Finding"]["properties"])


def finding_of(instance: dict) -> dict:
    return instance["results"][0]["findings"][0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.update(unknown=1),
        lambda report: report.pop("results"),
        lambda report: report["video"].update(duration=12.0),
        lambda report: report["results"][0].update(status="FINE"),
        lambda report: finding_of(report).update(confidence="high"),
        lambda report: finding_of(report).update(
            text={"content": "a", "kind": "TEXT_KIND_TITLE", "languageCode": "", "words": []}
        ),
    ],
    ids=["unknown field", "field missing", "not a duration", "no such status", "not a number", "two shapes"],
)
def test_what_is_no_report_is_invalid(spoil):
    spoiled = copy.deepcopy(STORY)
    spoil(spoiled)
    with pytest.raises(ValidationError):
        check(spoiled)
