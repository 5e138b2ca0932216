"""Each case shows what its debrief says: zone by zone, from the truth, and every sign has a case that shows it."""

from __future__ import annotations

from functools import cache

import pytest

from simulator.assessment.signs import SIGNS
from simulator.assessment.truth import Truth, ZoneTruth, truth
from simulator.scenario.catalogue import scenario_paths
from simulator.scenario.load import load_scenario

RIGHT, LEFT = (tuple(f"{side}{number}" for number in range(1, 7)) for side in "RL")
ANTERIOR = ("R1", "R2", "L1", "L2")
# case -> totals that its stage or kind allows (clinical.md C.3, C.6 [P])
TOTALS = {
    "emphysema_trauma": (0, 0), "covid_early": (1, 6), "empyema": (8, 14), "atelectasis_left": (6, 12),
    "tube_too_deep": (0, 0), "pulmonary_fibrosis": (10, 18), "copd_obese": (0, 0), "covid_recovery": (2, 15),
}  # fmt: skip


@cache
def found(name: str) -> Truth:
    return truth(load_scenario(name).build())


def all_signs(zone: ZoneTruth) -> frozenset[str]:
    """What must and what may be stated."""
    return zone.signs | zone.accepted


@pytest.mark.parametrize("name", TOTALS)
def test_totals(name: str) -> None:
    low, high = TOTALS[name]
    assert low <= found(name).total <= high, {key: zone.score for key, zone in found(name).zones.items()}


def test_every_sign_has_a_case() -> None:
    shown: set[str] = set()
    for path in scenario_paths():
        if set(SIGNS) <= shown:
            break
        for zone in found(path.stem).zones.values():
            shown |= all_signs(zone)
    assert set(SIGNS) <= shown, set(SIGNS) - shown


def test_white_lung_has_a_case_that_demands_it() -> None:
    assert "white_lung" in found("covid_severe").zones["R3"].signs


def test_emphysema_hides_and_lets_the_pneumothorax_through() -> None:
    zones = found("emphysema_trauma").zones
    for key in ("R1", "R2", "R3", "R4"):
        assert "subcutaneous_emphysema" in zones[key].signs
        assert zones[key].assessable  # through the gaps
    assert any("lung_point" in zones[key].signs for key in RIGHT)
    assert "sliding_absent" in zones["R1"].signs
    for key in LEFT:
        assert all_signs(zones[key]) == {"a_lines"}


def test_early_covid_is_low_bilateral_and_smooth() -> None:
    zones = found("covid_early").zones
    affected = [key for key, zone in zones.items() if zone.affected]
    assert not set(affected) & set(ANTERIOR)
    assert {key[0] for key in affected} == {"R", "L"}
    assert any("light_beam" in all_signs(zones[key]) for key in affected)
    for zone in zones.values():
        assert not {"pleural_irregularity", "consolidation", "subpleural_consolidation", "effusion"} & all_signs(zone)


def test_an_empyema_is_fluid_before_solid_lung_on_one_side() -> None:
    zones = found("empyema").zones
    for key in ("R4", "R5", "R6"):
        assert {"effusion", "consolidation"} <= zones[key].signs
    for key in (*LEFT, "R1"):
        assert "effusion" not in all_signs(zones[key])
        assert zones[key].score == 0


def test_a_plugged_lobe_is_solid_still_and_beats() -> None:
    zones = found("atelectasis_left").zones
    for key in ("L5", "L6"):
        assert "consolidation" in zones[key].signs
        assert {"sliding_absent", "lung_pulse"} <= all_signs(zones[key])
    assert "sliding_absent" in zones["L6"].signs
    for key in RIGHT:
        assert all_signs(zones[key]) == {"a_lines"}
    for zone in zones.values():
        assert "effusion" not in all_signs(zone)


def test_one_lung_ventilated_shows_by_motion_alone() -> None:
    zones = found("tube_too_deep").zones
    for key in LEFT:
        assert {"a_lines", "sliding_absent"} == zones[key].signs
        assert "lung_pulse" in zones[key].accepted
        assert "lung_point" not in all_signs(zones[key])
    for key in RIGHT:
        assert all_signs(zones[key]) == {"a_lines"}


def test_fibrosis_is_diffuse_separate_and_rough() -> None:
    for zone in found("pulmonary_fibrosis").zones.values():
        assert zone.score == 1
        assert "pleural_irregularity" in zone.signs
        assert not {"consolidation", "subpleural_consolidation", "effusion", "white_lung"} & all_signs(zone)
    separate = [key for key, zone in found("pulmonary_fibrosis").zones.items() if "b_lines_separate" in zone.signs]
    assert len(separate) >= 9


def test_airways_disease_looks_normal() -> None:
    for zone in found("copd_obese").zones.values():
        assert zone.signs == {"a_lines"}
        assert zone.score == 0


def test_recovery_leaves_b_lines_behind_and_a_rough_pleura() -> None:
    zones = found("covid_recovery").zones
    for key in ("R6", "L6"):
        assert "pleural_irregularity" in zones[key].signs
        assert zones[key].affected
    assert any("pleural_irregularity" in zone.signs and zone.score == 0 for zone in zones.values())
    assert all(zones[key].score == 0 for key in ANTERIOR)
    assert not any({"consolidation", "white_lung"} & all_signs(zone) for zone in zones.values())
