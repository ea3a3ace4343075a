"""A hub on port 0, for the tests of every source."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reelscribe.models.hub_server import Hub, running_hub


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub
