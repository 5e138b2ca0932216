"""Is what a caliper measures what is there? Wires at known places, read from the picture's pixels."""

from __future__ import annotations

import numpy as np

from simulator.acoustics.display import WHITE_DB
from simulator.anatomy.phantom import ANECHOIC, PIN, Target
from simulator.bench.imaging.point_spread import full_width
from simulator.bench.reference import POINT_SPREAD
from simulator.bench.report import Row, at_most, near
from simulator.bench.scenes import Array, EchoBench, block_patient
from simulator.geometry import Pose
from simulator.probe import PRESETS, TRANSDUCERS
from simulator.scanner import Frame, Scanner
from simulator.units import MM

SIZE_PX = (900, 900)
REACH_M = (4.0 * MM, 0.7 * MM)  # half width and half height of the window about a pin
EDGE_M = 6.0 * MM  # pins nearer to the sector's edge, or to its top, are left out
STEP_M = 10.0 * MM


def clear_wires() -> tuple[Target, ...]:
    """Pins every 10 mm in depth and across, in clear fluid: nothing but the machine moves their echo."""
    hole = Target(ANECHOIC, 0.0, 50.0 * MM, 49.0 * MM)
    rows = [Target(PIN, 0.0, step * STEP_M) for step in range(1, 10)]
    rows += [Target(PIN, side * STEP_M, depth) for depth in (20.0 * MM, 40.0 * MM) for side in (-2, -1, 1, 2)]
    return (hole, *rows)


def _alone(pin: Target, pins: tuple[Target, ...]) -> bool:
    """Whether no other pin is so near that their spots touch."""
    return not any(p != pin and max(abs(p.z_m - pin.z_m), abs(p.depth_m - pin.depth_m)) < EDGE_M for p in pins)


def pin_errors_m(frame: Frame, dynamic_range_db: float = 60.0) -> Array:
    """(pins, 2) how far below and beside its place each single pin in view is seen, metres, read from the pixels.

    The middle of a spot is the mean of its pixels weighted with the power that their grey stands for.
    """
    geometry, phantom = frame.geometry, frame.patient.body.phantom
    assert phantom is not None
    amplitude = 10.0 ** ((frame.image / 255.0 - 1.0) * dynamic_range_db / 20.0 + WHITE_DB / 20.0)
    height, width = frame.image.shape
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    points = geometry.pixel_to_torso(np.stack([columns, rows], axis=-1))
    deepest = frame.envelope.shape[1] * geometry.sample_spacing_m
    ends = geometry.line_origins_m[[0, -1]], geometry.line_directions[[0, -1]]
    errors = []
    for pin in phantom.of_kind(PIN):
        if not (EDGE_M < pin.depth_m < deepest - EDGE_M and _alone(pin, phantom.of_kind(PIN))):
            continue
        low, high = sorted(float(o[2] + d[2] / -d[1] * (pin.depth_m + o[1])) for o, d in zip(*ends, strict=True))
        if not low + EDGE_M < pin.z_m < high - EDGE_M:
            continue
        below, beside = -points[..., 1] - pin.depth_m, points[..., 2] - pin.z_m
        weight = amplitude**2 * (np.abs(beside) < REACH_M[0]) * (np.abs(below) < REACH_M[1])
        weight = np.where(weight > 0.06 * weight.max(), weight, 0.0)
        errors.append([np.sum(weight * below) / weight.sum(), np.sum(weight * beside) / weight.sum()])
    return np.array(errors)


def calipers(bench: EchoBench) -> list[Row]:
    """Depth, and distances between wires, as pixels of the screen turned to millimetres show them."""
    rows = []
    patient = block_patient(clear_wires())
    for probe in TRANSDUCERS:
        with Scanner(patient, probe, SIZE_PX) as scanner:
            scanner.pose = Pose(0.0, 0.0)
            scanner.settings = scanner.settings.replace(gain_db=-20.0)
            errors = pin_errors_m(scanner.frame())
        name = f"calipers, {probe}, largest of {len(errors)} wires' errors"
        rows.append(at_most(f"{name} in depth", 1e3 * float(np.abs(errors[:, 0]).max()), "mm", 0.1))
        rows.append(at_most(f"{name} across", 1e3 * float(np.abs(errors[:, 1]).max()), "mm", 0.1))
    return rows


def wires(bench: EchoBench) -> list[Row]:
    """A wire through all passes is as wide as the reference's point, within 15 %."""
    rows = []
    patient = block_patient(clear_wires())
    for (probe, mhz, focus_cm), reference in POINT_SPREAD.items():
        one = EchoBench(bench.renderer, probe)
        settings = PRESETS[probe].replace(frequency_mhz=mhz, focus_cm=focus_cm, lines=384, samples=1024)
        envelope = np.abs(one.iq(patient, settings=settings))
        for depth_mm, axial, lateral, _, _ in reference:
            if depth_mm * MM > settings.depth_cm * 1e-2 - EDGE_M or depth_mm > 90.0:
                continue
            spot = envelope[:, round(depth_mm * MM / settings.sample_spacing_m) - 12 :][:, :24]
            line, row = np.unravel_index(int(np.argmax(spot[184:200])), spot[184:200].shape)
            line += 184
            transducer = TRANSDUCERS[probe]
            spacing = transducer.arc_m / settings.lines * (1.0 + depth_mm * MM / transducer.radius_m)
            name = f"wire, {probe} focus {10 * focus_cm:g} mm, at {depth_mm:g} mm"
            tall = 0.5 * (full_width(spot[line, row:], settings.sample_spacing_m)
                          + full_width(spot[line, row::-1], settings.sample_spacing_m))  # fmt: skip
            wide = 0.5 * (full_width(spot[line:, row], spacing) + full_width(spot[line::-1, row], spacing))
            rows.append(near(f"{name}, axial", 1e3 * tall, "mm", axial, 0.15 * axial))
            rows.append(near(f"{name}, lateral", 1e3 * wide, "mm", lateral, 0.15 * lateral))
    return rows
