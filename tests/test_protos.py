"""The contract keeps its own rules: names, units, comments, and one message for each request and answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor, MethodDescriptor

from reelscribe.v1 import (
    analysis_pb2,
    analyzer_pb2,
    bus_pb2,
    finding_pb2,
    geometry_pb2,
    media_pb2,
    people_pb2,
    picture_pb2,
    sound_pb2,
    speech_pb2,
    story_pb2,
)

ROOT = Path(__file__).resolve().parent.parent / "protos"
PACKAGE = "reelscribe.v1"
FILES: tuple[FileDescriptor, ...] = tuple(
    module.DESCRIPTOR
    for module in (
        media_pb2,
        geometry_pb2,
        people_pb2,
        picture_pb2,
        sound_pb2,
        speech_pb2,
        story_pb2,
        finding_pb2,
        analyzer_pb2,
        analysis_pb2,
        bus_pb2,
    )
)
DECLARATION = re.compile(
    r"(?:message|enum|oneof|service|rpc)\s+(?P<block>\w+)"
    r"|(?:(?:optional|repeated)\s+)?(?:[\w.]+\s+)?(?P<member>\w+)\s*=\s*\d+;"
)
"""One line that declares something: a block or a method by its keyword, a field or an enum value by its number."""


def texts() -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(ROOT.rglob("*.proto"))}


def messages() -> Iterator[Descriptor]:
    for file in FILES:
        for message in file.message_types_by_name.values():
            yield message
            yield from message.nested_types


def enums() -> Iterator[EnumDescriptor]:
    for file in FILES:
        yield from file.enum_types_by_name.values()
    for message in messages():
        yield from message.enum_types


def fields() -> Iterator[FieldDescriptor]:
    for message in messages():
        yield from message.fields


def methods() -> Iterator[MethodDescriptor]:
    for file in FILES:
        for service in file.services_by_name.values():
            yield from service.methods


def declarations(text: str) -> Iterator[tuple[str, bool]]:
    """The name of everything a file declares, in order, and whether the line above is a comment."""
    above = ""
    for line in (line.strip() for line in text.splitlines()):
        if declared := DECLARATION.match(line):
            yield declared["block"] or declared["member"], above.startswith("// ")
        above = line


def declared_in(file: FileDescriptor) -> Iterator[str]:
    """The same names, without the text: what the compiler took the file for."""
    for service in file.services_by_name.values():
        yield service.name
        yield from (method.name for method in service.methods)
    for message in (message for message in messages() if message.file is file):
        yield message.name
        yield from (field.name for field in message.fields)
        # The compiler gives every optional field a oneof of its own, named with an underscore.
        yield from (oneof.name for oneof in message.oneofs if not oneof.name.startswith("_"))
    for enum in (enum for enum in enums() if enum.file is file):
        yield enum.name
        yield from (value.name for value in enum.values)


def test_the_folder_is_the_package():
    assert set(texts()) == {file.name for file in FILES}
    assert {file.package for file in FILES} == {PACKAGE}
    assert {str(Path(name).parent) for name in texts()} == {PACKAGE.replace(".", "/")}


def test_each_file_says_what_it_is_about():
    for name, text in texts().items():
        assert re.match(r'syntax = "proto3";\n\n// .+?\npackage ', text, flags=re.S), name


def test_services_methods_and_fields_are_named_by_rule():
    for file in FILES:
        assert all(name.endswith("Service") for name in file.services_by_name)
    assert {method.name for method in methods() if not re.fullmatch(r"([A-Z][a-z]+)+", method.name)} == set()
    names = {field.name for field in fields()}
    assert {name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)} == set()
    assert {name for name in names if name.startswith("is_")} == set()


def test_each_method_has_a_request_and_an_answer_of_its_own():
    for method in methods():
        stems = (method.name, f"{method.containing_service.name}{method.name}")
        assert method.input_type.name in [f"{stem}Request" for stem in stems]
        assert method.output_type.name in [f"{stem}Response" for stem in stems]
    users = Counter(kind.full_name for method in methods() for kind in (method.input_type, method.output_type))
    assert set(users.values()) == {1}


def test_enums_begin_with_unspecified_and_carry_their_name():
    for enum in enums():
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper()
        assert enum.values_by_number[0].name == f"{prefix}_UNSPECIFIED"
        assert all(value.name.startswith(f"{prefix}_") for value in enum.values)


def test_moments_are_offsets_and_lengths_are_durations():
    for field in fields():
        kind = field.message_type.full_name if field.message_type else ""
        if kind == "google.protobuf.Duration":
            assert re.search(r"(^|_)(offsets?|duration)(_from_header)?$", field.name), field.full_name
        if kind == "google.protobuf.Timestamp":
            assert field.name.endswith("_time"), field.full_name


def test_results_hold_nothing_untyped():
    for field in fields():
        kind = field.message_type
        assert kind is None or kind.full_name not in ("google.protobuf.Any", "google.protobuf.Struct"), field.full_name
        assert kind is None or not kind.GetOptions().map_entry, f"{field.full_name} is a map"


def test_everything_declared_has_a_comment_right_above_it():
    for file in FILES:
        found = list(declarations(texts()[file.name]))
        assert Counter(name for name, _ in found) == Counter(declared_in(file)), file.name
        assert [name for name, commented in found if not commented] == [], file.name


def test_numbers_of_fields_are_used_in_order():
    """A gap is a deleted field, and must be reserved."""
    for message in messages():
        numbers = {field.number for field in message.fields}
        reserved = {number for start, end in message_reserved(message) for number in range(start, end)}
        assert numbers | reserved == set(range(1, max(numbers | reserved, default=0) + 1)), message.full_name


def message_reserved(message: Descriptor) -> list[tuple[int, int]]:
    from google.protobuf.descriptor_pb2 import DescriptorProto

    proto = DescriptorProto()
    message.CopyToProto(proto)
    return [(span.start, span.end) for span in proto.reserved_range]
