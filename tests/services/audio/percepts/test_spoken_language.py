from __future__ import annotations

import pytest

from services.audio.percepts.spoken_language import LanguageVotes, from_bcp47, to_bcp47
from services.common.errors import InvalidSetting

KNOWN = ("de", "en", "jw", "yue")


def test_a_language_may_be_named_with_its_region() -> None:
    assert [from_bcp47(code, KNOWN) for code in ("de", "de-AT", "DE", "en_GB", "")] == ["de", "de", "de", "en", ""]


def test_javanese_has_its_own_code_in_whisper() -> None:
    assert from_bcp47("jv", KNOWN) == "jw"
    assert to_bcp47("jw") == "jv"


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(InvalidSetting, match="tlh"):
        from_bcp47("tlh", KNOWN)


def test_a_sure_hearing_decides_for_itself() -> None:
    votes = LanguageVotes()
    assert votes.decide({"de": 0.9, "en": 0.1}, 10.0) == "de"
    assert votes.decide({"en": 0.8, "de": 0.2}, 5.0) == "en"


def test_an_unsure_one_follows_what_was_heard_before() -> None:
    votes = LanguageVotes()
    votes.decide({"de": 0.9, "en": 0.1}, 10.0)
    assert votes.decide({"lv": 0.3, "de": 0.2}, 4.0) == "de"


def test_a_plucked_string_does_not_change_the_language() -> None:
    votes = LanguageVotes()
    votes.decide({"de": 0.9, "en": 0.1}, 10.0)
    assert votes.decide({"en": 0.99}, 0.3) == "de"
