"""Zone truth and the modified aeration score, on scenes whose grade the rule fixes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assessment_scenes import made_truth, placement, slab_patient

from simulator.assessment.aeration import aeration_score, plane_signs
from simulator.assessment.answer import ZoneAnswer
from simulator.assessment.conclusions import SEVERITIES, severity_band
from simulator.assessment.pleural_line import PlaneFindings
from simulator.assessment.signs import SIGNS
from simulator.assessment.truth import Truth, answer_from_truth, zone_truth
from simulator.geometry import Grid
from simulator.pathology.fields import FAR_M, SoftGas

SWEEP = [(None, placement(along_m=z * 1e-3)) for z in (-10, 0, 10)]


def _zone(**patient):
    return zone_truth(slab_patient(**patient), "R3", views=SWEEP)


@pytest.mark.parametrize(
    ("findings", "score"),
    [
        ({}, 0),
        ({"n_b_lines": 2}, 0),  # isolated [V5]
        ({"n_b_lines": 4}, 1),
        ({"percent_coalescent": 30.0}, 1),  # light beam on 30 % of the pleura
        ({"percent_coalescent": 10.0, "percent_consolidation": 10.0, "consolidation_depth_mm": 8.0}, 1),
        ({"percent_coalescent": 50.0}, 1),
        ({"percent_coalescent": 51.0}, 2),
        ({"percent_coalescent": 100.0, "percent_white": 100.0}, 2),  # white lung is no consolidation
        ({"percent_coalescent": 90.0, "percent_consolidation": 90.0, "consolidation_depth_mm": 6.0}, 2),
        ({"percent_coalescent": 85.0, "percent_consolidation": 85.0, "consolidation_depth_mm": 20.0}, 3),
        ({"percent_coalescent": 40.0, "percent_consolidation": 40.0, "consolidation_depth_mm": 35.0}, 3),
    ],
)
def test_the_rule(findings, score):
    assert aeration_score(PlaneFindings(pleura_visible_mm=40.0, **findings)) == score


def test_healthy_lung():
    zone = _zone()
    assert (zone.score, zone.signs, zone.accepted) == (0, {"a_lines"}, frozenset())
    assert zone.views == len(SWEEP)


def test_separate_b_lines():
    zone = _zone(bands_mm=[(z, z + 2) for z in (-14, -7, 0, 7, 14)])
    assert zone.score == 1
    assert zone.signs == {"b_lines_separate"}
    assert "a_lines" in zone.accepted  # spared lung between them may be named


def test_the_worst_view_decides():
    zone = _zone(bands_mm=[(14, 45)])
    assert zone.worst is not None
    assert zone.score == max(view_score(zone_truth(slab_patient(bands_mm=[(14, 45)]), "R3", views=[v])) for v in SWEEP)
    assert "b_lines_coalescent" in zone.signs


def view_score(zone):
    return zone.score or 0


def test_white_lung_without_consolidation_is_two():
    zone = _zone(bands_mm=[(-50, 50)])
    assert (zone.score, zone.signs) == (2, {"white_lung"})
    assert "b_lines_coalescent" in zone.accepted


def test_subpleural_and_lobar_consolidation():
    small = _zone(lens_mm=(6.0, 8.0))
    assert (small.score, "subpleural_consolidation" in small.signs) == (1, True)
    lobar = _zone(lens_mm=(40.0, 45.0))
    assert (lobar.score, lobar.signs) == (3, {"consolidation"})


def test_effusion_rough_pleura_and_apnoea_are_named():
    assert "effusion" in _zone(fluid_mm=12.0).signs
    assert "pleural_irregularity" in _zone(rough=0.9).signs
    assert "sliding_absent" in _zone(rate=0.0).signs


def test_a_zone_without_pleura_cannot_be_assessed():
    zone = zone_truth(slab_patient(liver_below_m=0.02), "R4", views=SWEEP)
    assert (zone.score, zone.signs, zone.assessable) == (None, frozenset(), False)


def test_oblique_views_do_not_count():
    assert not zone_truth(slab_patient(), "R3", views=[(None, placement(fan_deg=25.0))]).assessable


def test_totals_and_bands():
    truth = made_truth({"R6": 3, "L6": 2, "R4": 1})
    assert (truth.total, truth.severity, truth.bilateral) == (6, "mild", True)
    assert truth.affected_zones == ("R4", "R6", "L6")
    assert made_truth({"R1": None}, {"R1": set()}).maximum == 33


def test_bands_cover_every_total_once():
    assert [severity_band(total) for total in range(37)] == [
        key for key, band in SEVERITIES.items() for _ in range(band.low, band.high + 1)
    ]


def test_answer_from_truth_leaves_out_what_cannot_be_seen():
    answer = answer_from_truth(made_truth({"R1": None, "R6": 2}, {"R1": set()}), "covid_pneumonia")
    assert answer.zone("R1") == ZoneAnswer(not_examined=True)
    assert answer.zone("R6").score == 2
    assert answer.missing_zones == ()


def test_vocabulary_has_names_definitions_and_sources():
    for key, sign in SIGNS.items():
        assert key == sign.key
        assert sign.name
        assert sign.definition.endswith(".")
        assert sign.source.startswith("[")
    assert plane_signs(PlaneFindings()) == frozenset()


def _with_wall_gas(half_m: float):
    """A slab patient with a sheet of gas in the chest wall, to `half_m` on either side of the middle."""
    patient = slab_patient()
    grid = Grid((-0.060, -0.018, -0.060), 0.001, (121, 19, 121))
    p = grid.points_m()
    distance = np.maximum(np.abs(p[..., 2]) - half_m, np.abs(p[..., 1] + 0.010) - 0.0015)
    distance[[0, -1]] = distance[:, [0, -1]] = distance[:, :, [0, -1]] = FAR_M
    gas = SoftGas(grid, np.minimum(distance, FAR_M)[..., None].astype(np.float16))
    return replace(patient, findings=replace(patient.findings, soft=gas))


def test_a_zone_that_gas_in_the_wall_hides_cannot_be_judged():
    zone = zone_truth(_with_wall_gas(0.055), "R3", views=SWEEP)
    assert (zone.score, zone.assessable, zone.signs) == (None, False, {"subcutaneous_emphysema"})
    assert zone.worst is not None
    hidden = Truth({**made_truth().zones, "R3": replace(zone, zone="R3")})
    assert answer_from_truth(hidden).zone("R3") == ZoneAnswer(not_examined=True)


def test_gas_in_the_wall_must_be_named_where_the_rest_can_be_judged():
    zone = zone_truth(_with_wall_gas(0.008), "R3", views=SWEEP)
    assert (zone.score, zone.signs) == (0, {"a_lines", "subcutaneous_emphysema"})
    clear = zone_truth(slab_patient(), "R3", views=SWEEP)
    assert "subcutaneous_emphysema" not in clear.signs | clear.accepted
