"""The machine under `doctor`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reelscribe.cli import check_machine
from reelscribe.cli.check_machine import check_cores, check_gpu, check_media, check_memory, check_python, usable_cores
from reelscribe.cli.checkup import Grade
from services.common.settings import ComputeSettings, MediaSettings


@pytest.fixture
def cgroup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Limits of a container, as the kernel writes them."""
    monkeypatch.setattr(check_machine, "CGROUP", tmp_path)
    return tmp_path


def test_python_is_held_against_what_the_package_asks_for() -> None:
    assert check_python(">=3.11,<3.14").grade is Grade.GOOD
    assert check_python(">=4").grade is Grade.BAD


def test_a_containers_quota_counts_as_its_cores(cgroup: Path) -> None:
    assert usable_cores() == len(os.sched_getaffinity(0))
    (cgroup / "cpu.max").write_text("50000 100000\n")
    assert usable_cores() == 0.5
    (cgroup / "cpu.max").write_text("max 100000\n")
    assert usable_cores() == len(os.sched_getaffinity(0))


def test_more_cores_wanted_than_there_are_is_noted(cgroup: Path) -> None:
    (cgroup / "cpu.max").write_text("100000 100000\n")
    assert check_cores(ComputeSettings(cores=1)).grade is Grade.GOOD
    check = check_cores(ComputeSettings(cores=8))
    assert check.grade is Grade.NOTE
    assert check.fix.startswith("REELSCRIBE_COMPUTE__CORES=1")


def test_a_containers_limit_counts_as_its_memory(cgroup: Path) -> None:
    (cgroup / "memory.max").write_text("1000000000\n")
    check = check_memory()
    assert check.grade is Grade.BAD
    assert check.told == "1.0 GB of 1.0 GB available"


def test_a_media_directory_on_a_disk_is_noted(tmp_path: Path) -> None:
    check = check_media(MediaSettings(directory=tmp_path / "not" / "there" / "yet"))
    assert check.grade is (Grade.GOOD if "(tmpfs)" in check.told else Grade.NOTE)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no tmpfs here")
def test_a_media_directory_with_too_little_room_has_to_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    media = MediaSettings(directory=Path("/dev/shm/reelscribe-test"))
    monkeypatch.setattr(check_machine, "LITTLE_MEDIA_BYTES", 1 << 60)
    check = check_media(media)
    assert check.grade is Grade.BAD
    assert "--shm-size" in check.fix


def test_no_gpu_is_nothing_bad() -> None:
    assert check_gpu().grade is not Grade.BAD


def test_a_gpu_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho NVIDIA Test, 46068 MiB\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert check_gpu().told.startswith("NVIDIA Test, 46068 MiB")
