"""How does a baked body compare with what is published about chests? Measures beyond those of `doctor`.

Ribs (clinical.md E.2), chest wall by zone (D.4), levels of lung and diaphragm (E.4), volumes of the lobes, sizes of
liver, spleen and kidneys, and whether the grid fits the body.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import TEXTURES, Body
from simulator.anatomy.contact import point_on_skin, skin_normal
from simulator.anatomy.dimensions import UNCOMPRESSED, dimensions, wall_thickness_m
from simulator.anatomy.doctor import Check, volume_l
from simulator.anatomy.filling import OBESE_BMI
from simulator.anatomy.lobes import LOBES, lobe_distances_m
from simulator.anatomy.mesh import organ_distance
from simulator.anatomy.organs import kidney_length_m, liver_volume_l
from simulator.anatomy.spine import LUMBAR_M
from simulator.anatomy.torso import breast_m
from simulator.anatomy.zones import ZONES
from simulator.units import MM

RIBS = tuple(range(2, 11))  # whose sections are measured: 1, 11 and 12 are shorter and flatter
RIB_HEIGHT_MM = (12.0, 17.0)  # section means of 6 rib segments [D from V51b]
RIB_THICKNESS_MM = (6.0, 10.0)  # likewise
# Bony arc lengths of ribs 1-12 of a man of mean stature, mm [B, E.2]; women's are in proportion to their stature [P].
RIB_ARC_MM = (140.0, 230.0, 270.0, 295.0, 315.0, 330.0, 330.0, 320.0, 290.0, 250.0, 190.0, 120.0)
RIB_ARC_TOLERANCE = 0.12  # [B, E.2]
MEAN_MALE_STATURE_M = 1.756  # [V62]
# Root mean square distance of a rib from the plane that fits it: "well fitted" [V61], the number is ours [P].
RIB_PLANE_MM = 1.5
# Slope of a rib from its head to its front end, seen from the side, degrees: rib 1, 2-7, 8-10 [B, E.2], +- 15 [P].
RIB_SLOPE_DEG = (30.0, 45.0, 60.0)
RIB_SLOPE_TOLERANCE_DEG = 15.0
# Vertebra beside the notch and beside the sternal angle: T2-T3 and T4-T5, a half more to either side [V66b]; beside the
# lowest point of the costal margin, supine: L3 [B], a half more to either side [P]. In the middle of T1 it is 0.5.
NOTCH_VERTEBRA, ANGLE_VERTEBRA, MARGIN_VERTEBRA = (1.5, 3.5), (3.5, 5.5), (13.5, 15.5)
T12_OF_LUMBAR = 0.9  # height of the twelfth thoracic vertebra over that of a lumbar one, discs included [B]
WALL_TOLERANCE = 0.15  # of D.4's T(zone, BMI, sex) at a zone's centre [P]
WALL_LEAST_TOLERANCE_M = 3.0 * MM  # and at least this [P]
LOBE_PERCENT = {  # of both lungs, lying at full inspiration: least and most of 32 people [V78]
    "RUL": (11.8, 22.7), "RML": (6.6, 13.8), "RLL": (22.3, 34.0), "LUL": (18.1, 26.6), "LLL": (19.4, 28.7),
}  # fmt: skip
LOBE_SLACK_PERCENT = 4.0  # at end-expiration the lower lobes have emptied more than the upper [P]
RIGHT_LUNG_PERCENT = (50.6, 57.4)  # [V78]
# Level of the lung's lower border, as the number of the rib there: mid-clavicular, mid-axillary, mid-scapular [V64]
BORDER_RIB = {"mid-clavicular": 6.0, "mid-axillary": 8.0, "mid-scapular": 10.0}
BORDER_TOLERANCE_RIBS = 0.75  # [P]
MID_SCAPULAR_DEG = 150.0  # azimuth [P]
RIGHT_DOME_RIB = (4.0, 5.2)  # fourth space to fifth rib in the mid-clavicular line, lying, end-expiration [B, E.4]
RIGHT_DOME_OBESE_RIB = 3.0  # as high as this at BMI 35: the belly lifts it, from BMI 25 on [P]
DOMES_APART_MM = (10.0, 20.0)  # the left one is about 15 mm lower [B, E.4]
APEX_ABOVE_CLAVICLE_MM = (15.0, 35.0)  # 25 mm above its medial third [V64], +- 10 [P]
NOTCH_FROM_MIDLINE_MM = (25.0, 55.0)  # left lung at the sixth cartilage: 40 mm [V64c], or 25 [V64]
LIVER_TOLERANCE = 0.25  # of the volume that weight, age and sex lead one to expect [P]
SPLEEN_ML = (107.0, 314.0)  # of 140 people, whatever their size [V81b]
KIDNEY_TOLERANCE_MM = 2.0 * 8.1  # two residual SD of its length by weight and stature [D V81a]
AIR_AROUND_MM = (8.0, 14.0)  # between the skin and the sides of the grid
Distance = npt.NDArray[np.floating]


def rib_sections(body: Body) -> list[Check]:
    """Height and thickness of ribs 2-10 at the middle of their course, felt in the field."""
    size = dimensions(body.habitus)
    checks = []
    for side in "RL":
        for number in RIBS:
            line = body.curves[f"rib_{side}{number}"].astype(float)
            middle = len(line) // 2
            tangent = line[middle + 2] - line[middle - 2]
            tangent /= np.linalg.norm(tangent)
            step = 2.0 * MM * np.eye(3)
            outward = np.array([float(body.sample("pleura", line[middle] + s) - body.sample("pleura", line[middle] - s))
                                for s in step])  # fmt: skip
            outward -= np.dot(outward, tangent) * tangent
            outward /= np.linalg.norm(outward)
            thick = _extent_mm(body, "bone", line[middle], outward)
            high = _extent_mm(body, "bone", line[middle], np.cross(tangent, outward))
            own = size.rib_height_m / ((14.5 if body.habitus.sex == "male" else 12.7) * MM)  # stature over the mean
            low, most = RIB_HEIGHT_MM
            checks.append(Check(f"rib height {side}{number}", high, "mm", low * min(1.0, own), most * max(1.0, own)))
            low, most = RIB_THICKNESS_MM
            checks.append(Check(f"rib thickness {side}{number}", thick, "mm", low * min(1.0, own), most))
    return checks


def rib_arcs(body: Body) -> list[Check]:
    """Bony lengths of the ribs against those of E.2, in proportion to stature."""
    checks = []
    for number, length_mm in enumerate(RIB_ARC_MM, start=1):
        expected = length_mm * body.habitus.height_m / MEAN_MALE_STATURE_M
        steps = np.diff(body.curves[f"rib_R{number}"].astype(float), axis=0)
        value = float(np.linalg.norm(steps, axis=1).sum()) / MM
        low, high = (1.0 - RIB_ARC_TOLERANCE) * expected, (1.0 + RIB_ARC_TOLERANCE) * expected
        checks.append(Check(f"rib arc {number}", value, "mm", low, high))
    return checks


def rib_planes(body: Body) -> list[Check]:
    """How far ribs 2-10 are from the planes that fit them."""
    checks = []
    for number in RIBS:
        line = body.curves[f"rib_R{number}"].astype(float)
        off = np.linalg.svd(line - line.mean(axis=0))[1][2] / math.sqrt(len(line))
        checks.append(Check(f"rib off its plane {number}", float(off) / MM, "mm", 0.0, RIB_PLANE_MM))
    return checks


def rib_slopes(body: Body) -> list[Check]:
    """Slope of ribs 1-10 from head to front end, seen from the side."""
    checks = []
    for number in range(1, 11):
        line = body.curves[f"rib_R{number}"].astype(float)
        _, forwards, upwards = line[-1] - line[0]
        wanted = RIB_SLOPE_DEG[0 if number == 1 else 1 if number < 8 else 2]
        value, spread = math.degrees(math.atan2(-upwards, forwards)), RIB_SLOPE_TOLERANCE_DEG
        checks.append(Check(f"rib slope {number}", value, "deg", wanted - spread, wanted + spread))
    return checks


def vertebral_levels(body: Body) -> list[Check]:
    """Which vertebra stands beside notch, sternal angle and the lowest ribs' front ends: what the ribs' slope rests on.

    The head of rib n is above the nth thoracic vertebra; the lumbar ones follow below.
    """
    heads = [float(body.curves[f"rib_R{number}"][0][2]) for number in range(1, 13)]
    lumbar = LUMBAR_M * body.habitus.height_m / MEAN_MALE_STATURE_M
    tops = np.array([*heads, *(heads[-1] - (T12_OF_LUMBAR + n) * lumbar for n in range(5))])
    margin = float(body.curves["rib_R10"][-1][2] - 0.5 * dimensions(body.habitus).rib_height_m)
    checks = []
    for name, z, limits in (
        ("notch", 0.0, NOTCH_VERTEBRA), ("sternal angle", body.landmarks["sternal_angle"][2], ANGLE_VERTEBRA),
        ("costal margin", margin, MARGIN_VERTEBRA),
    ):  # fmt: skip
        level = float(np.interp(-z, -tops, np.arange(float(len(tops)))))
        checks.append(Check(f"vertebra beside the {name}", level, "T", *limits))
    return checks


def organ_sizes(body: Body) -> list[Check]:
    """Volumes of liver and spleen, and the length of the longer kidney."""
    liver = volume_l(body, organ_distance(body, "liver"))
    spleen_ml = 1e3 * volume_l(body, organ_distance(body, "spleen"))
    rows = np.flatnonzero((organ_distance(body, "kidney") < 0.0)[:, :, body.grid.shape[2] // 2 :].any(axis=(1, 2)))
    length_mm = rows.size * body.grid.spacing_m / MM
    wanted_l, wanted_mm = liver_volume_l(body.habitus), kidney_length_m(body.habitus) / MM
    spread = KIDNEY_TOLERANCE_MM
    return [
        Check("liver", liver, "l", (1.0 - LIVER_TOLERANCE) * wanted_l, (1.0 + LIVER_TOLERANCE) * wanted_l),
        Check("spleen", spleen_ml, "ml", *SPLEEN_ML),
        Check("kidney length", length_mm, "mm", wanted_mm - spread, wanted_mm + spread),
    ]


def wall_thicknesses(body: Body) -> list[Check]:
    """Skin to pleura at the centre of each zone along the skin's normal, against D.4; the breast may add to it."""
    checks = []
    for key, zone in ZONES.items():
        azimuth = math.radians(zone.centre[0]) * zone.sign
        point = point_on_skin(body, azimuth, -zone.centre[1] * body.notch_to_rib10_m)
        depth = np.arange(0.0, 0.15, 0.5 * MM)
        inner = np.asarray(body.sample("pleura", point - depth[:, None] * skin_normal(body, point))) < 0.0
        value = float(depth[int(np.argmax(inner))]) if inner.any() else math.nan
        expected = UNCOMPRESSED * wall_thickness_m(body.habitus, zone.region, zone.level)
        spread = max(WALL_TOLERANCE * expected, WALL_LEAST_TOLERANCE_M)
        most = expected + spread + (breast_m(body.habitus) if zone.region == "anterior" else 0.0)
        checks.append(Check(f"chest wall {key}", value / MM, "mm", (expected - spread) / MM, most / MM))
    return checks


def lobe_shares(body: Body) -> list[Check]:
    """Each lobe's share of both lungs, and the right lung's."""
    lung = organ_distance(body, "lung")
    at = np.flatnonzero(lung < 0.0)
    iz, iy, ix = np.unravel_index(at, lung.shape)
    x, y, z = body.grid.axes_m()
    points = np.stack([x[ix], y[iy], z[iz]], axis=-1)
    lobe = np.argmin(np.stack(list(lobe_distances_m(body, points).values())), axis=0)
    percent = 100.0 * np.bincount(lobe, minlength=len(LOBES)) / len(at)
    slack = LOBE_SLACK_PERCENT
    checks = [
        Check(f"lobe {name}", float(p), "%", LOBE_PERCENT[name][0] - slack, LOBE_PERCENT[name][1] + slack)
        for name, p in zip(LOBES, percent, strict=True)
    ]
    return [*checks, Check("right lung", float(percent[:3].sum()), "%", *RIGHT_LUNG_PERCENT)]


def levels(body: Body) -> list[Check]:
    """Where the lung ends on the wall and where the domes, the apex and the cardiac notch are."""
    mcl = math.degrees(float(body.azimuth_rad(np.array(body.landmarks["nipple_R"]))))
    azimuths = {"mid-clavicular": mcl, "mid-axillary": 90.0, "mid-scapular": MID_SCAPULAR_DEG}
    checks = []
    for name, azimuth_deg in azimuths.items():
        level = rib_level(body, azimuth_deg, _lung_border_m(body, azimuth_deg))
        low, high = BORDER_RIB[name] - BORDER_TOLERANCE_RIBS, BORDER_RIB[name] + BORDER_TOLERANCE_RIBS
        checks.append(Check(f"lung border {name}", level, "rib", low, high))
    right, left = body.landmarks["dome_R"][2], body.landmarks["dome_L"][2]
    low = float(np.interp(body.habitus.bmi, OBESE_BMI, (RIGHT_DOME_RIB[0], RIGHT_DOME_OBESE_RIB)))
    checks.append(Check("right dome, mid-clavicular", rib_level(body, mcl, right), "rib", low, RIGHT_DOME_RIB[1]))
    checks.append(Check("left dome below the right", (right - left) / MM, "mm", *DOMES_APART_MM))
    lung = organ_distance(body, "lung") < 0.0
    x, y, z = body.grid.axes_m()
    top = float(z[np.flatnonzero(lung.any(axis=(1, 2)))[-1]])
    clavicle = body.curves["clavicle_R"]
    medial = float(clavicle[: len(clavicle) // 3, 2].mean())
    checks.append(Check("apex above the medial clavicle", (top - medial) / MM, "mm", *APEX_ABOVE_CLAVICLE_MM))
    sixth = body.curves["cartilage_L6"][-1]
    row = lung[int(np.argmin(np.abs(z - sixth[2])))] & (x < 0.0)[None, :] & (y > sixth[1] - 0.02)[:, None]
    edge = float(-x[np.flatnonzero(row.any(axis=0))[-1]]) / MM if row.any() else math.nan
    checks.append(Check("cardiac notch from the midline", edge, "mm", *NOTCH_FROM_MIDLINE_MM))
    return checks


def rib_level(body: Body, azimuth_deg: float, height_m: float) -> float:
    """Number of the right rib (or cartilage) at a height on an azimuth, with the share of the way to the next."""
    numbers, heights = [], []
    for number in range(1, 13):
        parts = [body.curves[f"rib_R{number}"]]
        if f"cartilage_R{number}" in body.curves:
            parts.append(body.curves[f"cartilage_R{number}"])
        line = np.concatenate(parts)
        azimuth = np.degrees(np.asarray(body.azimuth_rad(line), dtype=float))
        nearest = int(np.argmin(np.abs(azimuth - azimuth_deg)))
        if abs(azimuth[nearest] - azimuth_deg) < 6.0:
            numbers.append(float(number))
            heights.append(float(line[nearest, 2]))
    order = np.argsort(heights)
    return float(np.interp(height_m, np.array(heights)[order], np.array(numbers)[order]))


def _lung_border_m(body: Body, azimuth_deg: float) -> float:
    """Lowest height at which lung lies against the wall on an azimuth."""
    heights = np.arange(-1.15 * body.notch_to_rib10_m, 0.0, 1.0 * MM)
    radius = np.arange(0.03, 0.26, 1.0 * MM)
    azimuth = math.radians(azimuth_deg)
    points = np.empty((heights.size, radius.size, 3))
    points[..., 0] = radius * math.sin(azimuth)
    points[..., 1] = body.axis_y_m + radius * math.cos(azimuth)
    points[..., 2] = heights[:, None]
    wall = np.asarray(body.sample("pleura", points))
    lung = (wall < -1.0 * MM) & (wall > -5.0 * MM) & (np.asarray(body.sample("diaphragm", points)) > 0.0)
    return float(heights[int(np.argmax(lung.any(axis=1)))])


def _extent_mm(body: Body, channel: str, centre: Distance, direction: Distance) -> float:
    """How far a structure reaches through `centre` to both sides along a direction."""
    t = np.linspace(0.0, 14.0 * MM, 281)[:, None]
    total = 0.0
    for sign in (1.0, -1.0):
        outside = np.asarray(body.sample(channel, centre + sign * t * direction)) > 0.0
        total += float(t[int(np.argmax(outside)), 0]) if outside.any() else 14.0 * MM
    return total / MM


def grid_fit(body: Body) -> list[Check]:
    """Air between the skin and each side of the grid: its bounds follow the body."""
    inside = body.channel("skin") < 0.0
    checks = []
    for axis, names in ((2, ("left", "right")), (1, ("back", "front"))):
        used = np.flatnonzero(inside.any(axis=tuple(a for a in range(3) if a != axis)))
        for name, voxels in zip(names, (used[0], inside.shape[axis] - 1 - used[-1]), strict=True):
            checks.append(Check(f"air {name}", float(voxels) * body.grid.spacing_m / MM, "mm", *AIR_AROUND_MM))
    return checks


def textures_mb(body: Body) -> float:
    """Size of the body's textures, megabytes."""
    return float(sum(getattr(body, name).nbytes for name in TEXTURES)) / 1e6


def volume_of_lung_l(body: Body) -> float:
    """Both lungs, litres."""
    return volume_l(body, organ_distance(body, "lung"))
