"""Which services are there, and what they can do: learnt from the signs of life of their replicas."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from gateway.insight import Insight, describe, readable
from reelscribe.v1.analyzer_pb2 import Analyzer, Reason, Setting
from reelscribe.v1.bus_pb2 import Presence
from services.common.errors import InvalidSetting, UnknownAnalyzer


def absence(service: str) -> Reason:
    """Why nothing of a service is in a report."""
    message = f"no replica of the service {service} is there"
    return Reason(code="service_absent", message=message, fix=f"reelscribe serve {service}")


class Registry:
    """Descriptions are remembered after their service has gone: its analyzers are still expected, and fail by name."""

    def __init__(
        self,
        services: Iterable[str],
        clock: Callable[[], float] = time.monotonic,
        insights: Sequence[type[Insight]] = (),
    ) -> None:
        self.services = tuple(services)
        self._insights = tuple(insights)
        self._clock = clock
        self._born_s = clock()
        self._last_seen_s: dict[str, float] = {}
        self._analyzers: dict[str, dict[str, Analyzer]] = {}

    def __repr__(self) -> str:
        return f"Registry({', '.join(f'{service}: {len(names)}' for service, names in self._analyzers.items())})"

    def take(self, presence: Presence) -> None:
        """Note a sign of life. A farewell is one, too: another replica has as long to come as after a death."""
        self._last_seen_s[presence.service] = self._clock()
        if presence.ready:
            self._analyzers[presence.service] = {item.name: item for item in presence.analyzers}

    def absent_s(self, service: str) -> float:
        """Seconds since any replica of the service was seen; since the start, if none was."""
        return self._clock() - self._last_seen_s.get(service, self._born_s)

    @property
    def age_s(self) -> float:
        """How long signs of life have been listened for."""
        return self._clock() - self._born_s

    def unknown_services(self) -> list[str]:
        """Services an analysis should use of which nothing is known yet."""
        return [service for service in self.services if service not in self._analyzers]

    @property
    def deserted(self) -> bool:
        """No service has ever announced itself, though some should."""
        return not self._analyzers and bool(self.services)

    def analyzers(self) -> list[Analyzer]:
        """All that are known, by service and in the service's own order; last, the insights that can read them."""
        looking = self._looking()
        insights = readable(self._insights, (item.name for item in looking))
        return [*looking, *(describe(insight) for insight in insights)]

    def absent_service(self, service: str) -> Analyzer:
        """Stands in an analysis for all analyzers of a service nothing is known of, so that it cannot go unnoticed."""
        return Analyzer(name=service, service=service, unavailable=absence(service))

    def choose(self, names: Iterable[str]) -> list[Analyzer]:
        """The named ones in the report's order; all, with what is absent, if none is named. Raises UnknownAnalyzer."""
        wanted = list(names)
        if not wanted:
            absent = [self.absent_service(service) for service in self.unknown_services()]
            looking = self._looking()
            insights = readable(self._insights, (item.name for item in looking))
            return [*looking, *absent, *(describe(insight) for insight in insights)]
        # An insight asked for by name answers, even if only that there is nothing here for it to read.
        known = {item.name: item for item in [*self._looking(), *map(describe, self._insights)]}
        for name in wanted:
            if name not in known:
                raise UnknownAnalyzer(name, tuple(known))
        return [item for item in known.values() if item.name in wanted]

    def check_settings(self, settings: Iterable[Setting]) -> None:
        """Raises InvalidSetting for a name that no analyzer has."""
        known = {setting.name for item in self.analyzers() for setting in item.settings}
        for setting in settings:
            if setting.name not in known:
                raise InvalidSetting(f"no analyzer has a setting {setting.name!r}")

    def _looking(self) -> list[Analyzer]:
        ordered = [*self.services, *(service for service in self._analyzers if service not in self.services)]
        return [item for service in ordered for item in self._analyzers.get(service, {}).values()]
