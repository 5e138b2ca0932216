"""The shape of a scenario file: every key with its unit, its range and its closed vocabulary.

A scenario says what the patient *has*; scores are computed from that and never written down. The models are strict
and forbid unknown keys; `python -m simulator.scenario.schema` writes `scenarios/schema.json`, by which editors
complete and check a file while it is typed.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from simulator.anatomy.zones import ZONES
from simulator.messages import _
from simulator.scenario.patient_spec import AnyBodySpec, Brief, PhantomBodySpec, PhysiologySpec
from simulator.scenario.strict import Model, Text, fault

SCHEMA_VERSION = 1

Zone = Literal["R1", "R2", "R3", "R4", "R5", "R6", "L1", "L2", "L3", "L4", "L5", "L6"]
Lobe = Literal["RUL", "RML", "RLL", "LUL", "LLL"]
Grade = Literal["mild", "moderate", "severe"]
DiagnosisKey = Literal[
    "normal", "covid_pneumonia", "ards", "cardiogenic_oedema", "bacterial_pneumonia", "pulmonary_embolism",
    "pneumothorax", "copd_asthma", "pleural_effusion", "pulmonary_fibrosis", "unventilated_lung",
]  # fmt: skip
SeverityKey = Literal["minimal", "mild", "moderate", "severe", "critical"]


class Point(Model):
    """A round place on the chest, inside a zone."""

    zone: Zone = Field(description="the zone that it lies in, which also says the side")
    azimuth_deg: float | None = Field(
        default=None, ge=0.0, le=180.0, description="degrees round the chest from the front; the zone's middle"
    )
    height: float | None = Field(
        default=None, ge=-0.1, le=1.2, description="from the notch, 0, to the tenth rib, 1; the zone's middle"
    )
    radius_mm: float = Field(default=15.0, ge=5.0, le=80.0, description="radius of the place, mm")

    @model_validator(mode="after")
    def _in_its_zone(self) -> Point:
        zone = ZONES[self.zone]
        ranges = (("azimuth_deg", self.azimuth_deg, zone.azimuth_deg), ("height", self.height, zone.height))
        for name, value, (low, high) in ranges:
            if value is not None and not low <= value <= high:
                text = _("{name} {value:g} is not in zone {zone}; there it is {low:g} to {high:g}")
                raise fault("outside_zone", text.format(name=name, value=value, zone=self.zone, low=low, high=high))
        return self


class Where(Model):
    """A place in the lungs: any of the zones or points, any of the lobes, or where both are true."""

    zones: list[Zone] = Field(default=[], max_length=12, description="zones of the twelve-zone protocol")
    points: list[Point] = Field(default=[], max_length=24, description="single places, each as good as a zone")
    lobes: list[Lobe] = Field(default=[], max_length=5, description="lobes")

    @model_validator(mode="after")
    def _somewhere(self) -> Where:
        if not self.zones and not self.lobes and not self.points:
            raise fault("nowhere", _("names no place; give zones, points or lobes"))
        return self


_KIND: Any = Field(description="what kind of finding this is")


class _Placed(Model):
    where: Where = Field(description="where it is; an extent holds in each zone, and at each point, by itself")
    seed: int | None = Field(default=None, ge=0, le=2**31, description="another arrangement of the same finding")


class InterstitialSpec(_Placed):
    """Interstitial syndrome: from single B-lines to white lung."""

    kind: Literal["interstitial"] = _KIND
    pattern: Literal["b_lines", "coalescent", "white_lung", "light_beam"] = Field(description="how the B-lines lie")
    percent_of_pleura: float = Field(gt=0.0, le=100.0, description="share of the pleural surface affected, %")
    spacing_mm: float = Field(default=7.0, ge=5.0, le=30.0, description="between B-lines of b_lines, mm; B7 is 7 [V21]")
    severity: Grade = Field(default="moderate", description="how densely the affected surface is filled")


class PleuralIrregularitySpec(_Placed):
    """Irregular, thickened, interrupted pleural line."""

    kind: Literal["pleural_irregularity"] = _KIND
    percent_of_pleura: float = Field(gt=0.0, le=100.0, description="share of the pleural surface affected, %")
    severity: Grade = Field(default="moderate", description="from wavy (mild) to interrupted (severe)")


class SubpleuralConsolidationSpec(_Placed):
    """Small consolidations that sit on the pleura."""

    kind: Literal["subpleural_consolidation"] = _KIND
    depth_mm: float = Field(ge=3.0, le=30.0, description="depth below the pleura, mm; Covid-typical under 15 [V34]")
    width_mm: float = Field(ge=3.0, le=60.0, description="width at the pleura, mm")
    count: int = Field(
        default=1, ge=1, le=8, description="how many in each zone and at each point (or lobe, where none is named)"
    )


class ConsolidationSpec(_Placed):
    """Lobar or hemilobar, tissue-like consolidation."""

    kind: Literal["consolidation"] = _KIND
    depth_mm: float = Field(ge=20.0, le=150.0, description="depth below the pleura, mm; over 30 is lobar [V33]")
    extent: Literal["lobar", "hemilobar"] = Field(default="lobar", description="all of the place, or its lower half")
    border: Literal["regular", "shred"] = Field(
        default="regular", description="deep border: along a fissure, or ragged"
    )
    bronchograms: Literal["none", "air", "dynamic_air", "fluid"] = Field(
        default="air",
        description="what fills the bronchi inside; dynamic air moves with the breath, in all bronchi; fluid is black",
    )


class EffusionSpec(Model):
    """Free pleural effusion; it lies where gravity takes it."""

    kind: Literal["effusion"] = _KIND
    side: Literal["right", "left"] = Field(description="which side of the chest")
    volume_ml: float | None = Field(default=None, gt=0.0, le=3000.0, description="how much fluid, ml")
    depth_mm: float | None = Field(default=None, gt=0.0, le=120.0, description="or how deep at its deepest, mm")
    content: Literal["simple", "complex", "septated"] = Field(
        default="simple", description="clear, with swirling echoes, or with membranes as well"
    )

    @model_validator(mode="after")
    def _one_size(self) -> EffusionSpec:
        if (self.volume_ml is None) == (self.depth_mm is None):
            raise fault("effusion_size", _("needs either volume_ml or depth_mm, and not both"))
        return self


class PneumothoraxSpec(Model):
    """Free air between lung and chest wall; it lies uppermost, and its edge moves with the breath."""

    kind: Literal["pneumothorax"] = _KIND
    side: Literal["right", "left"] = Field(description="which side of the chest")
    volume_percent: float | None = Field(default=None, gt=0.0, le=90.0, description="share of the side that is air, %")
    lung_point_azimuth_deg: float | None = Field(
        default=None, ge=5.0, le=150.0, description="or how far it reaches: degrees from the front at mid-chest"
    )

    @model_validator(mode="after")
    def _one_size(self) -> PneumothoraxSpec:
        if (self.volume_percent is None) == (self.lung_point_azimuth_deg is None):
            raise fault("air_size", _("needs either volume_percent or lung_point_azimuth_deg, and not both"))
        return self


class SlidingLossSpec(_Placed):
    """Lung that slides less, or not at all: stuck to the wall, airless, or not ventilated. The heart's pulse stays."""

    kind: Literal["sliding_loss"] = _KIND
    percent: float = Field(default=100.0, gt=0.0, le=100.0, description="share of the sliding that is lost, %")


class SubcutaneousEmphysemaSpec(_Placed):
    """Gas in the chest wall, which hides ribs and pleura; it stands still. Placed by zones or points, not by lobes."""

    kind: Literal["subcutaneous_emphysema"] = _KIND
    percent_of_skin: float = Field(gt=0.0, le=100.0, description="share of the skin of the place with gas under it, %")
    severity: Grade = Field(default="moderate", description="from sheets on the muscle to gas in the fat as well")

    @model_validator(mode="after")
    def _of_the_wall(self) -> SubcutaneousEmphysemaSpec:
        if self.where.lobes:
            raise fault("not_of_lung", _("lies in the chest wall; give zones or points, not lobes"))
        return self


class CovidSpec(Model):
    """A whole Covid pneumonia of a given day, drawn at random within the published distributions."""

    kind: Literal["covid"] = _KIND
    day: int = Field(ge=1, le=30, description="days since the first symptoms")
    severity: Grade = Field(description="how ill the patient is")
    seed: int | None = Field(default=None, ge=0, le=2**31, description="another patient of the same day and severity")


FindingSpec = Annotated[
    InterstitialSpec
    | PleuralIrregularitySpec
    | SubpleuralConsolidationSpec
    | ConsolidationSpec
    | EffusionSpec
    | SlidingLossSpec
    | PneumothoraxSpec
    | SubcutaneousEmphysemaSpec
    | CovidSpec,
    Field(discriminator="kind"),
]


class Question(Model):
    """A question for discussion, with its answer."""

    ask: Text = Field(description="the question")
    answer: Text = Field(description="the answer, shown in the debrief")


class RubricSpec(Model):
    """What the parts of the exam are worth in this case; what is left out keeps its usual worth."""

    zone_score_points: float | None = Field(default=None, ge=0.0, le=100.0, description="per zone: aeration score")
    zone_signs_points: float | None = Field(default=None, ge=0.0, le=100.0, description="per zone: signs")
    diagnosis_points: float | None = Field(default=None, ge=0.0, le=100.0, description="diagnosis")
    severity_points: float | None = Field(default=None, ge=0.0, le=100.0, description="severity")
    dwell_points: float | None = Field(default=None, ge=0.0, le=100.0, description="per zone: looked at long enough")
    square_points: float | None = Field(default=None, ge=0.0, le=100.0, description="per zone: square to the pleura")


class Teaching(Model):
    """What the case teaches."""

    level: Literal["beginner", "intermediate", "advanced"] = Field(description="for whom")
    questions: list[Question] = Field(default=[], max_length=12, description="questions for discussion")
    rubric: RubricSpec = Field(default_factory=RubricSpec, description="points, where they differ from the usual")
    debrief: Text = Field(description="what to take home, shown after the exam")


class Expected(Model):
    """The right conclusion. Zone scores, total and severity band are computed from the findings, not written here."""

    diagnosis: DiagnosisKey = Field(description="the diagnosis")
    also_accepted: list[DiagnosisKey] = Field(default=[], max_length=4, description="defensible; earn half")
    severity: SeverityKey | None = Field(
        default=None, description="only where the band of the computed total would be wrong"
    )


class ScenarioSpec(Model):
    """A scenario: one patient, one lesson."""

    schema_version: Literal[1] = Field(description="version of this format")
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$", description="name of the file without .yaml")
    seed: int = Field(default=0, ge=0, le=2**31, description="of everything random in this patient")
    brief: Brief = Field(description="what the trainee reads before scanning")
    body: AnyBodySpec = Field(description="the patient's body, or a test block")
    physiology: PhysiologySpec = Field(default_factory=PhysiologySpec, description="how the body moves")
    findings: list[FindingSpec] = Field(default=[], max_length=60, description="what disease changed; empty is healthy")
    expected: Expected | None = Field(default=None, description="the right conclusion; a phantom has none")
    teaching: Teaching = Field(description="what the case teaches")

    @model_validator(mode="after")
    def _patient_or_phantom(self) -> ScenarioSpec:
        given = (self.brief.vitals is not None, self.expected is not None)
        if isinstance(self.body, PhantomBodySpec):
            if any(given) or self.findings or self.physiology != PhysiologySpec():
                raise fault("phantom_has", _("a phantom has no vitals, physiology, findings and expected conclusion"))
        elif not all(given):
            missing = [name for name, there in zip(("brief.vitals", "expected"), given, strict=True) if not there]
            raise fault("patient_lacks", _("a patient needs {missing} too").format(missing=", ".join(missing)))
        vitals = self.brief.vitals
        if vitals is not None and vitals.respiratory_rate_per_min == 0 and self.physiology.follows_requests:
            raise fault("apnoea_follows", _("a patient in apnoea cannot follow requests; leave follows_requests out"))
        return self

    @property
    def is_phantom(self) -> bool:
        """Whether this is a test block: without zones, for practice only."""
        return isinstance(self.body, PhantomBodySpec)


def json_schema() -> dict[str, Any]:
    """The JSON schema that editors read."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ScenarioSpec.model_json_schema()}


def json_schema_text() -> str:
    """`scenarios/schema.json` as it should be."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from simulator.resources import resource_dir

    target = resource_dir("scenarios") / "schema.json"
    target.write_text(json_schema_text(), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
