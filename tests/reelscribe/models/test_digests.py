"""The strictest promise there is decides whether fetched bytes are the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from reelscribe.models.digests import complaint_about
from reelscribe.models.hub import Announcement
from services.common.catalogue import WeightsFile
from tests.reelscribe.models.hub_server import git_etag_of

DATA = b"hello, weights\n"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    (tmp_path / "w.part").write_bytes(DATA)
    return tmp_path / "w.part"


def promised(*, sha256: str | None = None, md5: str | None = None) -> WeightsFile:
    return WeightsFile(path="w", sources=(), sha256=sha256, md5=md5)


def test_the_catalogues_hash_outranks_what_the_hub_says(part: Path) -> None:
    right = hashlib.sha256(DATA).hexdigest()
    assert complaint_about(part, promised(sha256=right), Announcement(sha256="0" * 64)) == ""
    assert "sha256 is" in complaint_about(part, promised(sha256="0" * 64), Announcement(sha256=right))


@pytest.mark.parametrize("digest", [hashlib.sha256(DATA).hexdigest(), "0" * 64])
def test_the_hubs_sha256_decides_where_the_catalogue_has_none(digest: str, part: Path) -> None:
    complaint = complaint_about(part, promised(), Announcement(sha256=digest))
    assert bool(complaint) == (digest == "0" * 64)


@pytest.mark.parametrize("digest", [hashlib.md5(DATA).hexdigest(), "0" * 32])
def test_the_publishers_md5_decides_alone(digest: str, part: Path) -> None:
    assert bool(complaint_about(part, promised(md5=digest), Announcement())) == (digest == "0" * 32)


@pytest.mark.parametrize("digest", [git_etag_of(DATA), "0" * 40])
def test_gits_name_is_the_sha1_of_a_header_and_the_bytes(digest: str, part: Path) -> None:
    assert bool(complaint_about(part, promised(), Announcement(git_sha1=digest))) == (digest == "0" * 40)


def test_without_any_promise_nothing_is_verified(part: Path) -> None:
    assert "nothing could be verified" in complaint_about(part, promised(), Announcement())
