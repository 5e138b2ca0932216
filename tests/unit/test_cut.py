"""The cut beside the image: the anatomy of known points, pixel for pixel, in colours that everyone tells apart."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from assessment_scenes import PLEURA_M, placement, slab_patient

from simulator.anatomy.contact import place
from simulator.anatomy.lobes import lobe_at
from simulator.anatomy.palette import LOBE_PARTS, MUSCLES, PALETTE, TISSUE_OF_PART, Part
from simulator.anatomy.windows import zone_pose
from simulator.cut import cut_picture
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.physiology.respiration import Respiration
from simulator.probe import CONVEX, LINEAR, PHASED, PRESETS
from simulator.render.sector import image_geometry
from simulator.scanner import FrameGeometry
from simulator.tissue import Tissue

SIZE = (320, 320)
LUNG_PARTS = {*LOBE_PARTS.values(), Part.PLEURA, Part.LUNG, Part.FREE_AIR}


def _cut(patient, where, probe=CONVEX, time_s=0.0, depth_cm=10.0, size=SIZE):
    settings = PRESETS[probe.key].replace(depth_cm=depth_cm)
    image = image_geometry(probe, settings, size)
    return cut_picture(patient.at(time_s), where, probe, settings, image), image


def _torso(image, where, rows, columns):
    frame = FrameGeometry(where, image, np.zeros((1, 3)), np.zeros((1, 3)), 1.0)
    return frame.pixel_to_torso(np.stack([columns + 0.5, rows + 0.5], axis=-1))


def test_a_slab_is_cut_where_it_was_made():
    """Fat, muscle, the pleural line and lung at their depths under the middle of a flat probe; a rib where it is."""
    patient = slab_patient(rib_centres_z_m=(0.010,))
    where = placement()
    cut, image = _cut(patient, where, LINEAR, depth_cm=5.0)
    assert cut.picture.shape == (320, 320, 3)
    assert cut.parts.shape == (320, 320)

    def part_at(along_m, depth_m):
        column, row = image.to_pixel((along_m, depth_m))
        return Part(int(cut.parts[int(row), int(column)]))

    assert part_at(-0.01, 0.004) == Part.FAT
    assert part_at(-0.01, 0.014) == Part.MUSCLE
    assert part_at(-0.01, PLEURA_M) == Part.PLEURA
    assert part_at(-0.01, PLEURA_M + 0.005) in LOBE_PARTS.values()
    ribs = {part_at(sign * 0.010, 0.014) for sign in (-1.0, 1.0)}
    assert ribs == {Part.BONE, Part.MUSCLE}  # on one side of the plane only
    assert (cut.parts[0, 0], tuple(cut.picture[0, 0])) == (Part.NOTHING, (0, 0, 0))


@pytest.mark.parametrize(("probe", "time_s"), [(CONVEX, 0.0), (CONVEX, 1.3), (LINEAR, 1.3), (PHASED, 0.0)])
def test_pixels_say_what_the_body_says(body_of, probe, time_s):
    """At almost every pixel the tissue is that of `PatientState.tissue` at the same point, and the lobe `lobe_at`'s."""
    body = body_of("woman")
    patient = Patient(body, healthy(body.grid), Respiration(rate_per_min=15.0))
    where = place(body, zone_pose(body, "L4"))
    cut, image = _cut(patient, where, probe, time_s)
    rows, columns = np.nonzero(cut.parts != Part.NOTHING)
    chosen = np.random.default_rng(1).choice(len(rows), 4000, replace=False)
    rows, columns = rows[chosen], columns[chosen]
    parts = cut.parts[rows, columns]
    points = _torso(image, where, rows, columns)
    state = patient.at(time_s)
    tissue = state.tissue(points)
    drawn = np.array([TISSUE_OF_PART.get(Part(int(p)), Tissue.LUNG) for p in parts])
    drawn[drawn == Tissue.GEL] = Tissue.AIR
    judged = parts != Part.PLEURA  # a line drawn on the border
    assert (drawn == tissue)[judged].mean() > 0.97
    lobes = np.flatnonzero((parts >= Part.RUL) & (parts <= Part.LLL))
    expected = [LOBE_PARTS[name] for name in lobe_at(body, state.in_lung(points[lobes]))]
    assert np.mean(parts[lobes] == np.array(expected)) > 0.97


def test_disease_has_its_parts_and_the_wet_lung_a_tint():
    """Consolidation, fluid, free air and gas in the wall are parts; traps tint the lung and are in the legend."""
    sick = slab_patient(lens_mm=(8.0, 10.0), bronchus_mm=(24.0, 27.0))
    cut, _ = _cut(sick, placement(), LINEAR, depth_cm=5.0)
    assert {"Consolidation", "Air in a bronchus", "Muscle", "Fat"} <= {paint.name for paint in cut.legend}
    flooded, _ = _cut(slab_patient(fluid_mm=12.0), placement(), LINEAR, depth_cm=5.0)
    assert (flooded.parts == Part.FLUID).sum() == pytest.approx(12.0 / 50.0 * 320 * 0.98 * 320 * 0.75, rel=0.15)
    traps = slab_patient(bands_mm=((-60.0, 60.0),))
    wet, _ = _cut(traps, placement(), LINEAR, depth_cm=5.0)
    plain, _ = _cut(replace(traps, findings=healthy(traps.body.grid)), placement(), LINEAR, depth_cm=5.0)
    assert "Interstitial syndrome" in {paint.name for paint in wet.legend}
    assert "Interstitial syndrome" not in {paint.name for paint in plain.legend}
    lung = np.isin(wet.parts, list(LOBE_PARTS.values()))
    assert (wet.parts == plain.parts).all()
    warmer = wet.picture[..., 0].astype(int) - wet.picture[..., 2] - plain.picture[..., 0] + plain.picture[..., 2]
    assert warmer[lung].mean() > 40
    assert (wet.picture == plain.picture)[~lung].all()


def test_the_legend_names_what_is_there_and_nothing_else(body_of):
    body = body_of("woman")
    patient = Patient(body, healthy(body.grid))
    cut, _ = _cut(patient, place(body, zone_pose(body, "R4")), depth_cm=15.0)
    there = {Part(int(code)) for code in np.unique(cut.parts)} - {Part.NOTHING}
    assert set(cut.legend) == {PALETTE[part] for part in there}
    assert {"Liver", "Diaphragm", "Pleura", "Right lower lobe"} <= {paint.name for paint in cut.legend}


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("R1", {"Pectoralis major", "Pectoralis minor", "Intercostals"}),
        ("L3", {"Serratus anterior", "Intercostals"}),
        ("R5", {"Trapezius", "Rhomboids", "Intercostals"}),
        ("R6", {"Latissimus dorsi", "Intercostals"}),
    ],
)
def test_muscles_are_named_by_region(body_of, zone, names):
    """The muscles of a zone are in its cut, and undivided muscle is not; a dozen names fit beside the picture."""
    body = body_of("woman")
    cut, _ = _cut(Patient(body, healthy(body.grid)), place(body, zone_pose(body, zone)), LINEAR, depth_cm=5.0)
    named = {paint.name for paint in cut.legend}
    assert names <= named
    assert "Muscle" not in named
    assert len(named) <= 12


def test_a_lifted_probe_shows_air_and_the_body_under_it(body_of):
    body = body_of("woman")
    patient = Patient(body, healthy(body.grid))
    where = replace(place(body, zone_pose(body, "R4")), lift_m=0.01, compression_m=0.0)
    cut, _ = _cut(patient, where)
    assert {"Air", "Skin", "Bone"} <= {paint.name for paint in cut.legend}
    assert "Gel" not in {paint.name for paint in cut.legend}


def test_it_is_quick(body_of):
    """Well under 60 ms of processor time at 320 px; bounded loosely because machines are shared."""
    body = body_of("woman")
    patient = Patient(body, healthy(body.grid))
    where = place(body, zone_pose(body, "R4"))
    _cut(patient, where)
    times = []
    for index in range(5):
        start = time.process_time()
        _cut(patient, where, time_s=0.1 * index)
        times.append(time.process_time() - start)
    assert min(times) < 0.060


# Simulated colour vision at full severity, linear RGB (Machado, Oliveira and Fernandes 2009)
VISION = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
P = Part
TOUCHING = (  # what lies next to what in a body
    (P.SKIN, P.FAT, P.MUSCLE, P.BONE), (P.MUSCLE, P.CARTILAGE, P.BONE), (P.MUSCLE, P.PLEURA, P.RML, P.RUL, P.RLL),
    (P.PLEURA, P.LUL, P.LLL), (P.HEART, P.BLOOD), (P.HEART, P.LUL), (P.HEART, P.LLL), (P.HEART, P.RML),
    (P.HEART, P.MEDIASTINUM), (P.MEDIASTINUM, P.RUL), (P.MEDIASTINUM, P.RLL), (P.MEDIASTINUM, P.LLL),
    (P.DIAPHRAGM, P.RLL), (P.DIAPHRAGM, P.LLL), (P.DIAPHRAGM, P.RML), (P.DIAPHRAGM, P.ABDOMEN, P.LIVER),
    (P.DIAPHRAGM, P.FLUID, P.CONSOLIDATION), (P.CONSOLIDATION, P.LUNG), (P.CONSOLIDATION, P.RLL),
    (P.CONSOLIDATION, P.RUL), (P.FLUID, P.RLL), (P.FLUID, P.RUL), (P.FLUID, P.LLL), (P.FLUID, P.MUSCLE),
    (P.ABDOMEN, P.SPLEEN), (P.ABDOMEN, P.KIDNEY, P.LIVER), (P.SPLEEN, P.KIDNEY), (P.SPLEEN, P.STOMACH_GAS),
    (P.LIVER, P.STOMACH_GAS), (P.ABDOMEN, P.STOMACH_GAS), (P.FREE_AIR, P.RUL), (P.FREE_AIR, P.RLL),
    (P.FREE_AIR, P.MUSCLE), (P.WALL_GAS, P.MUSCLE), (P.WALL_GAS, P.FAT), (P.GEL, P.SKIN), (P.AIR, P.SKIN),
    (P.INTERSTITIAL, P.RLL), (P.INTERSTITIAL, P.RUL), (P.INTERSTITIAL, P.RML), (P.DIAPHRAGM, P.MUSCLE),
    (P.PECTORALIS_MAJOR, P.PECTORALIS_MINOR, P.INTERCOSTALS), (P.PECTORALIS_MAJOR, P.SERRATUS, P.INTERCOSTALS),
    (P.PECTORALIS_MINOR, P.SERRATUS), (P.LATISSIMUS, P.SERRATUS, P.INTERCOSTALS), (P.LATISSIMUS, P.ERECTOR_SPINAE),
    (P.TRAPEZIUS, P.RHOMBOIDS, P.INTERCOSTALS, P.ERECTOR_SPINAE), (P.RHOMBOIDS, P.SHOULDER),
    (P.TRAPEZIUS, P.LATISSIMUS), (P.SHOULDER, P.SERRATUS), (P.SHOULDER, P.LATISSIMUS), (P.SHOULDER, P.TRAPEZIUS),
    (P.SHOULDER, P.PECTORALIS_MAJOR),
    (P.OBLIQUE, P.SERRATUS, P.INTERCOSTALS), (P.OBLIQUE, P.PECTORALIS_MAJOR), (P.OBLIQUE, P.LATISSIMUS),
    (P.BELLY, P.OBLIQUE), (P.BELLY, P.INTERCOSTALS), (P.BELLY, P.SERRATUS), (P.BELLY, P.PECTORALIS_MAJOR),
    *((muscle, other) for muscle in MUSCLES for other in (P.FAT, P.BONE, P.CARTILAGE, P.SKIN, P.WALL_GAS)),
    *((deep, other) for deep in (P.INTERCOSTALS, P.BELLY) for other in (P.PLEURA, P.RML, P.RUL, P.RLL, P.FLUID)),
    (P.BELLY, P.DIAPHRAGM),
    (P.MEDIASTINUM, P.AORTA, P.VENA_CAVA, P.TRACHEA), (P.MEDIASTINUM, P.BRACHIOCEPHALIC_ARTERY, P.BRACHIOCEPHALIC_VEIN),
    (P.MUSCLE, P.CAROTID, P.JUGULAR), (P.MUSCLE, P.SUBCLAVIAN_ARTERY, P.SUBCLAVIAN_VEIN), (P.AORTA, P.HEART),
    (P.VENA_CAVA, P.HEART), (P.AORTA, P.BRACHIOCEPHALIC_ARTERY), (P.VENA_CAVA, P.BRACHIOCEPHALIC_VEIN),
    (P.BRACHIOCEPHALIC_ARTERY, P.CAROTID), (P.CAROTID, P.SUBCLAVIAN_ARTERY), (P.JUGULAR, P.SUBCLAVIAN_VEIN),
    (P.BRACHIOCEPHALIC_VEIN, P.JUGULAR), (P.MUSCLE, P.TRACHEA, P.BRACHIOCEPHALIC_VEIN),
    (P.GLAND, P.FAT), (P.GLAND, P.SKIN), (P.GLAND, P.PECTORALIS_MAJOR), (P.GLAND, P.WALL_GAS),
)  # fmt: skip


def _lab(linear):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(
        linear, 0, 1
    )
    x, y, z = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION)
def test_parts_that_touch_differ_for_every_kind_of_colour_vision(vision):
    """At least 10 units of CIELAB apart, several times what is just noticed."""
    close = []
    for group in TOUCHING:
        for a, b in itertools.combinations(group, 2):
            pair = []
            for part in (a, b):
                s = np.array(PALETTE[part].rgb) / 255.0
                linear = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
                pair.append(_lab(np.array(VISION[vision]) @ linear))
            apart = float(np.linalg.norm(pair[0] - pair[1]))
            if apart < 10.0:
                close.append(f"{a.name} and {b.name}: {apart:.1f}")
    assert not close, close
