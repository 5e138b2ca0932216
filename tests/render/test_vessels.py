"""A probe at the suprasternal notch shows the great vessels: dark, with bright walls, and arteries that beat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from simulator.assessment.section import section
from simulator.geometry import Pose
from simulator.physiology.heart import ARTERY_PULSE_M
from simulator.physiology.respiration import Respiration
from simulator.scanner import Frame, Scanner
from simulator.tissue import Tissue
from simulator.units import MM

LONGITUDINAL = Pose(0.0, 0.020)  # down behind the manubrium
ACROSS = Pose(0.0, 0.034, rotate_rad=np.pi / 2.0)  # the neck above the notch
SYSTOLE_S = 0.35 * 60.0 / 75.0


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    """A woman who holds her breath, so that only the heart moves."""
    with Scanner("normal_young_woman", probe="linear", size_px=(320, 320)) as one:
        heart = replace(one.patient.heart, rate_per_min=75.0)
        one.patient = replace(one.patient, heart=heart, respiration=Respiration(rate_per_min=0.0))
        one.settings = one.settings.replace(depth_cm=6.0)
        yield one


def distances(scanner: Scanner, frame: Frame, name: str) -> np.ndarray:
    """(lines, samples) signed distance now to one of VESSELS, where the picture shows it."""
    plane = section(frame.patient.at(frame.time_s), scanner.placement(), frame.scan, 0.06)
    shown = frame.geometry.sample_spacing_m * (np.arange(scanner.settings.samples) + 0.5)
    return np.asarray(plane.along(name, plane.torso_depth_m(shown)))


def seen(frame: Frame) -> np.ndarray:
    """(lines, samples) above gas and bone, and not in the first or last centimetre."""
    labels = frame.truth.tissue
    hidden = np.isin(labels, (Tissue.BONE, Tissue.CARTILAGE, Tissue.LUNG, Tissue.TRACHEA, Tissue.AIR))
    clear = ~np.maximum.accumulate(hidden, axis=1)
    depth = frame.geometry.sample_spacing_m * np.arange(labels.shape[1])
    return clear & (depth > 0.010)[None] & (depth < 0.050)[None]


def test_arteries_are_dark_with_bright_walls(scanner: Scanner) -> None:
    """Blood lies at least 10 dB below what surrounds it at the same depth, the wall above both."""
    scanner.pose = LONGITUDINAL
    frame = scanner.frame(time_s=0.0)
    artery, vein, clear = distances(scanner, frame, "artery"), distances(scanner, frame, "vein"), seen(frame)
    blood = clear & (artery < -1.0 * MM)
    assert blood.sum() > 500
    rows = np.flatnonzero(blood.any(axis=0))
    around = clear & (artery > 1.5 * MM) & (artery < 6.0 * MM) & (vein > 1.5 * MM)
    around[:, : rows[0]] = around[:, rows[-1] :] = False
    wall = clear & (np.abs(artery) < 0.2 * MM)

    def level_db(where: np.ndarray) -> float:
        return float(10.0 * np.log10(np.mean(frame.envelope[where].astype(np.float64) ** 2)))

    assert level_db(around) - level_db(blood) > 10.0
    assert level_db(wall) > level_db(blood) + 10.0


def test_the_trachea_ends_the_picture(scanner: Scanner) -> None:
    """Its front wall is the first gas of some lines, bright, and its air belongs to no lung."""
    scanner.pose = ACROSS
    frame = scanner.frame(time_s=0.0)
    lines = np.flatnonzero(frame.truth.gas == Tissue.TRACHEA)
    assert len(lines) > 20
    middle = lines[len(lines) // 2]
    sample = int(frame.truth.gas_depth_m[middle] / frame.geometry.sample_spacing_m)
    bright = frame.envelope[middle, sample - 6 : sample + 12].max()
    assert bright > 5.0 * np.median(frame.envelope[middle, sample - 40 : sample - 8])
    assert not frame.truth.pleural_line.surface[middle]


def test_arteries_beat_and_veins_do_not(scanner: Scanner) -> None:
    """From diastole to systole the artery in the plane widens by its pulse, in truth and in the picture."""
    scanner.pose = LONGITUDINAL
    rest, systole = scanner.frame(time_s=0.0), scanner.frame(time_s=SYSTOLE_S)
    before, after = distances(scanner, rest, "artery"), distances(scanner, systole, "artery")
    np.testing.assert_allclose(before - after, ARTERY_PULSE_M, atol=2e-5)
    ring = seen(rest) & (np.abs(before - 0.25 * MM) < 0.1 * MM)  # becomes blood
    vein = distances(scanner, rest, "vein")
    inner = seen(rest) & (vein < -0.5 * MM) & (before > 3.0 * MM)
    changed = np.abs(np.log(systole.envelope + 1e-6) - np.log(rest.envelope + 1e-6))
    assert changed[ring].mean() > 3.0 * changed[inner].mean()
    np.testing.assert_allclose(distances(scanner, systole, "vein"), vein, atol=1e-6)
