"""The shipped catalogue is consistent, and its licences decide what a permissive set leaves out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.common.catalogue import (
    CATALOGUE_PATH,
    NON_COMMERCIAL_MARK,
    ArchiveSource,
    HubSource,
    PackageSource,
    UnknownWeights,
    Weights,
    WeightsFile,
    catalogue,
    find,
    read_catalogue,
    selected,
)

ENTRIES = tuple(catalogue().values())
FILES = [pytest.param(entry, file, id=f"{entry.name}/{file.path}") for entry in ENTRIES for file in entry.files]


def test_names_are_unique() -> None:
    names = re.findall(r'^name = "(.+)"$', CATALOGUE_PATH.read_text(), flags=re.MULTILINE)
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(catalogue())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_is_complete(entry: Weights) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", entry.name)
    assert entry.analyzers or entry.name == "hibari-heart", "only the demo speaks with a voice"
    assert entry.profile in ("lite", "full")
    assert entry.device in ("cpu", "cuda")
    assert re.fullmatch(r"[A-Za-z0-9.-]+", entry.licence)
    assert len({file.path for file in entry.files}) == len(entry.files) > 0


@pytest.mark.parametrize(("entry", "file"), FILES)
def test_every_file_has_a_source_and_a_plain_name(entry: Weights, file: WeightsFile) -> None:
    assert file.sources
    assert Path(file.path).name == file.path
    assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)
    assert file.md5 is None or re.fullmatch("[0-9a-f]{32}", file.md5)
    assert (file.sha256 is None) == (file.size_bytes is None)


@pytest.mark.parametrize(("entry", "file"), FILES)
def test_a_file_without_a_hash_comes_from_a_hub_only(entry: Weights, file: WeightsFile) -> None:
    if file.sha256 is None:
        assert all(isinstance(source, HubSource) for source in file.sources)
        assert entry.profile == "full"


@pytest.mark.parametrize(("entry", "file"), FILES)
def test_hubs_come_before_carriers_and_every_source_is_whole(entry: Weights, file: WeightsFile) -> None:
    kinds = [type(source) for source in file.sources]
    assert kinds == sorted(kinds, key=(PackageSource, HubSource, ArchiveSource).index)
    for source in file.sources:
        match source:
            case HubSource():
                assert source.url.startswith("https://") != bool(source.repo and source.file and source.revision)
            case ArchiveSource():
                assert source.parts
                assert all(part.package and part.version and part.member for part in source.parts)
            case PackageSource():
                assert len(file.sources) == 1


def test_lite_needs_no_hub() -> None:
    for entry in selected("lite"):
        for file in entry.files:
            assert any(not isinstance(source, HubSource) for source in file.sources), f"{entry.name}/{file.path}"


def test_full_is_lite_and_more() -> None:
    lite, full = selected("lite"), selected("full")
    assert {entry.name for entry in lite} < {entry.name for entry in full}
    assert "qwen2-vl-7b" in {entry.name for entry in full}
    assert "qwen2-vl-2b" not in {entry.name for entry in full}, "an alternative is fetched only by name"


def test_permissive_leaves_out_what_is_copyleft() -> None:
    assert find("yolo11n").copyleft
    assert "yolo11n" in {entry.name for entry in selected("lite")}
    permissive = selected("full", permissive=True)
    assert "efficientdet-lite0" in {entry.name for entry in permissive}
    assert "efficientdet-lite0" not in {entry.name for entry in selected("full")}
    assert not {entry.name for entry in permissive} & {"yolo11n", "yolo11x", "yolo11n-pose", "yolo11x-pose"}
    assert {entry.licence for entry in permissive} <= {"MIT", "Apache-2.0", "CC-BY-4.0", "CC0-1.0"}


def test_permissive_leaves_out_what_is_not_for_commerce() -> None:
    scenes = find("segformer-b2-ade20k")
    assert NON_COMMERCIAL_MARK in scenes.licence
    assert not scenes.copyleft
    assert scenes in selected("full")
    assert scenes not in selected("full", permissive=True)


@pytest.mark.parametrize(
    ("licence", "permissive"),
    [
        ("MIT", True),
        ("CC-BY-4.0", True),
        ("CC0-1.0", True),
        ("AGPL-3.0-only", False),
        ("GPL-2.0-or-later", False),
        ("LGPL-2.1-only", False),
        ("CC-BY-NC-4.0", False),
        ("LicenseRef-NVIDIA-NC", False),
    ],
)
def test_a_licence_says_whether_it_is_permissive(licence: str, permissive: bool, tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(
        f'''
        [[weights]]
        name = "w"
        analyzers = ["a"]
        profile = "lite"
        library = "l"
        licence = "{licence}"
        device = "cpu"
        [[weights.files]]
        path = "w.bin"
        sources = [{{ kind = "hub", url = "https://hub.example/w.bin" }}]
        '''
    )
    known = read_catalogue(path)
    assert known["w"].permissive is permissive
    assert bool(selected("lite", permissive=True, known=known)) is permissive


def test_a_source_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text('[[weights]]\nname = "w"\nanalyzers = []\n[[weights.files]]\nsources = [{ kind = "torrent" }]\n')
    with pytest.raises(KeyError, match="torrent"):
        read_catalogue(path)


def test_an_unknown_name_says_which_are_known() -> None:
    with pytest.raises(UnknownWeights, match=r"no weights are called 'yolo99'; known are transnetv2, ") as caught:
        find("yolo99")
    assert caught.value.fix == "reelscribe models list"
