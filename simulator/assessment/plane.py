"""What the patient's fields say about one image plane: the truth beside an image, never read from its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.assessment.pleural_line import PlaneFindings, PleuralLine, plane_findings
from simulator.assessment.section import (
    Array,
    BoolArray,
    Section,
    field_values,
    first_below_zero,
    first_gas,
    section,
)
from simulator.geometry import Placement
from simulator.pathology.fields import FAR_M as FAR_BRONCHI_M
from simulator.pathology.fields import SOFT_CHANNEL, in_fluid_bronchus
from simulator.patient import HEART_THICKENING, HEART_WALL_M, PatientState
from simulator.physiology.respiration import sliding_fraction
from simulator.physiology.sliding import attached, pulse_m
from simulator.probe import ScanLines
from simulator.tissue import Tissue
from simulator.units import MM

NORMAL_STEP_M = 1.5 * MM  # half the base of the central difference that gives the pleural normal
PROBE_BEHIND_M = 0.5 * MM  # how far behind the pleura it is asked what lies there
FINE_STEP_M = 0.5 * MM  # step at which thicknesses of fluid and airless lung are summed
SURFACE_M = 0.3 * MM  # gas this near to where a line meets its first gas is that gas
NEIGHBOUR_M = 5.0 * MM  # pleural points of adjacent lines farther apart belong to different surfaces


@dataclass(frozen=True)
class PlaneTruth:
    """One image plane. Depths are below the probe face, as the image shows them (so a firm hand makes them smaller).

    `gas_depth_m` (lines,) first gas interface, nan where none, 0 where the face is not coupled; `gas` (lines,) which
    gas it is, as `Tissue`. `rib` (lines,): bone is met before any gas, so what lies behind is in its shadow.
    `rib_depth_m` (lines,) that bone, nan where none. `pleura_depth_m` (lines,) the inner chest wall where lung lies
    behind it, ribs or not. `coupled` (lines,). `tissue` (lines, samples) `Tissue` labels at the middle of each
    sample, or None where they were not asked for. `findings` is what the plane shows.
    """

    gas_depth_m: Array
    gas: npt.NDArray[np.uint8]
    rib: BoolArray
    rib_depth_m: Array
    pleura_depth_m: Array
    coupled: BoolArray
    tissue: npt.NDArray[np.uint8] | None
    findings: PlaneFindings
    pleural_line: PleuralLine


def plane_truth(
    state: PatientState, placement: Placement, lines: ScanLines, samples: int, labels: bool = True
) -> PlaneTruth:
    """The truth of the plane that `lines` of a probe at `placement` see, `samples` deep.

    Without `labels` the tissue of each sample is left out, which halves the time (sweeps).
    """
    plane = section(state, placement, lines, samples * lines.sample_spacing_m)
    gas, kind = first_gas(plane)
    gas = _displayed(plane, gas)
    bone = _displayed(plane, first_below_zero(plane, "bone"))
    rib = ~np.isnan(bone) & ~(gas <= bone) & plane.coupled
    line = _pleural_line(plane, gas, rib)
    pleura = np.where(line.surface, _displayed(plane, first_below_zero(plane, "pleura")), np.nan)
    return PlaneTruth(
        gas_depth_m=np.where(plane.coupled, plane.shown_m(gas), 0.0),
        gas=np.where(plane.coupled, kind, np.uint8(Tissue.AIR)).astype(np.uint8),
        rib=rib,
        rib_depth_m=np.where(rib, plane.shown_m(bone), np.nan),
        pleura_depth_m=plane.shown_m(pleura),
        coupled=plane.coupled,
        tissue=_labels(plane, samples, lines.sample_spacing_m) if labels else None,
        findings=plane_findings(line),
        pleural_line=line,
    )


def _displayed(plane: Section, torso_depth_m: Array) -> Array:
    """Torso depths with those below the displayed depth made nan (the last lattice node lies a little deeper)."""
    return np.where(plane.shown_m(torso_depth_m) <= plane.depth_m, torso_depth_m, np.nan)


def _pleural_line(plane: Section, gas_m: Array, rib: BoolArray) -> PleuralLine:
    """The lung's surface along the lines, with what lies on and behind it."""
    state = plane.state
    pleura = _displayed(plane, first_below_zero(plane, "pleura"))
    behind = pleura + PROBE_BEHIND_M
    # Nearer gas than the pleura hides it; below the dome, or over heart and mediastinum, there is no lung behind it.
    surface = plane.coupled & ~np.isnan(pleura) & ~(gas_m < pleura - PROBE_BEHIND_M)
    for name in ("diaphragm", "mediastinum", "heart"):
        surface &= np.nan_to_num(plane.at(name, behind), nan=-1.0) >= 0.0
    points = plane.points_torso(np.nan_to_num(pleura))
    cosine = _pleural_cosine(plane, points)
    aerated_m = _displayed(plane, first_gas(plane, bronchi=False)[0])  # air in the bronchi ends no consolidation
    end = np.fmin(np.where(np.isnan(aerated_m), np.inf, aerated_m), plane.node_m[-1])
    fluid, airless = _thickness_m(plane, pleura, end)
    interface = plane.points_torso(np.where(np.isnan(gas_m), np.nan_to_num(pleura), gas_m))
    values = field_values(state, interface)
    respiration = state.patient.respiration
    air = state.finding("air", points)
    free = (1.0 - state.finding("sliding_loss", points)) * attached(air)
    slide = respiration.excursion_m * sliding_fraction(state.patient.body.height_fraction(points)) * free
    beat = pulse_m(state.patient.body.sample("heart", points), float(state.patient.heart.rate_per_min > 0.0))
    beat = beat * attached(air)
    gap = np.linalg.norm(np.diff(points, axis=0), axis=1)
    joined = surface[1:] & surface[:-1] & (gap < NEIGHBOUR_M)
    half = np.where(joined, 0.5 * gap, 0.0)
    length = np.zeros(len(surface))
    length[:-1] += half
    length[1:] += half
    # "interstitial" is the density of traps on a gas interface; without one on the line there is none to see.
    aerated = ~np.isnan(gas_m)
    in_wall = plane.coupled & (np.nan_to_num(plane.at(SOFT_CHANNEL, gas_m), nan=1.0) < SURFACE_M) & ~rib
    apart = np.linalg.norm(np.diff(interface, axis=0), axis=1)
    side = np.where(in_wall[1:] & in_wall[:-1], 0.5 * np.minimum(apart, NEIGHBOUR_M), 0.0)
    return PleuralLine(
        surface=surface,
        visible=surface & ~rib,
        length_mm=np.where(surface, length, 0.0) / MM,
        interstitial=np.where(surface & aerated, values["interstitial"], 0.0),
        roughness=np.where(surface, values["roughness"], 0.0),
        consolidation_mm=np.where(surface, airless * cosine, 0.0) / MM,
        effusion_mm=np.where(surface, fluid * cosine, 0.0) / MM,
        incidence_deg=np.degrees(np.arccos(np.clip(cosine, 0.0, 1.0))),
        sliding_mm=(slide if respiration.rate_per_min > 0.0 else np.zeros_like(slide)) / MM,
        pulse_mm=beat / MM,
        detached=surface & (air < 0.0),
        wall_gas_mm=(np.pad(side, (0, 1)) + np.pad(side, (1, 0))) / MM,
    )


def _pleural_cosine(plane: Section, points: Array) -> Array:
    """Cosine (lines,) of the angle between each line and the inward normal of the pleura at `points` (lines, 3)."""
    body = plane.state.patient.body
    steps = NORMAL_STEP_M * np.concatenate([np.eye(3), -np.eye(3)])
    d = body.sample("pleura", points[:, None, :] + steps[None, :, :]).astype(np.float64)
    gradient = d[:, :3] - d[:, 3:]
    size = np.linalg.norm(gradient, axis=1)
    along = -np.sum(gradient * plane.directions_torso, axis=1)
    return np.asarray(np.divide(along, size, out=np.ones_like(along), where=size > 0.0))


def _thickness_m(plane: Section, pleura_m: Array, end_m: Array) -> tuple[Array, Array]:
    """Length of fluid and of airless lung (lines,) along each line between the pleura and `end_m` (torso depth)."""
    none = np.zeros(len(pleura_m))
    if not any((plane.distances_m[name] < 0.0).any() for name in ("fluid", "consolidation")):
        return none, none
    s = FINE_STEP_M * (np.arange(round(plane.node_m[-1] / FINE_STEP_M)) + 0.5)
    between = (s[None, :] >= np.nan_to_num(pleura_m, nan=np.inf)[:, None]) & (s[None, :] < end_m[:, None])
    between &= plane.resampled("diaphragm", s) >= 0.0
    between &= (plane.resampled("mediastinum", s) >= 0.0) & (plane.resampled("heart", s) >= 0.0)
    fluid = between & (plane.resampled("fluid", s) < 0.0)
    airless = between & (plane.resampled("consolidation", s) < 0.0) & ~fluid
    return FINE_STEP_M * fluid.sum(axis=1), FINE_STEP_M * airless.sum(axis=1)


_ABDOMINAL = (
    ("kidney", Tissue.KIDNEY),
    ("stomach", Tissue.STOMACH_GAS),
    ("spleen", Tissue.SPLEEN),
    ("liver", Tissue.LIVER),
)


def _labels(plane: Section, samples: int, spacing_m: float) -> npt.NDArray[np.uint8]:
    """`Tissue` labels (lines, samples), by the precedence of `PatientState.tissue`, with gel where it couples."""
    shown = spacing_m * (np.arange(samples) + 0.5)
    s = plane.torso_depth_m(shown)
    body = plane.state.patient.body
    sheet = body.diaphragm_thickness_m
    cache: dict[str, npt.NDArray[np.float32]] = {}

    def under(name: str, limit_m: float = 0.0) -> BoolArray | None:
        """Where a distance is below `limit_m`, or None where it nowhere is (most organs, in most planes)."""
        coarse = plane.distances_m[name]
        if float(coarse.min()) >= limit_m:
            return None
        if name not in cache:
            cache[name] = plane.along(name, s)
        return np.asarray(cache[name] < limit_m)

    label = np.full((len(plane.entry_m), samples), Tissue.FAT, dtype=np.uint8)

    def paint(where: BoolArray | None, tissue: Tissue) -> None:
        if where is not None:
            np.copyto(label, np.uint8(tissue), where=where)

    skin = plane.along("skin", s)
    paint(skin > -body.skin_thickness_m, Tissue.SKIN)
    paint(under("muscle"), Tissue.MUSCLE)
    inside = under("pleura")
    blocked: list[BoolArray] = []
    if inside is not None:
        paint(inside, Tissue.LUNG)
        airless = under("consolidation")
        if airless is not None:
            bronchi = under("bronchogram")
            paint(airless & inside if bronchi is None else airless & inside & ~bronchi, Tissue.CONSOLIDATION)
            if float(plane.distances_m["bronchogram"].max()) > FAR_BRONCHI_M:
                paint(airless & inside & in_fluid_bronchus(plane.along("bronchogram", s)), Tissue.FLUID)
        for name, tissue in (("fluid", Tissue.FLUID),
                             ("mediastinum", Tissue.MEDIASTINUM)):  # fmt: skip
            where = under(name)
            paint(None if where is None else where & inside, tissue)
        below = under("diaphragm")
        if below is not None:
            below &= inside
            paint(below, Tissue.ABDOMEN)
            for name, tissue in _ABDOMINAL:
                where = under(name)
                paint(None if where is None else where & below, tissue)
            paint(below & ((cache["diaphragm"] > -sheet) | (cache["pleura"] > -sheet)), Tissue.DIAPHRAGM)
        heart = under("heart")
        if heart is not None:
            heart &= inside if below is None else inside & ~below
            wall = HEART_WALL_M * (1.0 + HEART_THICKENING * plane.state.contraction)
            paint(heart, Tissue.BLOOD)
            paint(heart & (cache["heart"] > -wall), Tissue.HEART)
        blocked = [where for where in (heart, below) if where is not None]
    for name, tissue in (("vein", Tissue.BLOOD), ("artery", Tissue.BLOOD), ("trachea", Tissue.TRACHEA)):
        where = under(name)
        if where is not None:
            for other in blocked:
                where &= ~other
            paint(where, tissue)
    paint(under("cartilage"), Tissue.CARTILAGE)
    paint(under("bone"), Tissue.BONE)
    paint(skin > 0.0, Tissue.AIR)
    paint(under(SOFT_CHANNEL), Tissue.AIR)
    if body.phantom is not None:  # its cysts are smaller than what the lattice holds
        points = plane.origins_torso[:, None, :] + plane.directions_torso[:, None, :] * s[..., None]
        label = body.phantom.tissue(points, label)
    gel = plane.coupled[:, None] & (s < np.nan_to_num(plane.entry_m, nan=-1.0)[:, None])
    paint(gel, Tissue.GEL)
    label[~plane.coupled] = Tissue.AIR
    return label
