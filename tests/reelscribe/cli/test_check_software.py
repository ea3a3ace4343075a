"""Libraries, codecs and weights under `doctor`."""

from __future__ import annotations

from importlib.metadata import requires, version
from pathlib import Path

import pytest

from reelscribe.cli.check_software import (
    CODECS,
    EXTRAS,
    Requirement,
    check_codecs,
    check_libraries,
    check_opencv,
    check_weights,
    requirements,
    satisfies,
)
from reelscribe.cli.checkup import Grade
from services.common.catalogue import catalogue


@pytest.mark.parametrize(
    ("installed", "versions", "right"),
    [
        ("3.11.7", ">=3.11,<3.14", True),
        ("3.9.18", ">=3.11,<3.14", False),
        ("3.14.0", ">=3.11,<3.14", False),
        ("2.9.0+cpu", ">=2.3", True),
        ("1.2.1", "==1.2.1", True),
        ("1.2", "==1.2.0", True),
        ("1.2.2", "==1.2.1", False),
        ("10.0", ">=9.5", True),
        ("1.0rc1", "", True),
        ("1.0", "!=1.0", True),
    ],
)
def test_versions_are_compared_by_number(installed: str, versions: str, right: bool) -> None:
    assert satisfies(installed, versions) is right


def test_the_packages_own_requirements_are_read() -> None:
    asked = requirements(requires("reelscribe") or ())
    assert len(asked) == len(requires("reelscribe") or ())
    assert Requirement(name="faster-whisper", versions="==1.2.1", extra="audio") in asked
    assert set(EXTRAS) <= {item.extra for item in asked}
    assert any(item.name == "av" and item.extra == "" for item in asked)


def test_old_and_missing_libraries_are_named_with_the_way_to_them() -> None:
    asked = requirements(
        ["typer>=999; extra == 'vision'", "no-such-library>=1; extra == 'vision'", "no-such-library; extra == 'vlm'"]
    )
    check = check_libraries("vision", "vision", asked)
    assert check.grade is Grade.BAD
    assert check.told == f"typer is {version('typer')}, asked for is >=999, no-such-library is not installed"
    assert check.fix == "pip install 'reelscribe[vision]'"
    optional = check_libraries("vlm", "qwen2_vl_temporal", asked)
    assert optional.grade is Grade.NOTE
    assert optional.told.endswith("(for qwen2_vl_temporal)")


def test_what_is_always_needed_is_bad_to_miss() -> None:
    assert check_libraries("libraries", "", requirements(["no-such-library>=1"])).grade is Grade.BAD


def test_two_opencvs_are_one_too_many() -> None:
    assert check_opencv(["opencv-python"]).grade is Grade.GOOD
    doubled = check_opencv(["opencv-python", "opencv-python-headless"])
    assert doubled.grade is Grade.BAD
    assert doubled.fix.startswith("pip uninstall -y opencv-python-headless && ")


def test_this_machines_ffmpeg_decodes_what_phones_write() -> None:
    check = check_codecs()
    assert check.grade is Grade.GOOD
    assert all(codec in check.told for codec in CODECS)


def test_missing_weights_are_as_grave_as_their_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    there, lite, default, full = check_weights(tuple(catalogue().values()), {"qwen2-vl-2b", "yamnet"})
    assert there.told.endswith(str(tmp_path))
    assert (lite.grade, lite.fix) == (Grade.BAD, "reelscribe models pull")
    assert "yamnet (audio_environment, audio_analysis, sound_effects)" in lite.told
    assert "yolo26n" not in lite.told
    assert (default.grade, default.fix) == (Grade.NOTE, "reelscribe models pull qwen2-vl-2b")
    assert (full.grade, full.fix) == (Grade.NOTE, "reelscribe models pull --profile full")
    assert "qwen2-vl-2b" not in full.told
