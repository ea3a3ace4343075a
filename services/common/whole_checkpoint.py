"""What a transformers checkpoint must be: whole. No tensor is ever initialised afresh, none is left over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.common.errors import WeightsDamaged


class CheckpointIncomplete(WeightsDamaged):
    """The files do not fill the architecture exactly."""

    def __init__(self, directory: Path, *, missing: list[str], unexpected: list[str], mismatched: list[str]) -> None:
        named = {"missing": missing, "not of this architecture": unexpected, "of another shape": mismatched}
        counts = ", ".join(f"{len(names)} tensors {what} ({names[0]} ...)" for what, names in named.items() if names)
        super().__init__(f"the checkpoint {directory.name} does not fit its architecture: {counts}")
        self.missing = missing
        self.unexpected = unexpected
        self.mismatched = mismatched


def require_whole(directory: Path, loading: Mapping[str, Any]) -> None:
    """Raise CheckpointIncomplete or WeightsDamaged by what `from_pretrained(output_loading_info=True)` says."""
    missing, unexpected = sorted(loading["missing_keys"]), sorted(loading["unexpected_keys"])
    mismatched = sorted(str(key[0] if isinstance(key, tuple) else key) for key in loading["mismatched_keys"])
    if missing or unexpected or mismatched:
        raise CheckpointIncomplete(directory, missing=missing, unexpected=unexpected, mismatched=mismatched)
    if loading["error_msgs"]:
        raise WeightsDamaged(f"the checkpoint {directory.name} cannot be read: {loading['error_msgs']}")
