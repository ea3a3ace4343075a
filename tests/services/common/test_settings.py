from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from services.common.settings import Settings, default_media_directory


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in [name for name in os.environ if name.startswith("REELSCRIBE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings file of the working directory."""
    return tmp_path / "reelscribe.toml"


def test_defaults_need_no_file():
    settings = Settings()
    assert settings.gateway.address == "127.0.0.1:50050"
    assert settings.service("vlm").address == "127.0.0.1:50053"
    assert settings.media.directory == default_media_directory()


def test_the_environment_goes_over_the_file_and_the_file_over_defaults(file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text('[gateway]\naddress = "0.0.0.0:1"\npart_s = 20.0\n')
    monkeypatch.setenv("REELSCRIBE_GATEWAY__ADDRESS", "0.0.0.0:2")
    gateway = Settings().gateway
    assert (gateway.address, gateway.part_s, gateway.lead_in_s) == ("0.0.0.0:2", 20.0, 2.0)


def test_one_value_of_a_section_leaves_the_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REELSCRIBE_VISION__PARTS_IN_FLIGHT", "4")
    assert Settings().vision.address == "127.0.0.1:50051"
    assert Settings().vision.parts_in_flight == 4


def test_another_file_can_be_named(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text('log_level = "error"\n')
    (tmp_path / "other.toml").write_text('log_level = "debug"\n')
    monkeypatch.setenv("REELSCRIBE_CONFIG", str(tmp_path / "other.toml"))
    assert Settings().log_level == "debug"


def test_a_named_file_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REELSCRIBE_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        Settings()


def test_analyzers_values_come_from_both(file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text('[analyzers.texts]\nreader = "rapidocr"\nworkers = 2\n')
    monkeypatch.setenv("REELSCRIBE_ANALYZERS__TEXTS__READER", "easyocr")
    assert Settings().analyzers == {"texts": {"reader": "easyocr", "workers": 2}}


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[gatewey]\naddress = "x"\n', "gatewey"),
        ('[gateway]\nadress = "x"\n', r"gateway\.adress"),
        ("[gateway]\npart_s = -1\n", r"gateway\.part_s"),
        ('[gateway]\nanalyses_in_flight = "many"\n', r"gateway\.analyses_in_flight"),
        ("[media]\nbudget_bytes = 0\n", r"media\.budget_bytes"),
        ('[compute]\ndevice = "gpu"\n', r"compute\.device"),
        ("[compute]\ncores = 2\nthreads_per_call = 3\n", "3 threads per call do not fit 2 cores"),
    ],
)
def test_a_bad_value_in_the_file_is_named(file: Path, toml: str, words: str):
    file.write_text(toml)
    with pytest.raises(ValidationError, match=words):
        Settings()


def test_a_file_that_is_no_toml_is_told_so(file: Path):
    file.write_text("[gateway\n")
    with pytest.raises(tomllib.TOMLDecodeError):
        Settings()


@pytest.mark.parametrize("name", ["REELSCRIBE_GATEWEY__ADDRESS", "REELSCRIBE_MEDIAS__DIRECTORY"])
def test_a_section_that_does_not_exist_is_an_error_in_the_environment_too(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=name):
        Settings()


def test_variables_of_other_purpose_are_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", "/models")
    monkeypatch.setenv("REELSCRIBE_GATEWAY_SERVICE_HOST", "10.0.0.1")
    assert Settings().gateway.address == "127.0.0.1:50050"


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().gateway.address = "x"  # type: ignore[misc]
