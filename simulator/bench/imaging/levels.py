"""How do frequency, gain and noise decide what is seen?"""

from __future__ import annotations

import numpy as np

from simulator.bench.echoes import level_db, rows_between
from simulator.bench.report import Row, near
from simulator.bench.scenes import EchoBench, slab_patient, slab_placement
from simulator.probe import TRANSDUCERS, Settings

GAIN_DB = 8.0  # by which the knob is turned
REACH_MHZ = (4.0, 8.0)  # whose penetration is compared: both end within the image
SIZE_PX = (480, 480)


def frequency(bench: EchoBench) -> list[Row]:
    """Attenuation in liver doubles from 3 to 6 MHz."""
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12)

    def slope(mhz: float) -> float:
        settings = bench.preset.replace(frequency_mhz=mhz, focus_cm=4.0, depth_cm=8.0)
        depths = np.arange(0.015, 0.050, 0.005)
        levels = np.zeros(len(depths))
        for a in np.linspace(-0.06, 0.06, 9):
            iq = bench.iq(patient, slab_placement(across_m=a), settings)[60:132]
            levels += [level_db(iq[:, rows_between(settings, d, d + 0.005)]) for d in depths]
        return float(-np.polyfit(100.0 * depths, levels / 9.0, 1)[0])

    three, six = slope(3.0), slope(6.0)
    return [
        near("attenuation in liver at 3 MHz", three, "dB/cm", 3.0, 0.3),
        near("attenuation in liver, 6 over 3 MHz", six / three, "", 2.0, 0.2),
    ]


def penetration(bench: EchoBench) -> list[Row]:
    """Where the signal of liver is as strong as the noise: half as deep at twice the frequency."""
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12, depth_m=0.26, spacing_m=0.004)

    def reach_m(mhz: float) -> float:
        settings = bench.preset.replace(frequency_mhz=mhz, depth_cm=24.0)
        total, noise = np.zeros(settings.samples), np.zeros(settings.samples)
        for a in np.linspace(-0.06, 0.06, 5):
            place = slab_placement(across_m=a)
            total += np.mean(np.abs(bench.iq(patient, place, settings)[40:152]) ** 2, axis=0)
            noise += np.mean(bench.noise(patient, place, settings)[40:152], axis=0)
        smooth = np.ones(16) / 16.0
        ratio = np.convolve(total, smooth, "same") / np.convolve(noise, smooth, "same")  # signal and noise over noise
        rows = rows_between(settings, 0.01, 0.235)
        below = np.flatnonzero(ratio[rows] < 2.0)
        return float(settings.sample_depths_m[rows.start + below[0]]) if len(below) else settings.depth_cm / 100.0

    low, high = (reach_m(mhz) for mhz in REACH_MHZ)
    name = f"penetration at {REACH_MHZ[0]:g} over {REACH_MHZ[1]:g} MHz"
    return [
        Row(f"penetration in liver at {REACH_MHZ[0]:g} MHz", 1e2 * low, "cm"),
        Row(f"penetration in liver at {REACH_MHZ[1]:g} MHz", 1e2 * high, "cm"),
        near(name, low / high, "", REACH_MHZ[1] / REACH_MHZ[0], 0.2),
    ]


def gain(bench: EchoBench) -> list[Row]:
    """Gain raises noise and signal alike, by what the knob says, as the screen shows them."""
    patient = slab_patient(liver_below_m=0.006, fat_m=0.002, half_width_m=0.12)
    settings = bench.preset.replace(frequency_mhz=8.0, depth_cm=12.0, dynamic_range_db=90.0, gain_db=-16.0)

    def shown_db(turned: Settings) -> tuple[float, float]:
        """Mean level on the screen of liver near the face, and of noise at the bottom."""
        with bench.renderer.ctx:
            bench.renderer.draw(patient.at(0.0), slab_placement(), TRANSDUCERS[bench.probe], turned, 5, SIZE_PX)
            image = bench.renderer.read_image()
            geometry = bench.renderer.image_geometry(TRANSDUCERS[bench.probe], turned, SIZE_PX)
        row = [int(geometry.to_pixel((0.0, depth))[1]) for depth in (0.015, 0.035, 0.108, 0.117)]
        bands = (image[row[0] : row[1], 215:265], image[row[2] : row[3], 190:290])
        near_db, deep_db = (float(band.mean()) / 255.0 * turned.dynamic_range_db for band in bands)
        return near_db, deep_db

    before, after = shown_db(settings), shown_db(settings.replace(gain_db=settings.gain_db + GAIN_DB))
    return [
        near(f"gain of {GAIN_DB:g} dB, what it adds to liver", after[0] - before[0], "dB", GAIN_DB, 0.3),
        near(f"gain of {GAIN_DB:g} dB, what it adds to noise", after[1] - before[1], "dB", GAIN_DB, 0.3),
    ]
