"""The catalogue of weights: what each set is called, whose it is, and where its files can be had."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from services.common.errors import InvalidInput

CATALOGUE_PATH = Path(__file__).with_name("models.toml")
"""The one list of weights."""

COPYLEFT_PREFIXES = ("AGPL-", "GPL-", "LGPL-")
"""SPDX names that begin so make a set of weights one that `--permissive` leaves out."""

NON_COMMERCIAL_MARK = "-NC"
"""Part of the SPDX name of licences that forbid commercial use; `--permissive` leaves those out too."""

Profile = Literal["lite", "full"]


class UnknownWeights(InvalidInput):
    """A name the catalogue does not have."""

    reason = "unknown_weights"
    fix = "reelscribe models list"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no weights are called {name!r}; known are {', '.join(known)}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSource:
    """A file of a model hub: `repo`, `file` and `revision`, or a plain `url`; `member` names a file inside that zip."""

    url: str = ""
    repo: str = ""
    file: str = ""
    revision: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePart:
    """One file inside one published package; `size_bytes` is the package's, 0 where it was not measured."""

    package: str
    version: str
    member: str
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSource:
    """A file carried by published packages, its parts to be concatenated in order."""

    registry: Literal["python", "npm"]
    parts: tuple[ArchivePart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSource:
    """A file that an installed dependency already carries: there is nothing to fetch."""

    distribution: str
    member: str


Source = HubSource | ArchiveSource | PackageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """One file as installed. `sha256` and `size_bytes` are None where only the hub knows them."""

    path: str
    sources: tuple[Source, ...]
    size_bytes: int | None = None
    sha256: str | None = None
    md5: str | None = None

    @property
    def packaged(self) -> PackageSource | None:
        """The dependency that carries this file, if one does."""
        return next((source for source in self.sources if isinstance(source, PackageSource)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One set of files that is loaded together. `optional`: in no profile, fetched only when it is named."""

    name: str
    analyzers: tuple[str, ...]
    profile: Profile
    library: str
    licence: str
    device: str
    files: tuple[WeightsFile, ...]
    optional: bool = False
    instead_of: str | None = None
    """The weights whose place these take where those are left out for their licence."""

    @property
    def copyleft(self) -> bool:
        """The licence asks that what is built with these weights be open too (AGPL, GPL, LGPL)."""
        return self.licence.startswith(COPYLEFT_PREFIXES)

    @property
    def permissive(self) -> bool:
        """Neither copyleft nor limited to non-commercial use."""
        return not self.copyleft and NON_COMMERCIAL_MARK not in self.licence

    @property
    def size_bytes(self) -> int | None:
        """Bytes on disk; None where a file's size is known to the hub only."""
        sizes = [file.size_bytes for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def read_catalogue(path: Path = CATALOGUE_PATH) -> Mapping[str, Weights]:
    """All weights by name, in the order of the file. Raises KeyError or TypeError where an entry is malformed."""
    with path.open("rb") as file:
        entries = tomllib.load(file)["weights"]
    return {entry["name"]: _weights(entry) for entry in entries}


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Weights]:
    """The shipped catalogue, read once."""
    return read_catalogue()


def selected(
    profile: Profile, *, permissive: bool = False, known: Mapping[str, Weights] | None = None
) -> tuple[Weights, ...]:
    """What a profile is made of, in the order of the catalogue. `full` is `lite` and the GPU set together.

    `permissive` leaves out what is copyleft or non-commercial, and takes what stands in for it.
    """
    profiles = ("lite",) if profile == "lite" else ("lite", "full")
    entries = (catalogue() if known is None else known).values()
    left_out = {entry.name for entry in entries if permissive and not entry.permissive}
    return tuple(
        entry
        for entry in entries
        if entry.profile in profiles
        and entry.name not in left_out
        and (not entry.optional or entry.instead_of in left_out)
    )


def find(name: str, *, known: Mapping[str, Weights] | None = None) -> Weights:
    """The catalogue's entry. Raises UnknownWeights."""
    known = catalogue() if known is None else known
    if name not in known:
        raise UnknownWeights(name, tuple(known))
    return known[name]


def _weights(entry: dict[str, Any]) -> Weights:
    files = tuple(_file(file) for file in entry["files"])
    return Weights(**{**entry, "analyzers": tuple(entry["analyzers"]), "files": files})


def _file(entry: dict[str, Any]) -> WeightsFile:
    return WeightsFile(**{**entry, "sources": tuple(_source(source) for source in entry["sources"])})


def _source(entry: dict[str, Any]) -> Source:
    values = {key: value for key, value in entry.items() if key != "kind"}
    match entry["kind"]:
        case "hub":
            return HubSource(**values)
        case "archive":
            parts = tuple(ArchivePart(**part) for part in values.pop("parts"))
            return ArchiveSource(**values, parts=parts)
        case "package":
            return PackageSource(**values)
        case kind:
            raise KeyError(f"unknown kind of source: {kind!r}")
