from __future__ import annotations

from pathlib import Path

import pytest

from services.common.errors import WeightsDamaged
from services.common.whole_checkpoint import CheckpointIncomplete, require_whole

HOME = Path("models/some-network")


def loading(**told: object) -> dict[str, object]:
    return {"missing_keys": [], "unexpected_keys": set(), "mismatched_keys": [], "error_msgs": [], **told}


def test_a_whole_checkpoint_passes() -> None:
    require_whole(HOME, loading())


def test_what_is_wrong_is_counted_and_named() -> None:
    with pytest.raises(CheckpointIncomplete) as refused:
        require_whole(HOME, loading(missing_keys={"b", "a"}, unexpected_keys=["x"], mismatched_keys=[("m", 1, 2)]))
    assert (refused.value.missing, refused.value.unexpected, refused.value.mismatched) == (["a", "b"], ["x"], ["m"])
    assert "some-network" in str(refused.value)
    assert "2 tensors missing (a ...), 1 tensors not of this architecture (x ...)" in str(refused.value)
    assert refused.value.reason == "weights_damaged"


def test_what_the_library_complains_of_is_damage() -> None:
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        require_whole(HOME, loading(error_msgs=["size mismatch"]))
