"""JSON Schema (draft 2020-12) of the public format, made from the contract itself, its comments as descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from reelscribe.v1.analysis_pb2 import Report

CONTRACT = "contract.binpb"
"""The protos as protoc read them, comments and all: written beside the stubs when the project is installed."""

Schema = dict[str, Any]

INTEGER = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
LARGE_INTEGER = {"type": "string", "pattern": "^-?[0-9]{1,19}$"}
"""ProtoJSON writes 64 bits as a string: not every reader's numbers hold them."""

Type = FieldDescriptorProto.Type

SCALARS: dict[int, Schema] = {
    Type.TYPE_STRING: {"type": "string"},
    Type.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    Type.TYPE_BOOL: {"type": "boolean"},
    Type.TYPE_FLOAT: {"type": "number"},
    Type.TYPE_DOUBLE: {"type": "number"},
    Type.TYPE_INT32: INTEGER,
    Type.TYPE_INT64: LARGE_INTEGER,
}

KNOWN: dict[str, Schema] = {
    "google.protobuf.Duration": {
        "type": "string",
        "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$",
        "description": 'Seconds, e.g. "5.967s".',
    },
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
}
"""Messages that ProtoJSON writes in a form of their own."""


def report_schema() -> Schema:
    """The schema of a report as `to_json` writes it."""
    contract = _contract()
    comments = {name: text for file in contract.file for name, text in _comments(file)}
    messages = {name: message for file in contract.file for name, message in _messages(file)}
    enums = {f"{file.package}.{enum.name}": enum for file in contract.file for enum in file.enum_type}
    root = Report.DESCRIPTOR.full_name
    wanted, definitions = [root], {}
    while wanted:
        name = wanted.pop()
        if name in definitions:
            continue
        if name in enums:
            definitions[name] = _enum(name, enums[name], comments)
        else:
            definitions[name] = _message(name, messages[name], comments)
            wanted += [field.type_name[1:] for field in messages[name].field if _is_ours(field)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:reelscribe:report:{version('reelscribe')}",
        "title": "reelscribe report",
        "$ref": f"#/$defs/{_short(root)}",
        "$defs": {_short(name): definitions[name] for name in sorted(definitions)},
    }


def report_schema_json() -> str:
    """The same as text."""
    return json.dumps(report_schema(), ensure_ascii=False, indent=1) + "\n"


@cache
def _contract() -> FileDescriptorSet:
    return FileDescriptorSet.FromString(files("reelscribe.v1").joinpath(CONTRACT).read_bytes())


def _is_ours(field: FieldDescriptorProto) -> bool:
    return field.type in (Type.TYPE_MESSAGE, Type.TYPE_ENUM) and field.type_name[1:] not in KNOWN


def _short(full_name: str) -> str:
    return full_name.rpartition(".")[2]


def _messages(file: FileDescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
    for message in file.message_type:
        yield f"{file.package}.{message.name}", message


def _message(name: str, message: DescriptorProto, comments: dict[str, str]) -> Schema:
    properties = {field.json_name: _field(f"{name}.{field.name}", field, comments) for field in message.field}
    schema: Schema = _described(name, {"type": "object"}, comments)
    schema["properties"] = properties
    required = [field.json_name for field in message.field if _always_printed(field)]
    if required:
        schema["required"] = required
    schema["additionalProperties"] = False
    choices = [
        [field.json_name for field in message.field if _is_member(field) and field.oneof_index == index]
        for index, _ in enumerate(message.oneof_decl)
    ]
    if exclusive := [_at_most_one(names) for names in choices if len(names) > 1]:
        schema["allOf"] = exclusive
    return schema


def _always_printed(field: FieldDescriptorProto) -> bool:
    """What cannot be unset is printed with its default."""
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return True
    return field.type != Type.TYPE_MESSAGE and not field.proto3_optional and not _is_member(field)


def _is_member(field: FieldDescriptorProto) -> bool:
    """Of a real oneof: protoc makes one for every optional field."""
    return field.HasField("oneof_index") and not field.proto3_optional


def _at_most_one(names: list[str]) -> Schema:
    ways: list[Schema] = [{"required": [name]} for name in names]
    return {"oneOf": [*ways, {"not": {"anyOf": ways}}]}


def _field(name: str, field: FieldDescriptorProto, comments: dict[str, str]) -> Schema:
    kind = field.type_name[1:]
    if kind in KNOWN:
        schema = dict(KNOWN[kind])
    elif _is_ours(field):
        schema = {"$ref": f"#/$defs/{_short(kind)}"}
    else:
        schema = dict(SCALARS[field.type])
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        schema = {"type": "array", "items": schema}
    return _described(name, schema, comments)


def _enum(name: str, enum: EnumDescriptorProto, comments: dict[str, str]) -> Schema:
    values = [_described(f"{name}.{value.name}", {"const": value.name}, comments) for value in enum.value]
    return _described(name, {"type": "string", "oneOf": values}, comments)


def _described(name: str, schema: Schema, comments: dict[str, str]) -> Schema:
    text = comments.get(name)
    return {**schema, "description": text} if text else schema


def _comments(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    """By full name. A path names a place in the file: [4, 0, 2, 1] is the second field of the first message."""
    for location in file.source_code_info.location:
        text = " ".join(location.leading_comments.split())
        if not text:
            continue
        match list(location.path):
            case [4, message]:
                yield f"{file.package}.{file.message_type[message].name}", text
            case [4, message, 2, field]:
                owner = file.message_type[message]
                yield f"{file.package}.{owner.name}.{owner.field[field].name}", text
            case [5, enum]:
                yield f"{file.package}.{file.enum_type[enum].name}", text
            case [5, enum, 2, value]:
                kind = file.enum_type[enum]
                yield f"{file.package}.{kind.name}.{kind.value[value].name}", text
