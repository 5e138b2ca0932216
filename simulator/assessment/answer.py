"""What the trainee states: per zone the signs seen and the aeration score, then diagnosis and severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.anatomy.zones import ZONES
from simulator.assessment.conclusions import checked_diagnosis, checked_severity
from simulator.assessment.signs import checked_signs, in_order
from simulator.errors import BadInputError

SCORES = (0, 1, 2, 3)  # the aeration score of a zone (clinical.md C.1)


@dataclass(frozen=True)
class ZoneAnswer:
    """One zone: the signs seen and the aeration score, or that it was not examined; by default nothing is stated."""

    signs: frozenset[str] = frozenset()
    score: int | None = None
    not_examined: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "signs", checked_signs(self.signs))
        if self.score is not None and (isinstance(self.score, bool) or self.score not in SCORES):
            raise BadInputError(f"score: {self.score!r} is not an aeration score; it is 0, 1, 2 or 3")
        if self.not_examined and (self.signs or self.score is not None):
            raise BadInputError("a zone that was not examined has neither signs nor a score")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was stated, not even that the zone was left out."""
        return not self.signs and self.score is None and not self.not_examined

    @property
    def is_complete(self) -> bool:
        """Whether the zone needs nothing more: a score, or the statement that it was not examined."""
        return self.not_examined or self.score is not None


@dataclass(frozen=True)
class Answer:
    """A whole answer sheet; zones that are missing were not answered."""

    zones: Mapping[str, ZoneAnswer] = field(default_factory=dict)
    diagnosis: str | None = None
    severity: str | None = None

    def __post_init__(self) -> None:
        for key in self.zones:
            checked_zone(key)
        if self.diagnosis is not None:
            checked_diagnosis(self.diagnosis)
        if self.severity is not None:
            checked_severity(self.severity)

    def zone(self, key: str) -> ZoneAnswer:
        """The answer for a zone; an empty one where nothing was stated."""
        return self.zones.get(checked_zone(key), ZoneAnswer())

    def with_zone(self, key: str, zone: ZoneAnswer) -> Answer:
        """This sheet with one zone stated anew."""
        return replace(self, zones={**self.zones, checked_zone(key): zone})

    def concluded(self, diagnosis: str | None, severity: str | None) -> Answer:
        """This sheet with another conclusion."""
        return replace(self, diagnosis=diagnosis, severity=severity)

    @property
    def missing_zones(self) -> tuple[str, ...]:
        """Zones that still need a score or the statement that they were not examined."""
        return tuple(key for key in ZONES if not self.zone(key).is_complete)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; zones in protocol order."""
        return {
            "zones": {key: zone_to_json(self.zones[key]) for key in ZONES if key in self.zones},
            "diagnosis": self.diagnosis,
            "severity": self.severity,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The inverse of `to_json`."""
        zones = {key: zone_from_json(zone) for key, zone in data["zones"].items()}
        return cls(zones, data.get("diagnosis"), data.get("severity"))


EMPTY = Answer()


def checked_zone(key: str) -> str:
    """`key`, or a BadInputError that lists the zones."""
    if key not in ZONES:
        raise BadInputError(f"zone: unknown {key!r}; known are {', '.join(ZONES)}")
    return key


def zone_to_json(zone: ZoneAnswer) -> dict[str, Any]:
    """A zone's answer as plain JSON values."""
    if zone.not_examined:
        return {"not_examined": True}
    return {"signs": list(in_order(zone.signs)), "score": zone.score}


def zone_from_json(data: Mapping[str, Any]) -> ZoneAnswer:
    """The inverse of `zone_to_json`."""
    return ZoneAnswer(frozenset(data.get("signs", ())), data.get("score"), bool(data.get("not_examined", False)))
