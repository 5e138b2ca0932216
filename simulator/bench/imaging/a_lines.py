"""Do pleural line and A-lines lie where they must, and fade as they must?"""

from __future__ import annotations

import numpy as np

from simulator.bench.echoes import centre_profile, peak_depth_m, rows_between
from simulator.bench.report import Row, at_least, at_most
from simulator.bench.scenes import Array, EchoBench, slab_patient, slab_placement

PLEURA_M = 0.020  # of the default slab
SQUARE_DEG = 1.5  # within which A-lines must lie at multiples of the depth
SQUARE_LINES = 3  # lines to either side of the middle that are within it
PLACES_M = np.linspace(-0.04, 0.04, 15)


def _coherent(bench: EchoBench, fan_deg: float) -> Array:
    """Power against depth of what is the same at many places: specular echoes, with a tenth of the haze's level."""
    patient = slab_patient(half_width_m=0.10)
    middle = bench.preset.lines // 2
    lines = slice(middle - SQUARE_LINES, middle + SQUARE_LINES)
    echoes = [bench.iq(patient, slab_placement(fan_deg, across_m=a))[lines] for a in PLACES_M]
    return np.asarray(np.abs(np.mean(echoes, axis=(0, 1))) ** 2)


def a_lines(bench: EchoBench) -> list[Row]:
    """Pleural line and A-lines at multiples of the depth, each weaker, and gone with tilt, higher orders first."""
    preset, patient = bench.preset, slab_patient(half_width_m=0.10)
    places = np.linspace(-0.03, 0.03, 7)

    def profile(fan_deg: float) -> Array:
        shown = [centre_profile(bench.iq(patient, slab_placement(fan_deg, across_m=a)), SQUARE_LINES) for a in places]
        return np.asarray(np.mean(shown, axis=0))

    def levels(seen: Array, fan_deg: float) -> list[float]:
        depth = PLEURA_M / np.cos(np.radians(fan_deg))
        at = [rows_between(preset, k * depth - 4e-4, k * depth + 4e-4) for k in (1, 2, 3, 4)]
        return [10.0 * float(np.log10(seen[rows].max())) for rows in at]

    out = []
    for fan_deg in (0.0, SQUARE_DEG):
        seen = profile(fan_deg)
        for k in (1, 2, 3, 4):
            error = peak_depth_m(seen, preset, k * PLEURA_M) - k * PLEURA_M
            name = f"A-lines, depth error of echo {k} x {1e3 * PLEURA_M:g} mm at {fan_deg:g} deg"
            out.append(at_most(name, 1e3 * abs(error), "mm", 0.3))
    straight = levels(profile(0.0), 0.0)
    out.append(at_least("A-lines, least drop from one to the next", float(-np.diff(straight).max()), "dB", 0.5))
    slight, far = levels(profile(6.0), 6.0), levels(profile(15.0), 15.0)
    loss = [a - b for a, b in zip(straight, slight, strict=True)]
    out.append(at_least("A-lines, first one loses more than the pleura at 6 deg", loss[1] - loss[0], "dB", 3.0))
    square, leaning = levels(_coherent(bench, 0.0), 0.0), levels(_coherent(bench, 4.0), 4.0)
    lost = [a - b for a, b in zip(square, leaning, strict=True)][:3]  # a fourth is below the haze
    out.append(at_least("A-lines, least that each loses more than the one before at 4 deg",
                        float(np.diff(lost).min()), "dB", 1.0))  # fmt: skip
    out.append(at_least("A-lines, loss of the first at 15 deg", straight[1] - far[1], "dB", 15.0))
    return [*out, _standing_out(bench)]


def _standing_out(bench: EchoBench) -> Row:
    """How far the strongest A-line stands out of its surroundings beyond 15 degrees of tilt."""
    patient, depth = slab_patient(half_width_m=0.10), PLEURA_M / np.cos(np.radians(16.0))
    shown = [centre_profile(bench.iq(patient, slab_placement(16.0, across_m=a))) for a in PLACES_M]
    seen = np.mean(shown, axis=0)
    most = -np.inf
    for k in (2, 3, 4):
        line = rows_between(bench.preset, k * depth - 4e-4, k * depth + 4e-4)
        around = rows_between(bench.preset, k * depth - 4e-3, k * depth + 4e-3)
        most = max(most, 10.0 * float(np.log10(np.mean(seen[line]) / np.mean(seen[around]))))
    return at_most("A-lines, strongest over its surroundings at 16 deg", most, "dB", 3.0)


def depth_error(bench: EchoBench) -> list[Row]:
    """The pleura of slabs of several depths, as the echo shows it."""
    worst = 0.0
    for depth_m in (0.0153, 0.0221, 0.0287):
        patient = slab_patient(pleura_m=depth_m)
        places = [slab_placement(across_m=a) for a in np.linspace(-0.03, 0.03, 7)]
        profile = np.mean([centre_profile(bench.iq(patient, p)) for p in places], axis=0)
        worst = max(worst, abs(peak_depth_m(profile, bench.preset, depth_m, 1e-3) - depth_m))
    return [at_most("depth, largest error of the pleural line", 1e3 * worst, "mm", 0.1)]
