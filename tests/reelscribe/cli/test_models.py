"""`reelscribe models` tells, fetches and verifies, and its exit code says how that went."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reelscribe.cli.models import app
from services.common.catalogue import catalogue, selected
from services.common.weights import is_installed
from tests.reelscribe.models.hub_server import Hub, running_hub

UNHASHED = "yolo11x"
"""Of unknown hash to the catalogue, so a hub of the tests may say what it is."""

ADDRESS = "/Ultralytics/YOLO11/resolve/main/yolo11x.pt"
DATA = b"not really a detector " * 10_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty model directory."""
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with running_hub() as hub:
        hub.files[ADDRESS] = DATA
        hub.stores_elsewhere = True
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def models(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_list_names_all_with_licence_and_state() -> None:
    result = models("list")
    assert result.exit_code == 0
    for entry in catalogue().values():
        (line,) = [line for line in result.stdout.splitlines() if line.split()[:1] == [entry.name]]
        assert entry.licence in line
    assert "not installed" in result.stdout


def test_list_permissive_leaves_out_copyleft() -> None:
    result = models("list", "--permissive")
    assert "yolo" not in result.stdout
    assert "transnetv2" in result.stdout


def test_pull_shows_source_size_and_licence_then_fetches(hub: Hub, home: Path) -> None:
    result = models("pull", UNHASHED)
    assert result.exit_code == 0, result.stderr
    assert (home / UNHASHED / "yolo11x.pt").read_bytes() == DATA
    plan, fetched = result.stderr.index("to fetch into"), result.stderr.index("fetched ")
    assert plan < fetched
    for shown in ("AGPL-3.0-only", "0.2 MB", "/Ultralytics/YOLO11"):
        assert shown in result.stderr[plan:fetched]
    assert result.stdout == ""


def test_pull_again_fetches_nothing(hub: Hub) -> None:
    models("pull", UNHASHED)
    hub.requests.clear()
    result = models("pull", UNHASHED)
    assert result.exit_code == 0
    assert hub.requests == []
    assert "1 sets of weights are whole" in result.stderr


def test_what_cannot_be_fetched_is_named_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    result = models("pull", "--source", "hub", UNHASHED)
    assert result.exit_code == 1
    assert f"failed   {UNHASHED}: yolo11x.pt: 127.0.0.1:9 cannot be reached" in result.stderr


def test_a_hub_that_lies_about_the_bytes_ends_with_1(hub: Hub, home: Path) -> None:
    hub.etags[ADDRESS] = hashlib.sha256(b"else").hexdigest()
    result = models("pull", UNHASHED)
    assert result.exit_code == 1
    assert "wrong bytes" in result.stderr
    assert not (home / UNHASHED / "yolo11x.pt").exists()


@pytest.mark.parametrize("command", ["pull", "verify"])
def test_an_unknown_name_ends_with_2(command: str) -> None:
    result = models(command, "yolo99")
    assert result.exit_code == 2
    assert "no weights are called 'yolo99'" in result.stderr


def test_a_copyleft_name_contradicts_permissive() -> None:
    result = models("pull", "--permissive", "yolo11n")
    assert result.exit_code == 2
    assert "yolo11n is AGPL-3.0-only" in result.stderr


def test_packaged_weights_need_no_fetching() -> None:
    if not is_installed(catalogue()["silero-vad"]):
        pytest.skip("faster-whisper is not installed here")
    assert models("pull", "silero-vad").exit_code == 0


def test_verify_finds_a_tampered_file(hub: Hub, home: Path) -> None:
    models("pull", UNHASHED)
    assert models("verify", UNHASHED).exit_code == 0
    path = home / UNHASHED / "yolo11x.pt"
    path.write_bytes(DATA[:-1] + b"!")
    for arguments in (["verify"], ["verify", UNHASHED]):
        result = models(*arguments)
        assert result.exit_code == 1
        assert f"the weights '{UNHASHED}' are damaged: {path}" in result.stderr
        assert f"reelscribe models pull {UNHASHED}" in result.stderr
    assert models("pull", UNHASHED).exit_code == 0
    assert models("verify").exit_code == 0


def test_verify_of_named_weights_that_are_missing_ends_with_1() -> None:
    result = models("verify", "yamnet")
    assert result.exit_code == 1
    assert "reelscribe models pull yamnet" in result.stderr


def test_verify_of_all_speaks_only_of_what_is_there() -> None:
    packaged = [entry.name for entry in selected("lite") if is_installed(entry)]
    result = models("verify")
    assert result.exit_code == 0
    assert [line.split()[1] for line in result.stdout.splitlines()] == packaged
