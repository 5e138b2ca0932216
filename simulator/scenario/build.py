"""From a scenario to its patient: what the author wrote, in the terms of anatomy, physiology and pathology."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from simulator.anatomy.arms import arms_or_usual
from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.phantom import phantom_body
from simulator.anatomy.zones import ZONES
from simulator.assessment.rubric import Rubric
from simulator.pathology.bake import bake_findings
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.effusion import ML, Effusion
from simulator.pathology.fields import healthy
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.pleural_irregularity import PleuralIrregularity
from simulator.pathology.pneumothorax import Pneumothorax
from simulator.pathology.region import Region, Spot
from simulator.pathology.registry import Finding
from simulator.pathology.sliding_loss import SlidingLoss
from simulator.pathology.subcutaneous_emphysema import SubcutaneousEmphysema
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.respiration import Respiration
from simulator.scenario.covid import covid_findings
from simulator.scenario.load import Scenario
from simulator.scenario.patient_spec import BodySpec, Vitals
from simulator.scenario.schema import (
    ConsolidationSpec,
    CovidSpec,
    EffusionSpec,
    FindingSpec,
    InterstitialSpec,
    PleuralIrregularitySpec,
    PneumothoraxSpec,
    Point,
    ScenarioSpec,
    SlidingLossSpec,
    SubcutaneousEmphysemaSpec,
    Where,
)
from simulator.units import CM, MM

Progress = Callable[[str, float], None]  # what is being done, share done 0..1

EXCURSION_CM = {"male": 1.8, "female": 1.6}  # quiet diaphragm excursion [V63]
TACHYPNOEA_PER_MIN = 25  # above it expiration is as short as inspiration (E.5 [B])
DEEP_CM = {"male": 7.0, "female": 5.7}  # travel of the diaphragm in a deep breath (E.5 [B])
MOST_DEEP_CM = 9.0  # ... where an author has it travel far in quiet breathing already: above 70 + 11 mm (E.5 [B])
# Longest breath hold after a full inspiration, s, for whom it is: above this many breaths a minute, or below this
# saturation. Well people hold it for most of a minute, those who are short of breath for some seconds [P].
BREATH_HOLDS_S = ((30, 90, 8.0), (20, 94, 15.0))  # (breaths per minute, SpO2 %, s), the shortest first [P]
WELL_HOLD_S = 40.0  # [P]
BRONCHOGRAMS: dict[str, Literal["none", "static", "dynamic", "fluid"]] = {
    "none": "none", "air": "static", "dynamic_air": "dynamic", "fluid": "fluid",
}  # fmt: skip
STRENGTH = {"mild": 0.55, "moderate": 0.75, "severe": 1.0}  # [P]
BODY_SHARE = 0.85  # of the progress bar; the findings have the rest


def build(scenario: Scenario, progress: Progress | None = None, posture: str | None = None, arms: str = "") -> Patient:
    """The patient of `scenario`; `progress` is told the share done and what is being done. `arms`: "" is as usual."""
    from simulator.anatomy.cache import load_body

    spec = scenario.spec
    if spec.is_phantom:
        return phantom_patient(spec)
    posture = posture or spec.body.posture
    body = load_body(habitus_of(spec), posture, _part(progress, 0.0, BODY_SHARE), arms)
    return patient_of(spec, body, posture, _part(progress, BODY_SHARE, 1.0), arms)


def patient_of(
    spec: ScenarioSpec, body: Body, posture: str | None = None, progress: Progress | None = None, arms: str = ""
) -> Patient:
    """The patient of `spec` with a body that is already there."""
    posture = posture or spec.body.posture
    return Patient(
        body=body,
        findings=bake_findings(body, findings_of(spec), spec.seed, posture, progress),
        respiration=respiration_of(spec),
        heart=Heart(float(_vitals(spec).heart_rate_per_min)),
        posture=posture,
        arms=arms_or_usual(posture, arms),
        seed=spec.seed,
    )


def phantom_patient(spec: ScenarioSpec) -> Patient:
    """A test block: nothing in it moves, nothing is ill."""
    body = phantom_body()
    return Patient(body, healthy(body.grid), Respiration(excursion_m=0.0), Heart(0.0), seed=spec.seed)


def _vitals(spec: ScenarioSpec) -> Vitals:
    assert spec.brief.vitals is not None  # the schema has seen to it
    return spec.brief.vitals


def _torso(spec: ScenarioSpec) -> BodySpec:
    assert isinstance(spec.body, BodySpec)
    return spec.body


def habitus_of(spec: ScenarioSpec) -> Habitus:
    """The body's shape."""
    body = _torso(spec)
    return Habitus(body.sex, float(body.age_years), body.height_cm * CM, body.weight_kg)


def respiration_of(spec: ScenarioSpec) -> Respiration:
    """Breathing, from the vital signs and the sex where the file does not say otherwise."""
    rate = _vitals(spec).respiratory_rate_per_min
    given = spec.physiology
    excursion_cm = given.diaphragm_excursion_cm
    ratio = given.expiration_per_inspiration
    if ratio is None:
        ratio = 1.0 if rate > TACHYPNOEA_PER_MIN else 2.0
    if excursion_cm is None:
        excursion_cm = EXCURSION_CM[_torso(spec).sex]
    usual = DEEP_CM[_torso(spec).sex] / EXCURSION_CM[_torso(spec).sex]
    deep = max(1.0, min(usual, MOST_DEEP_CM / max(excursion_cm, 0.1)))  # in proportion: shallow breaths, shallow depths
    return Respiration(
        float(rate), 1.0 / (1.0 + ratio), excursion_cm * CM, deep, follows_requests(spec), breath_hold_s(spec)
    )


def follows_requests(spec: ScenarioSpec) -> bool:
    """Whether the patient does what they are asked to do with the breath."""
    given = spec.physiology.follows_requests
    awake = spec.brief.oxygen.device != "invasive_ventilation" and _vitals(spec).respiratory_rate_per_min > 0
    return awake if given is None else given


def breath_hold_s(spec: ScenarioSpec) -> float:
    """The longest breath hold after a full inspiration: the author's, or by how short of breath the patient is."""
    vitals, given = _vitals(spec), spec.physiology.breath_hold_s
    if given is not None:
        return given
    for rate, spo2_percent, seconds in BREATH_HOLDS_S:
        if vitals.respiratory_rate_per_min > rate or vitals.spo2_percent < spo2_percent:
            return seconds
    return WELL_HOLD_S


def findings_of(spec: ScenarioSpec) -> list[Finding]:
    """What disease changed, in the terms of `pathology`. A finding without a seed has its place in the file."""
    out: list[Finding] = []
    for number, finding in enumerate(spec.findings):
        if isinstance(finding, CovidSpec):
            seed = finding.seed if finding.seed is not None else spec.seed
            parts = covid_findings(finding.day, finding.severity, seed)
            out += [_finding(part, 1000 * (number + 1) + index) for index, part in enumerate(parts)]
        else:
            out.append(_finding(finding, number + 1))
    return out


def _finding(spec: FindingSpec, number: int) -> Finding:
    if isinstance(spec, CovidSpec):
        raise TypeError("a covid finding is made of other findings")
    if isinstance(spec, EffusionSpec):
        side = 1.0 if spec.side == "right" else -1.0
        return Effusion(
            side,
            None if spec.volume_ml is None else spec.volume_ml * ML,
            None if spec.depth_mm is None else spec.depth_mm * MM,
            spec.content,
            number,
        )
    if isinstance(spec, PneumothoraxSpec):
        side = 1.0 if spec.side == "right" else -1.0
        share = None if spec.volume_percent is None else spec.volume_percent / 100.0
        return Pneumothorax(side, share, spec.lung_point_azimuth_deg, number)
    region = _region(spec.where)
    seed = spec.seed if spec.seed is not None else number
    if isinstance(spec, InterstitialSpec):
        return Interstitial(
            region, spec.pattern, spec.percent_of_pleura, STRENGTH[spec.severity], spec.spacing_mm * MM, seed
        )
    if isinstance(spec, PleuralIrregularitySpec):
        return PleuralIrregularity(region, spec.percent_of_pleura, STRENGTH[spec.severity], seed)
    if isinstance(spec, SlidingLossSpec):
        return SlidingLoss(region, spec.percent / 100.0, seed)
    if isinstance(spec, SubcutaneousEmphysemaSpec):
        return SubcutaneousEmphysema(region, spec.percent_of_skin, STRENGTH[spec.severity], seed)
    if isinstance(spec, ConsolidationSpec):
        return Consolidation(
            region, spec.depth_mm * MM, spec.extent, spec.border, BRONCHOGRAMS[spec.bronchograms], seed
        )
    return SubpleuralConsolidation(region, spec.depth_mm * MM, spec.width_mm * MM, spec.count, seed)


def _region(where: Where) -> Region:
    spots = tuple(_spot(point) for point in where.points)
    return Region(tuple(where.zones), tuple(where.lobes), spots)


def _spot(point: Point) -> Spot:
    zone = ZONES[point.zone]
    azimuth_deg = zone.centre[0] if point.azimuth_deg is None else point.azimuth_deg
    height = zone.centre[1] if point.height is None else point.height
    return Spot(zone.sign * math.radians(azimuth_deg), height, point.radius_mm * MM)


def rubric_of(spec: ScenarioSpec) -> Rubric:
    """The right conclusion, and the points where they differ from the usual."""
    points = spec.teaching.rubric.model_dump(exclude_none=True)
    expected = spec.expected
    if expected is None:
        return Rubric(diagnosis="normal", **points)  # of a test block; nothing is asked
    return Rubric(expected.diagnosis, tuple(expected.also_accepted), expected.severity, **points)


def _part(progress: Progress | None, start: float, stop: float) -> Progress | None:
    if progress is None:
        return None
    return lambda what, share: progress(what, start + (stop - start) * share)
