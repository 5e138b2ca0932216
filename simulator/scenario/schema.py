"""The shape of a scenario file: every key with its unit, its range and its closed vocabulary.

A scenario says what the patient *has*; scores are computed from that and never written down. The models are strict
and forbid unknown keys; `python -m simulator.scenario.schema` writes `scenarios/schema.json`, by which editors
complete and check a file while it is typed.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetPydanticSchema, Tag, model_validator
from pydantic_core import PydanticCustomError, core_schema

from simulator.anatomy.zones import ZONES
from simulator.messages import LocalText, _

SCHEMA_VERSION = 1

Zone = Literal["R1", "R2", "R3", "R4", "R5", "R6", "L1", "L2", "L3", "L4", "L5", "L6"]
Lobe = Literal["RUL", "RML", "RLL", "LUL", "LLL"]
Posture = Literal["supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right"]
Grade = Literal["mild", "moderate", "severe"]
DiagnosisKey = Literal[
    "normal", "covid_pneumonia", "ards", "cardiogenic_oedema", "bacterial_pneumonia", "pulmonary_embolism",
    "pneumothorax", "copd_asthma", "pleural_effusion", "pulmonary_fibrosis",
]  # fmt: skip
SeverityKey = Literal["minimal", "mild", "moderate", "severe", "critical"]
OxygenDevice = Literal[
    "room_air", "nasal_cannula", "simple_mask", "reservoir_mask", "high_flow_nasal", "cpap",
    "non_invasive_ventilation", "invasive_ventilation",
]  # fmt: skip


# Errors that the models themselves raise about several keys at once.
OF_A_WHOLE_PART = frozenset(
    {
        "no_language",
        "pressure_order",
        "bmi",
        "nowhere",
        "outside_zone",
        "not_of_lung",
        "effusion_size",
        "air_size",
        "patient_lacks",
        "phantom_has",
    }
)


def _fault(kind: str, text: str) -> PydanticCustomError:
    """An error of a whole part of the file, already in words for a person; `kind` is one of OF_A_WHOLE_PART."""
    return PydanticCustomError(kind, text)


class Model(BaseModel):
    """What all parts share: unknown keys are errors, nothing is converted, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_Sentence = Annotated[str, Field(min_length=1, max_length=6000)]


class _PerLanguage(Model):
    """A text in each language."""

    en: _Sentence | None = Field(default=None, description="English")
    fr: _Sentence | None = Field(default=None, description="French")

    @model_validator(mode="after")
    def _at_least_one(self) -> _PerLanguage:
        if self.en is None and self.fr is None:
            raise _fault("no_language", _("has no text in any language"))
        return self


_TextInput = Annotated[
    Annotated[_Sentence, Tag("text")] | Annotated[_PerLanguage, Tag("languages")],
    Discriminator(lambda value: "languages" if isinstance(value, dict) else "text"),
]


def _local_text(value: str | _PerLanguage) -> LocalText:
    if isinstance(value, str):
        return LocalText.of(value)
    return LocalText.of({code: text for code in ("en", "fr") if (text := getattr(value, code)) is not None})


Text = Annotated[
    LocalText,
    GetPydanticSchema(
        lambda _source, handler: core_schema.no_info_after_validator_function(_local_text, handler(_TextInput))
    ),
]


class BloodPressure(Model):
    """Arterial blood pressure."""

    systolic: int = Field(ge=40, le=280, description="mmHg")
    diastolic: int = Field(ge=20, le=180, description="mmHg")

    @model_validator(mode="after")
    def _in_order(self) -> BloodPressure:
        if self.diastolic >= self.systolic:
            raise _fault("pressure_order", _("diastolic must be lower than systolic"))
        return self


class Vitals(Model):
    """Vital signs, as on the monitor beside the bed."""

    heart_rate_per_min: int = Field(ge=30, le=220, description="beats per minute; drives the heart in the picture")
    respiratory_rate_per_min: int = Field(ge=4, le=70, description="breaths per minute; drives the lungs")
    spo2_percent: int = Field(ge=40, le=100, description="oxygen saturation by pulse oximeter, %")
    temperature_c: float = Field(ge=30.0, le=43.0, description="body temperature, degrees Celsius")
    blood_pressure_mmhg: BloodPressure = Field(description="arterial blood pressure, mmHg")


class Oxygen(Model):
    """Oxygen given while the vital signs were taken."""

    device: OxygenDevice = Field(default="room_air", description="how oxygen is given")
    flow_l_per_min: float | None = Field(default=None, gt=0.0, le=80.0, description="flow, litres per minute")
    fio2_percent: float | None = Field(default=None, ge=21.0, le=100.0, description="inspired oxygen fraction, %")


class Brief(Model):
    """What the trainee reads before scanning."""

    title: Text = Field(description="one line, without the diagnosis")
    history: Text = Field(description="history, a paragraph")
    complaint: Text = Field(description="what the patient complains of, in a sentence")
    vitals: Vitals | None = Field(default=None, description="vital signs; every patient has them, a phantom has none")
    oxygen: Oxygen = Field(default_factory=Oxygen, description="oxygen given; room air when left out")


class BodySpec(Model):
    """Who the patient is, as far as shape and place go."""

    kind: Literal["torso"] = Field(default="torso", description="a person's trunk")
    sex: Literal["female", "male"] = Field(description="sex, for the shape of the chest")
    age_years: int = Field(ge=16, le=105, description="age, years; the body model is an adult's")
    height_cm: float = Field(ge=140.0, le=210.0, description="height, cm")
    weight_kg: float = Field(ge=35.0, le=220.0, description="weight, kg")
    posture: Posture = Field(default="supine", description="how the patient lies at first; free fluid follows")

    @model_validator(mode="after")
    def _plausible(self) -> BodySpec:
        bmi = self.weight_kg / (self.height_cm / 100.0) ** 2
        if not 14.0 <= bmi <= 55.0:
            text = _("body mass index of {bmi:.1f} kg/m² is outside 14 to 55; check height_cm and weight_kg")
            raise _fault("bmi", text.format(bmi=bmi))
        return self


class PhantomBodySpec(Model):
    """A test block instead of a patient: pins and cysts at known places, for calibration and to learn the knobs."""

    kind: Literal["phantom"] = Field(description="a test block; it has no zones, and nothing is scored")
    posture: Literal["supine"] = Field(default="supine", description="a block lies still")


AnyBodySpec = Annotated[
    Annotated[BodySpec, Tag("torso")] | Annotated[PhantomBodySpec, Tag("phantom")],
    Discriminator(lambda value: value.get("kind", "torso") if isinstance(value, dict) else "torso"),
]


class PhysiologySpec(Model):
    """How the body moves, where that differs from what the vital signs and the sex suggest."""

    diaphragm_excursion_cm: float | None = Field(
        default=None, ge=0.0, le=8.0, description="quiet travel of the diaphragm, cm; 1.8 in men, 1.6 in women [V63]"
    )
    expiration_per_inspiration: float | None = Field(
        default=None, ge=0.5, le=5.0, description="expiration time over inspiration time; 2, or 1 above 25 breaths/min"
    )


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
                raise _fault("outside_zone", text.format(name=name, value=value, zone=self.zone, low=low, high=high))
        return self


class Where(Model):
    """A place in the lungs: any of the zones or points, any of the lobes, or where both are true."""

    zones: list[Zone] = Field(default=[], max_length=12, description="zones of the twelve-zone protocol")
    points: list[Point] = Field(default=[], max_length=24, description="single places, each as good as a zone")
    lobes: list[Lobe] = Field(default=[], max_length=5, description="lobes")

    @model_validator(mode="after")
    def _somewhere(self) -> Where:
        if not self.zones and not self.lobes and not self.points:
            raise _fault("nowhere", _("names no place; give zones, points or lobes"))
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
    width_mm: float = Field(ge=5.0, le=60.0, description="width at the pleura, mm")
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
            raise _fault("effusion_size", _("needs either volume_ml or depth_mm, and not both"))
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
            raise _fault("air_size", _("needs either volume_percent or lung_point_azimuth_deg, and not both"))
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
            raise _fault("not_of_lung", _("lies in the chest wall; give zones or points, not lobes"))
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
                raise _fault("phantom_has", _("a phantom has no vitals, physiology, findings and expected conclusion"))
        elif not all(given):
            missing = [name for name, there in zip(("brief.vitals", "expected"), given, strict=True) if not there]
            raise _fault("patient_lacks", _("a patient needs {missing} too").format(missing=", ".join(missing)))
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
