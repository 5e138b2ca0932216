"""Marks: expected, given, points, maximum and why, item by item, with the three parts of an examination kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import Answer, ZoneAnswer
from simulator.assessment.conclusions import BANDS_CONFIRMED, DIAGNOSES, SEVERITIES
from simulator.assessment.rubric import PARTS, Rubric
from simulator.assessment.signs import SIGNS, in_order, sign_names
from simulator.assessment.technique import Technique, technique_items
from simulator.assessment.truth import Truth, ZoneTruth
from simulator.assessment.wording import Wording, wording
from simulator.messages import N_, _


@dataclass(frozen=True)
class ScoreItem:
    """One line of the marks. `expected` and `given` are terms (message ids, translated when shown) or empty."""

    key: str  # "R3.score", "R3.signs", "diagnosis", "R3.dwell" ...
    part: str  # one of PARTS
    zone: str | None
    title: str  # message id
    expected: tuple[str, ...]
    given: tuple[str, ...]
    points: float
    max_points: float
    reasons: tuple[Wording, ...]
    clinician_confirmed: bool = False

    @property
    def why(self) -> str:
        """Why these points, in the language spoken now."""
        return " ".join(reason.text() for reason in self.reasons)

    @property
    def expected_text(self) -> str:
        """What was expected, in the language spoken now."""
        return ", ".join(map(_, self.expected)) or "–"

    @property
    def given_text(self) -> str:
        """What was given, in the language spoken now; a dash for nothing."""
        return ", ".join(map(_, self.given)) or "–"

    @property
    def full(self) -> bool:
        """Whether all points were earned."""
        return self.points >= self.max_points - 1e-9

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        data = asdict(self)
        data["reasons"] = [reason.to_json() for reason in self.reasons]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScoreItem:
        """The inverse of `to_json`."""
        terms = {name: tuple(data[name]) for name in ("expected", "given")}
        reasons = tuple(Wording.from_json(reason) for reason in data["reasons"])
        return cls(**{**data, **terms, "reasons": reasons})


@dataclass(frozen=True)
class PartScore:
    """One of the three parts. `assessed` is False where there is nothing to judge it by; it then counts for nothing."""

    part: str
    items: tuple[ScoreItem, ...]
    assessed: bool = True

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(item.points for item in self.items)

    @property
    def max_points(self) -> float:
        """Points that could be earned."""
        return sum(item.max_points for item in self.items)

    @property
    def percent(self) -> float | None:
        """Share of the points, or None where nothing could be earned."""
        return 100.0 * self.points / self.max_points if self.max_points > 0.0 else None


@dataclass(frozen=True)
class Score:
    """The marks of one attempt."""

    acquisition: PartScore
    interpretation: PartScore
    conclusion: PartScore
    total_expected: int  # sum of the zone scores, 0-36
    total_given: int | None  # of the zones that were scored; None where none was
    zones_not_examined: tuple[str, ...]
    zones_not_assessable: tuple[str, ...]

    @property
    def parts(self) -> tuple[PartScore, PartScore, PartScore]:
        """The three parts, in the order of PARTS."""
        return (self.acquisition, self.interpretation, self.conclusion)

    @property
    def items(self) -> tuple[ScoreItem, ...]:
        """All items, part by part."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def points(self) -> float:
        """Points of all assessed parts."""
        return sum(part.points for part in self.parts)

    @property
    def max_points(self) -> float:
        """Maximum of all assessed parts."""
        return sum(part.max_points for part in self.parts)

    @property
    def percent(self) -> float:
        """Share of what could be scored; 0 where nothing could."""
        return 100.0 * self.points / self.max_points if self.max_points > 0.0 else 0.0

    @property
    def confirmed(self) -> bool:
        """Whether a clinician has confirmed every rule that was applied."""
        return all(item.clinician_confirmed for item in self.items)

    def item(self, key: str) -> ScoreItem:
        """The item named `key`; KeyError where there is none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def of_zone(self, zone: str) -> tuple[ScoreItem, ...]:
        """The items of one zone."""
        return tuple(item for item in self.items if item.zone == zone)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "parts": [
                {"part": p.part, "assessed": p.assessed, "points": p.points, "max_points": p.max_points,
                 "items": [item.to_json() for item in p.items]}
                for p in self.parts
            ],
            "total_expected": self.total_expected,
            "total_given": self.total_given,
            "zones_not_examined": list(self.zones_not_examined),
            "zones_not_assessable": list(self.zones_not_assessable),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Score:
        """The inverse of `to_json`."""
        parts = [
            PartScore(p["part"], tuple(ScoreItem.from_json(item) for item in p["items"]), p["assessed"])
            for p in data["parts"]
        ]
        left_out = (tuple(data["zones_not_examined"]), tuple(data["zones_not_assessable"]))
        return cls(parts[0], parts[1], parts[2], data["total_expected"], data["total_given"], *left_out)


def score(answer: Answer, truth: Truth, rubric: Rubric, technique: Technique | None = None) -> Score:
    """Mark an answer against the truth. Without `technique` acquisition is not assessed and left out of the maximum.

    Zones that cannot be assessed with the reference preset are left out too. Changing one statement changes one item.
    """
    interpretation: list[ScoreItem] = []
    for key, zone in truth.zones.items():
        if zone.assessable:
            interpretation.append(_zone_score(zone, answer.zone(key), rubric))
            if zone.signs:
                interpretation.append(_zone_signs(zone, answer.zone(key), rubric))
    given = [answer.zone(key).score for key in ZONES]
    stated = [value for value in given if value is not None]
    acquisition = () if technique is None else tuple(_technique(technique, rubric))
    return Score(
        PartScore("acquisition", acquisition, technique is not None),
        PartScore("interpretation", tuple(interpretation)),
        PartScore("conclusion", tuple(_conclusion(answer, truth, rubric))),
        truth.total,
        sum(stated) if stated else None,
        tuple(key for key in ZONES if answer.zone(key).not_examined),
        tuple(key for key, zone in truth.zones.items() if not zone.assessable),
    )


_NOT_EXAMINED = N_("not examined")


def _zone_score(zone: ZoneTruth, given: ZoneAnswer, rubric: Rubric) -> ScoreItem:
    assert zone.score is not None
    maximum = rubric.zone_score_points
    if given.not_examined:
        points, why = 0.0, wording(N_("The zone was left out; no points, and the report says so."))
    elif given.score is None:
        points, why = 0.0, wording(N_("No score was given."))
    elif given.score == zone.score:
        points, why = maximum, wording(N_("Right."))
    elif abs(given.score - zone.score) == 1:
        points = maximum * rubric.near_fraction
        why = wording(N_("One grade too high.") if given.score > zone.score else N_("One grade too low."))
    else:
        points, why = 0.0, wording(N_("{steps} grades off."), steps=abs(given.score - zone.score))
    reasons = (why, *(() if points == maximum else _grounds(zone)))
    shown = (_NOT_EXAMINED,) if given.not_examined else () if given.score is None else (str(given.score),)
    return ScoreItem(f"{zone.zone}.score", "interpretation", zone.zone, N_("Aeration score"), (str(zone.score),), shown,
                     points, maximum, reasons, rubric.clinician_confirmed)  # fmt: skip


def _grounds(zone: ZoneTruth) -> tuple[Wording, ...]:
    """What the fields say about the worst view, in the words of the scoring rule."""
    assert zone.worst is not None
    f = zone.worst.findings
    if zone.score == 3:
        return (wording(N_("Airless lung reaches {depth} mm deep: complete loss of aeration is 3."),
                        depth=round(f.consolidation_depth_mm)),)  # fmt: skip
    if f.percent_coalescent > 0.0:
        percent = max(1, round(f.percent_coalescent))
        if zone.score == 2:
            return (wording(N_("Coalescent B-lines or consolidation take {percent} % of the pleural line in the worst "
                               "view: more than half is 2."), percent=percent),)  # fmt: skip
        return (wording(N_("Coalescent B-lines or consolidation take {percent} % of the pleural line in the worst "
                           "view: up to half is 1."), percent=percent),)  # fmt: skip
    if zone.score == 1:
        return (wording(N_("{count} separate B-lines in one rib space: three or more is 1."), count=f.n_b_lines),)
    if f.detached_mm > 0.0:
        return (
            wording(N_("A-lines over free air: 0 by the pattern, which says nothing about the lung behind the air.")),
        )
    return (wording(N_("At most two B-lines in any rib space and no consolidation: 0.")),)


def _zone_signs(zone: ZoneTruth, given: ZoneAnswer, rubric: Rubric) -> ScoreItem:
    maximum = rubric.zone_signs_points
    found, missed = given.signs & zone.signs, zone.signs - given.signs
    extra = given.signs - zone.signs - zone.accepted
    reasons: list[Wording] = []
    points = 0.0
    if given.not_examined:
        reasons.append(wording(N_("The zone was left out; no points, and the report says so.")))
    elif not given.signs:
        reasons.append(wording(N_("No sign was stated.")))
    else:
        worth = _weight(zone.signs)
        earned = _weight(found) - rubric.extra_cost * _weight(extra)
        if len(extra) > rubric.extras_allowed:
            reasons.append(wording(N_("{count} signs that are not there count as guessing."), count=len(extra)))
        else:
            points = maximum * max(0.0, earned) / worth
        if not missed and not extra:
            reasons.append(wording(N_("Right.")))
    if missed:
        reasons.append(wording(N_("Missed: {signs}."), signs=sign_names(missed)))
    if extra:
        reasons.append(wording(N_("Not there: {signs}."), signs=sign_names(extra)))
    if given.signs & zone.accepted:
        reasons.append(wording(N_("Seen elsewhere in the zone, neither asked for nor wrong: {signs}."),
                               signs=sign_names(given.signs & zone.accepted)))  # fmt: skip
    shown = (_NOT_EXAMINED,) if given.not_examined else sign_names(given.signs)
    return ScoreItem(f"{zone.zone}.signs", "interpretation", zone.zone, N_("Signs"), sign_names(zone.signs), shown,
                     points, maximum, tuple(reasons), rubric.clinician_confirmed)  # fmt: skip


def _weight(signs: Iterable[str]) -> float:
    return sum(SIGNS[key].weight for key in in_order(signs))


def _conclusion(answer: Answer, truth: Truth, rubric: Rubric) -> list[ScoreItem]:
    items = []
    if rubric.diagnosis is not None:
        maximum = rubric.diagnosis_points
        if answer.diagnosis is None:
            points, reasons = 0.0, [wording(N_("No diagnosis was given."))]
        elif answer.diagnosis == rubric.diagnosis:
            points, reasons = maximum, [wording(N_("Right."))]
        elif answer.diagnosis in rubric.diagnosis_accepted:
            points = maximum * rubric.accepted_fraction
            reasons = [wording(N_("Defensible, but another diagnosis fits better."))]
        else:
            points, reasons = 0.0, [wording(N_("Another diagnosis fits the picture."))]
        if points < maximum:
            reasons.append(wording(N_("Typical: {picture}"), picture=DIAGNOSES[rubric.diagnosis].picture))
        shown = () if answer.diagnosis is None else (DIAGNOSES[answer.diagnosis].name,)
        items.append(ScoreItem("diagnosis", "conclusion", None, N_("Diagnosis"), (DIAGNOSES[rubric.diagnosis].name,),
                               shown, points, maximum, tuple(reasons), rubric.clinician_confirmed))  # fmt: skip
    expected = rubric.severity or truth.severity
    maximum = rubric.severity_points
    order = list(SEVERITIES)
    band = SEVERITIES[truth.severity]
    if answer.severity is None:
        points, why = 0.0, wording(N_("No severity was given."))
    elif answer.severity == expected:
        points, why = maximum, wording(N_("Right."))
    elif abs(order.index(answer.severity) - order.index(expected)) == 1:
        points, why = maximum * rubric.near_fraction, wording(N_("One band off."))
    else:
        points, why = 0.0, wording(N_("More than one band off."))
    total = wording(N_("The true total is {total} of 36; the band {low}-{high} is called: {band}."), total=truth.total,
                    low=band.low, high=band.high, band=band.name)  # fmt: skip
    shown = () if answer.severity is None else (SEVERITIES[answer.severity].name,)
    items.append(ScoreItem("severity", "conclusion", None, N_("Severity"), (SEVERITIES[expected].name,), shown, points,
                           maximum, (why, total), rubric.clinician_confirmed and BANDS_CONFIRMED))  # fmt: skip
    return items


def _technique(technique: Technique, rubric: Rubric) -> list[ScoreItem]:
    return [
        ScoreItem(i.key, "acquisition", i.zone, i.title, i.expected, i.given, i.fraction * i.max_points, i.max_points,
                  i.reasons, rubric.clinician_confirmed)
        for i in technique_items(technique, rubric)
    ]  # fmt: skip


__all__ = ["PARTS", "PartScore", "Score", "ScoreItem", "score"]
