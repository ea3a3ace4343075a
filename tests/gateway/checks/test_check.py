from __future__ import annotations

from gateway.checks.check import AGREES, crossed, worded
from services.common.time import span_s
from tests.gateway.told import cuts


def test_a_check_is_labelled_with_its_topic_and_names_its_evidence():
    result = cuts(1, 2)
    found = crossed(
        "heard_and_seen", AGREES, (1.0, 3.0), claim="bark", counterpart="dog", evidence=reversed(result.findings)
    )
    assert (found.label, found.cross_check.topic, found.cross_check.verdict) == ("heard_and_seen",) * 2 + (AGREES,)
    assert span_s(found.span) == (1.0, 3.0)
    assert list(found.evidence_ids) == ["cut_analysis/1", "cut_analysis/2"]
    assert not found.cross_check.HasField("overlap")


def test_labels_are_told_as_words():
    assert worded("cell_phone") == "cell phone"
