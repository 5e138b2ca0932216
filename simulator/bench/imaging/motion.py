"""What stays and what changes when the lung moves? On the echo, and on M-mode lines over time."""

from __future__ import annotations

import numpy as np

from simulator.acoustics.aperture import beam_widths_m
from simulator.bench.echoes import rows_between
from simulator.bench.imaging.a_lines import PLEURA_M
from simulator.bench.report import Row, at_least, at_most, near
from simulator.bench.scenes import Array, EchoBench, slab_patient, slab_placement
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.respiration import APEX_SLIDING_FRACTION, Respiration
from simulator.probe import TRANSDUCERS, Settings
from simulator.scanner import MMODE_MARGIN_LINES, Scanner
from simulator.units import CM, MHZ

WALL_M, LUNG_M = (0.004, 0.018), (0.0215, 0.035)
OVER_NOISE_DB = 20.0  # correlation is judged where the echo is this far above the noise
PULSE_PER_MIN = 72.0
MMODE_S, MMODE_STEP_S = 10.0, 0.05  # of M-mode looked at for the pulse


def _correlation(before: Array, after: Array) -> float:
    """Of two stacks of envelopes (places, lines, samples), without the fall with depth that all places share."""
    before, after = before - before.mean(axis=(0, 1)), after - after.mean(axis=(0, 1))
    return float(np.corrcoef(before.ravel(), after.ravel())[0, 1])


def _clear(bench: EchoBench, patient: Patient, rows: slice) -> tuple[slice, float]:
    """The samples of `rows` down to where the echo is OVER_NOISE_DB above the noise, and the share of them."""
    signal = np.mean(np.abs(bench.iq(patient)[84:108, rows]) ** 2, axis=0)
    noise = np.mean(bench.noise(patient)[84:108, rows], axis=0)
    over = 10.0 * np.log10(np.convolve(signal, np.ones(8) / 8, "same") / np.convolve(noise, np.ones(8) / 8, "same"))
    count = int(np.argmax(over < OVER_NOISE_DB)) if (over < OVER_NOISE_DB).any() else len(over)
    return slice(rows.start, rows.start + max(count, 16)), count / len(over)


def sliding(bench: EchoBench) -> list[Row]:
    """Correlation of the echo over the time in which the lung slides by two lateral resolution cells."""
    preset, transducer = bench.preset, TRANSDUCERS[bench.probe]
    focus_m, frequency_hz = preset.focus_cm * CM, preset.frequency_mhz * MHZ
    cell_m = float(beam_widths_m(transducer, focus_m, frequency_hz, np.array([PLEURA_M]))[0][0])
    step_m = 2.0 * cell_m
    rate_per_min, places = 15.0, [slab_placement(across_m=a) for a in np.linspace(-0.04, 0.04, 9)]
    lung, share = _clear(bench, slab_patient(half_width_m=0.10), rows_between(preset, *LUNG_M))
    wall = rows_between(preset, *WALL_M)

    def correlation(moved_m: float, rows: slice, heart: float = 0.0, at_s: tuple[float, float] | None = None) -> float:
        still = slab_patient(half_width_m=0.10)
        breath = Respiration(rate_per_min, excursion_m=moved_m / APEX_SLIDING_FRACTION)  # the slab's top is the apex
        patient = Patient(still.body, still.findings, breath, Heart(heart), seed=still.seed)
        start_s, stop_s = at_s or (0.0, 60.0 / rate_per_min * breath.inspiration_fraction)
        before = np.array([np.abs(bench.iq(patient, p, time_s=start_s)[84:108, rows]) for p in places])
        after = np.array([np.abs(bench.iq(patient, p, time_s=stop_s, frame_index=1)[84:108, rows]) for p in places])
        return _correlation(before, after)

    beat_s = 60.0 / PULSE_PER_MIN
    rest = (0.70 * beat_s, 0.98 * beat_s)  # the heart is at rest between these
    systole = (0.0, 0.35 * beat_s)
    return [
        at_least("sliding, share of the depths looked at that is 20 dB above the noise", 100.0 * share, "%", 50.0),
        at_most(f"sliding, correlation below the pleura after two cells of {1e3 * cell_m:.2f} mm",
                correlation(step_m, lung), "", 0.3),
        at_least("sliding, correlation of the wall meanwhile", correlation(step_m, wall), "", 0.9),
        at_least("no sliding, correlation below the pleura", correlation(0.0, lung), "", 0.9),
        at_least("no sliding, correlation of the wall", correlation(0.0, wall), "", 0.9),
        at_least("lung pulse, correlation below the pleura between two beats",
                 correlation(0.0, lung, PULSE_PER_MIN, rest), "", 0.9),
        at_most("lung pulse, correlation below the pleura from rest to systole",
                correlation(0.0, lung, PULSE_PER_MIN, systole), "", 0.98),
    ]  # fmt: skip


def _mmode(bench: EchoBench, patient: Patient, settings: Settings, times_s: Array) -> Array:
    """(times, samples) envelope of the middle line over time."""
    line = settings.lines // 2
    only = (line - MMODE_MARGIN_LINES, 2 * MMODE_MARGIN_LINES + 1)
    out = []
    with bench.renderer.ctx:
        for index, time_s in enumerate(times_s):
            bench.renderer.draw(patient.at(float(time_s)), slab_placement(), TRANSDUCERS[bench.probe], settings, index,
                                only=only)  # fmt: skip
            out.append(np.abs(bench.renderer.read_iq()[line]))
    return np.array(out)


def mmode(bench: EchoBench) -> list[Row]:
    """The lung pulse at the rate of the heart, and how many lines a second M-mode draws."""
    settings = bench.preset.replace(depth_cm=5.0, samples=320)
    still = slab_patient(excursion_m=0.0)
    patient = Patient(still.body, still.findings, Respiration(excursion_m=0.0), Heart(PULSE_PER_MIN), seed=still.seed)
    times_s = np.arange(0.0, MMODE_S, MMODE_STEP_S)
    columns = _mmode(bench, patient, settings, times_s)[:, rows_between(settings, *LUNG_M)]
    level = np.log(columns + 1e-9)
    change = np.linalg.norm(level - level[0], axis=1)  # how unlike the line at rest each one is
    spectrum = np.abs(np.fft.rfft((change - change.mean()) * np.hanning(len(change))))
    peak_hz = float(np.fft.rfftfreq(len(change), MMODE_STEP_S)[int(np.argmax(spectrum))])
    with Scanner(patient, size_px=(64, 64)) as scanner:
        seconds = 0.1
        drawn = scanner.mmode(settings.lines // 2, seconds).shape[1] / seconds
    return [
        near(
            "lung pulse, rate at which the M-mode below the pleura changes", 60.0 * peak_hz, "/min", PULSE_PER_MIN, 6.0
        ),
        at_least("M-mode, lines a second", drawn, "/s", 200.0),
    ]
