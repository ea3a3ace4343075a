from __future__ import annotations

import pytest

from services.common.errors import InvalidSetting
from services.common.service import OFF_BY_POLICY
from services.vision.percepts.face_policy import ORDER, FacesSettings, accept, allows, declined


def test_each_use_allows_itself_and_what_comes_before() -> None:
    assert [[allows(use, needed) for needed in ORDER] for use in ORDER] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_request_may_ask_for_less_and_not_for_more() -> None:
    own = FacesSettings(use="geometry")
    accept(own, FacesSettings(use="off"))
    accept(own, FacesSettings(use="geometry"))
    with pytest.raises(InvalidSetting, match="geometry at most"):
        accept(own, FacesSettings(use="attributes"))


def test_who_needs_more_than_is_allowed_says_so() -> None:
    reason = declined({object: FacesSettings(use="geometry")}, "attributes")
    assert reason is not None
    assert reason.code == OFF_BY_POLICY
    assert "attributes" in reason.message
    assert declined({object: FacesSettings(use="geometry")}, "geometry") is None
    assert declined({}, "attributes") is None
