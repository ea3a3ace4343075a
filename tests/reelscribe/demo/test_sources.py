from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from reelscribe.demo.sources import (
    VOICE,
    PhotosMissing,
    SpeechModel,
    SpeechUnavailable,
    find_photos,
    speech_model,
)


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """As Python itself says that a package cannot be imported."""
    monkeypatch.setitem(sys.modules, package, None)


def test_without_ultralytics_every_photo_is_under_a_permissive_licence(monkeypatch: pytest.MonkeyPatch):
    without(monkeypatch, "ultralytics")
    try:
        photos = find_photos()
    except PhotosMissing as error:
        pytest.skip(str(error))
    assert {file.photo.package for file in photos} == {"skimage"}
    assert all("AGPL" not in file.photo.credit for file in photos)


def test_without_any_photos_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch):
    without(monkeypatch, "skimage")
    with pytest.raises(PhotosMissing, match=r"rocket\.jpg of skimage") as caught:
        find_photos()
    assert "scikit-image" in caught.value.fix


def test_finding_photos_imports_no_package_of_theirs():
    before = set(sys.modules)
    try:
        find_photos()
    except PhotosMissing as error:
        pytest.skip(str(error))
    assert not {"skimage", "ultralytics"} & (set(sys.modules) - before)


def test_a_voice_that_is_there_needs_no_network(voice: SpeechModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    shutil.copytree(voice.network.parent, tmp_path / VOICE)
    assert speech_model(tmp_path).network == tmp_path / VOICE / voice.network.name


def test_a_voice_that_cannot_be_fetched_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(SpeechUnavailable, match="could not be fetched"):
        speech_model(tmp_path)


def test_a_damaged_voice_is_not_used(voice: SpeechModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    shutil.copytree(voice.network.parent, tmp_path / VOICE)
    (tmp_path / VOICE / voice.network.name).write_bytes(b"not a network")
    with pytest.raises(SpeechUnavailable):
        speech_model(tmp_path)
