"""Who the patient is: the brief, the vital signs, the body or a test block instead of one, and how it moves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from simulator.messages import _
from simulator.scenario.strict import Model, Text, fault

Posture = Literal["supine", "semi_recumbent", "sitting", "lateral_left", "lateral_right"]
OxygenDevice = Literal[
    "room_air", "nasal_cannula", "simple_mask", "reservoir_mask", "high_flow_nasal", "cpap",
    "non_invasive_ventilation", "invasive_ventilation",
]  # fmt: skip


class BloodPressure(Model):
    """Arterial blood pressure."""

    systolic: int = Field(ge=40, le=280, description="mmHg")
    diastolic: int = Field(ge=20, le=180, description="mmHg")

    @model_validator(mode="after")
    def _in_order(self) -> BloodPressure:
        if self.diastolic >= self.systolic:
            raise fault("pressure_order", _("diastolic must be lower than systolic"))
        return self


class Vitals(Model):
    """Vital signs, as on the monitor beside the bed."""

    heart_rate_per_min: int = Field(ge=30, le=220, description="beats per minute; drives the heart in the picture")
    respiratory_rate_per_min: int = Field(
        ge=0,
        le=70,
        description="breaths per minute, the ventilator's too; drives the lungs; 0 is apnoea, else 4 or more",
    )
    spo2_percent: int = Field(ge=40, le=100, description="oxygen saturation by pulse oximeter, %")
    temperature_c: float = Field(ge=30.0, le=43.0, description="body temperature, degrees Celsius")
    blood_pressure_mmhg: BloodPressure = Field(description="arterial blood pressure, mmHg")

    @model_validator(mode="after")
    def _breathing_or_not(self) -> Vitals:
        if 0 < self.respiratory_rate_per_min < 4:
            raise fault("apnoea", _("respiratory_rate_per_min is 0 in apnoea, and otherwise at least 4"))
        return self


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
            raise fault("bmi", text.format(bmi=bmi))
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
    follows_requests: bool | None = Field(
        default=None,
        description="whether the patient breathes in deeply or holds the breath when asked; all do but those in apnoea "
        "and those ventilated invasively",
    )
    breath_hold_s: float | None = Field(
        default=None,
        ge=2.0,
        le=120.0,
        description="longest breath hold after a full inspiration, s; 40, or 15 or 8 in those who are short of breath",
    )

    @model_validator(mode="after")
    def _who_holds_it(self) -> PhysiologySpec:
        if self.breath_hold_s is not None and self.follows_requests is False:
            raise fault("hold", _("breath_hold_s is of no use to a patient who follows no requests; leave it out"))
        return self
