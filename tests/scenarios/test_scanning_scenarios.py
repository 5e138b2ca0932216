"""Every scenario of the folder can be scanned in all zones and solved; what it contains is tested beside this file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.anatomy.zones import ZONES
from simulator.assessment.answer import EMPTY
from simulator.assessment.score import score
from simulator.assessment.truth import answer_from_truth, truth
from simulator.scanner import Scanner
from simulator.scenario.build import build, rubric_of
from simulator.scenario.catalogue import scenario_paths
from simulator.scenario.load import load_scenario

PATHS = [path for path in scenario_paths() if path.stem != "phantom"]  # a test block: tests/render/test_phantom.py


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_scenario_renders_and_is_solvable(path: Path) -> None:
    scenario = load_scenario(path)
    patient = build(scenario)
    found = truth(patient)
    rubric = rubric_of(scenario.spec)
    right = answer_from_truth(found, scenario.spec.expected.diagnosis, scenario.spec.expected.severity)
    marks = score(right, found, rubric)
    assert marks.percent == pytest.approx(100.0), [i for p in marks.parts for i in p.items if not i.full]
    assert score(EMPTY, found, rubric).points == 0.0
    with Scanner(patient, size_px=(240, 220)) as scanner:
        for key in ZONES:
            scanner.place(key)
            frame = scanner.frame(0.7)
            assert np.isfinite(frame.envelope).all()
            assert 2.0 < frame.image.mean() < 90.0, key  # neither black nor washed out
            assert found.zones[key].assessable, key


def test_posterior_lower_zones_look_worse_than_anterior_upper_ones_in_covid() -> None:
    """Aeration is lost first behind and below (C.4), and the picture says so below the pleura."""
    with Scanner("covid_moderate", size_px=(240, 220)) as scanner:
        found = truth(scanner.patient)

        def deep_level(key: str) -> float:
            worst = found.zones[key].worst
            assert worst is not None
            assert worst.pose is not None
            scanner.pose = worst.pose
            frame = scanner.frame(0.0)
            depth = np.nanmedian(frame.truth.gas_depth_m[88:104])
            start = round((depth + 0.035) / frame.geometry.sample_spacing_m)
            return float(20.0 * np.log10(frame.envelope[88:104, start:].mean()))

        upper = np.mean([deep_level(k) for k in ("R1", "L1")])
        lower = np.mean([deep_level(k) for k in ("R6", "L6")])
        assert lower > upper + 6.0


def test_picture_is_bright_below_the_pleura_where_the_truth_has_traps() -> None:
    """What the fields call wet is 10 dB brighter 25 to 50 mm below the pleura than the rest of its zone."""
    over_db: list[float] = []
    with Scanner("covid_moderate", size_px=(160, 160)) as scanner:
        for key in ZONES:
            scanner.place(key)
            frame = scanner.frame(0.0)
            pleura = frame.truth.pleural_line
            near = np.abs(np.arange(len(pleura.visible)) - 96) < 50
            clear = pleura.visible & near & (pleura.incidence_deg < 20.0) & (pleura.consolidation_mm < 1.0)
            wet: list[float] = []
            dry: list[float] = []
            for line in np.flatnonzero(clear & np.isfinite(frame.truth.gas_depth_m)):
                row = int(frame.truth.gas_depth_m[line] / frame.geometry.sample_spacing_m)
                level = 10.0 * np.log10(np.mean(frame.envelope[line, row + 160 : row + 320] ** 2))
                if pleura.interstitial[line] > 0.6:
                    wet.append(level)
                elif pleura.interstitial[line] < 0.2:
                    dry.append(level)
            if min(len(wet), len(dry)) >= 5:
                over_db.append(float(np.mean(wet) - np.mean(dry)))
    assert len(over_db) >= 3
    assert np.mean(over_db) > 10.0
    assert min(over_db) > 3.0
