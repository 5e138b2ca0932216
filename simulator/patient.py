"""The patient: a pure, immutable description (body + motion + findings) and its state at a time.

The renderer and the ground truth both read this; neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import BREATHING_CHANNELS, VESSELS, Body
from simulator.anatomy.breast import in_gland
from simulator.geometry import FloatArray
from simulator.pathology.fields import LUNG_CHANNELS, SOFT_CHANNEL, SPACE_CHANNELS, FindingFields, in_fluid_bronchus
from simulator.pathology.lenses import airless_m
from simulator.physiology.airways import from_hilum
from simulator.physiology.floating import IN_FLUID, floating_share, sway_m
from simulator.physiology.heart import Heart, artery_now_m
from simulator.physiology.requests import Requests
from simulator.physiology.respiration import Respiration, slide_m
from simulator.physiology.sliding import PULSE_M, air_now_m, attached, fluid_now_m, lung_descent_m
from simulator.tissue import Tissue

HEART_WALL_M = 0.010  # left ventricular wall at end-diastole, 6-10 mm [B]
HEART_THICKENING = 0.4  # of the wall in systole, about 40 % [B]
HEART_INWARD_M = 0.006  # inward motion of the outer wall in systole [B]


@dataclass(frozen=True)
class Patient:
    """One patient, constant in time."""

    body: Body
    findings: FindingFields
    respiration: Respiration = field(default_factory=Respiration)
    heart: Heart = field(default_factory=Heart)
    posture: str = "supine"
    arms: str = ""  # one of anatomy.arms.ARMS; "": as usual in the posture
    seed: int = 0

    def at(self, time_s: float, requests: Requests = ()) -> PatientState:
        """The patient at a time, asked so far to do `requests` with the breath; a pure function.

        `time_s = 0` is end-expiration and end-diastole.
        """
        return PatientState(self, time_s, requests)


@dataclass(frozen=True)
class PatientState:
    """A patient at one instant."""

    patient: Patient
    time_s: float
    requests: Requests = ()

    @cached_property
    def breath(self) -> float:
        """Lung filling: 0 at end-expiration, 1 at quiet end-inspiration, more in a deep breath."""
        return self.patient.respiration.breath(self.time_s, self.requests)

    @cached_property
    def diaphragm_descent_m(self) -> float:
        """How far the diaphragm, and what hangs on it, is below its end-expiratory level."""
        return self.patient.respiration.excursion_m * self.breath

    @cached_property
    def farthest_lung_descent_m(self) -> float:
        """The most that any part of the lung is caudal of its place at end-expiration and end-diastole."""
        quiet_m = self.patient.respiration.excursion_m
        return float(slide_m(self.diaphragm_descent_m, quiet_m, np.array(np.inf))) + PULSE_M * self.contraction

    @cached_property
    def contraction(self) -> float:
        """0 end-diastole .. 1 end-systole."""
        return self.patient.heart.contraction(self.time_s)

    @cached_property
    def bronchi_shift_m(self) -> float:
        """How far the air in the bronchi has moved away from the hilum since end-expiration."""
        return self.patient.findings.bronchi_shift_m * self.breath

    def in_bronchi(self, points_lung: FloatArray) -> FloatArray:
        """Where the air in the bronchi at points (..., 3) of `in_lung` was at end-expiration."""
        body = self.patient.body
        return points_lung - self.bronchi_shift_m * from_hilum(points_lung, body.axis_y_m, body.notch_to_rib10_m)

    def in_fluid(self, points_torso: FloatArray) -> FloatArray:
        """Where the fluid at points (..., 3), and the lung that floats in it, was before breath and heart moved it."""
        floating = self.patient.findings.floating
        share = floating_share(points_torso, floating.tip_m, floating.reach_m)
        sway = share * sway_m(self.diaphragm_descent_m, self.contraction)
        return np.asarray(points_torso - sway[..., None] * np.asarray(floating.direction))

    def nearing_m(self, points_torso: FloatArray) -> FloatArray:
        """Descent of the diaphragm (...) that fluid at points (..., 3) gives way to: none of it where lung floats."""
        floating = self.patient.findings.floating
        return self.diaphragm_descent_m * (1.0 - floating_share(points_torso, floating.tip_m, floating.reach_m))

    def in_lung(self, points_torso: FloatArray) -> FloatArray:
        """Lung coordinates (where it was at end-expiration) of points (..., 3): x - u_lung(x, t); u is caudal."""
        body = self.patient.body
        moved = np.array(points_torso, dtype=np.float64)
        moved[..., 2] += lung_descent_m(
            self.diaphragm_descent_m,
            self.patient.respiration.excursion_m,
            body.height_fraction(points_torso),
            self.finding("sliding_loss", points_torso),
            self.finding("air", points_torso),
            body.sample("heart", points_torso),
            self.contraction,
        )
        return moved

    def distance_m(self, name: str, points_torso: FloatArray) -> FloatArray:
        """Signed distance to body channel `name` (VESSELS too) at points (..., 3) now, metres."""
        points = points_torso
        if name in BREATHING_CHANNELS:
            points = np.asarray(points_torso) + np.array([0.0, 0.0, self.diaphragm_descent_m])
        distance = self.patient.body.sample(name, points)
        if name == "artery":
            return artery_now_m(distance, self.contraction)
        return distance + HEART_INWARD_M * self.contraction if name == "heart" else distance

    def finding(self, name: str, points_torso: FloatArray) -> FloatArray:
        """Finding field `name` (of LUNG_CHANNELS or SPACE_CHANNELS, or SOFT_CHANNEL) at points (..., 3) now.

        Where free air lies against the wall there is neither fluid nor anything of the lung. SOFT_CHANNEL is gas in the
        chest wall, which stands still.
        """
        findings = self.patient.findings
        if name == SOFT_CHANNEL:
            return findings.soft.sample(points_torso)
        if name in SPACE_CHANNELS:
            points = self.in_fluid(points_torso) if name in IN_FLUID else points_torso
            value = findings.grid.sample(findings.space[..., SPACE_CHANNELS.index(name)], points)
            if name == "air":
                return air_now_m(value, self.diaphragm_descent_m)
            if name == "fluid":
                value = fluid_now_m(value, self.nearing_m(points_torso))
        else:
            array = findings.lung[..., LUNG_CHANNELS.index(name)]
            points = self.in_lung(points_torso)
            if name == "bronchogram":
                points = self.in_bronchi(points)
                return (
                    findings.bronchi.sample(points) if findings.bronchi.present else findings.grid.sample(array, points)
                )
            value = findings.grid.sample(array, points)
            if name == "consolidation" and len(findings.lenses):
                depth = -self.patient.body.sample("pleura", points_torso)
                value = np.minimum(value, airless_m(findings.lenses, points, depth))
        if name in ("fluid", "consolidation"):
            return np.maximum(value, -self.finding("air", points_torso))
        if name in ("interstitial", "roughness"):
            return value * attached(self.finding("air", points_torso))
        return value

    def tissue(self, points_torso: FloatArray) -> npt.NDArray[np.uint8]:
        """What each point (..., 3) is made of, as `Tissue` values; a point outside the skin is AIR."""
        d = {name: self.distance_m(name, points_torso) for name in _CLASSIFIED}
        body = self.patient.body
        label = np.full(np.shape(d["skin"]), Tissue.FAT, dtype=np.uint8)
        label[d["skin"] > -body.skin_thickness_m] = Tissue.SKIN
        label[in_gland(body, points_torso, d["skin"], d["muscle"])] = Tissue.GLAND
        label[d["muscle"] < 0.0] = Tissue.MUSCLE
        inside = d["pleura"] < 0.0
        below = inside & (d["diaphragm"] < 0.0)
        label[inside] = Tissue.LUNG
        solid = inside & (self.finding("consolidation", points_torso) < 0.0)
        bronchi = self.finding("bronchogram", points_torso)
        label[solid & (bronchi > 0.0)] = Tissue.CONSOLIDATION  # in the bronchi is air, or fluid
        label[solid & in_fluid_bronchus(bronchi)] = Tissue.FLUID
        label[inside & (self.finding("fluid", points_torso) < 0.0)] = Tissue.FLUID
        label[inside & (d["mediastinum"] < 0.0)] = Tissue.MEDIASTINUM
        label[below] = Tissue.ABDOMEN
        for name, tissue in _ABDOMINAL:
            label[below & (d[name] < 0.0)] = tissue
        # the muscle itself: a sheet on the dome, and along the wall where the diaphragm lies against it
        sheet = (d["diaphragm"] > -body.diaphragm_thickness_m) | (d["pleura"] > -body.diaphragm_thickness_m)
        label[below & sheet] = Tissue.DIAPHRAGM
        in_heart = inside & ~below & (d["heart"] < 0.0)
        wall = HEART_WALL_M * (1.0 + HEART_THICKENING * self.contraction)
        label[in_heart] = np.where(d["heart"][in_heart] > -wall, Tissue.HEART, Tissue.BLOOD)
        free = ~in_heart & ~below
        label[free & (np.minimum(d["artery"], d["vein"]) < 0.0)] = Tissue.BLOOD
        label[free & (d["trachea"] < 0.0)] = Tissue.TRACHEA
        label[d["cartilage"] < 0.0] = Tissue.CARTILAGE
        label[d["bone"] < 0.0] = Tissue.BONE
        label[(d["skin"] > 0.0) | (self.finding(SOFT_CHANNEL, points_torso) < 0.0)] = Tissue.AIR
        return label if body.phantom is None else body.phantom.tissue(points_torso, label)


_CLASSIFIED = ("skin", "muscle", "bone", "cartilage", "pleura", "diaphragm", "liver", "spleen", "heart", "mediastinum",
               "kidney", "stomach", *VESSELS)  # fmt: skip
_ABDOMINAL = (
    ("kidney", Tissue.KIDNEY),
    ("stomach", Tissue.STOMACH_GAS),
    ("spleen", Tissue.SPLEEN),
    ("liver", Tissue.LIVER),
)
