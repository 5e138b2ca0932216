"""The test block: where its targets are, how a probe sits on it, what a file may say about it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenario_files import changed, refused

from simulator.anatomy.contact import place
from simulator.anatomy.phantom import ANECHOIC, DEPTH_M, ECHOGENIC, GROUPS_M, PIN, phantom_body
from simulator.assessment.plane import plane_truth
from simulator.assessment.truth import truth
from simulator.errors import BadInputError
from simulator.patient import Patient
from simulator.probe import PRESETS, TRANSDUCERS, scan_lines
from simulator.render.frame import phantom_record
from simulator.scenario.build import rubric_of
from simulator.scenario.load import load_scenario
from simulator.tissue import Tissue


@pytest.fixture(scope="module")
def block() -> Patient:
    return load_scenario("phantom").build()


def test_it_has_what_it_says(block: Patient) -> None:
    phantom = block.body.phantom
    assert phantom is not None
    depths_mm = sorted(1e3 * t.depth_m for t in phantom.of_kind(PIN) if t.z_m == 0.0)
    np.testing.assert_allclose(depths_mm, np.arange(10.0, 151.0, 10.0))
    assert {round(2e3 * t.radius_m, 6) for t in phantom.of_kind(ANECHOIC)} == {3.0, 5.0, 10.0}
    assert {t.level_db for t in phantom.of_kind(ECHOGENIC)} == {6.0, 12.0}
    group = sorted(t.z_m for t in phantom.of_kind(PIN) if t.depth_m == 0.03 and t.z_m > 0.06)
    np.testing.assert_allclose(sorted(np.diff(group)), [0.5e-3, 1e-3, 2e-3, 3e-3, 4e-3], atol=1e-9)


def test_a_probe_sits_square_on_it_and_does_not_squeeze_it(block: Patient) -> None:
    phantom = block.body.phantom
    assert phantom is not None
    for name, pose in phantom.views.items():
        placed = place(block.body, pose.pressed(0.8))
        np.testing.assert_allclose(placed.face_torso, (0.0, 0.0, GROUPS_M[name]), atol=1e-5)
        np.testing.assert_allclose(placed.rotation, [[0, -1, 0], [0, 0, -1], [1, 0, 0]], atol=1e-6)
        assert placed.compression_m == 0.0
        assert placed.lift_m == 0.0


def test_its_tissue_is_the_same_for_points_and_planes(block: Patient) -> None:
    state, cyst = block.at(3.0), block.body.phantom.of_kind(ANECHOIC)[2]  # type: ignore[union-attr]
    points = cyst.centre_torso + np.array([[0, 0, 0], [0.03, 0, 0], [0, 0, 1.1 * cyst.radius_m]])
    np.testing.assert_array_equal(state.tissue(points), [Tissue.FLUID, Tissue.FLUID, Tissue.LIVER])
    deep = np.array([[0.0, -DEPTH_M - 1e-3, 0.0], [0.0, -DEPTH_M + 1e-3, 0.0], [0.0, 1e-3, 0.0]])
    np.testing.assert_array_equal(state.tissue(deep), [Tissue.STOMACH_GAS, Tissue.LIVER, Tissue.AIR])
    for key, transducer in TRANSDUCERS.items():
        settings = PRESETS[key].replace(depth_cm=18.0)
        lines = scan_lines(transducer, settings)
        placement = place(block.body, block.body.phantom.views["cysts"])  # type: ignore[union-attr]
        seen = plane_truth(state, placement, lines, settings.samples)
        middle = settings.lines // 2
        assert seen.gas_depth_m[middle] == pytest.approx(DEPTH_M, abs=1e-5)
        assert seen.gas[middle] == Tissue.STOMACH_GAS
        assert seen.tissue is not None
        area_m2 = np.sum(seen.tissue == Tissue.FLUID, axis=0) > 0
        assert area_m2[round(0.04 / settings.sample_spacing_m)]
        assert not np.isfinite(seen.pleura_depth_m).any()


def test_nothing_in_it_moves_and_nothing_is_scored(block: Patient) -> None:
    state = block.at(7.3)
    assert state.diaphragm_descent_m == 0.0
    assert state.contraction == 0.0
    assert not any(zone.assessable for zone in truth(block).zones.values())
    scenario = load_scenario("phantom")
    assert rubric_of(scenario.spec).diagnosis == "normal"
    with pytest.raises(BadInputError, match="test block"):
        scenario.require_exam()


def test_a_person_has_no_targets_and_a_block_not_too_many(block: Patient) -> None:
    assert phantom_record(block)["phantom"][0] == len(block.body.phantom.targets)  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="at most"):
        phantom_record(Patient(phantom_body(block.body.phantom.targets * 2), block.findings))  # type: ignore[union-attr]


BODY = "  sex: female\n  age_years: 40\n  height_cm: 165.0\n  weight_kg: 60.0\n"


def test_what_a_file_may_say(tmp_path: Path) -> None:
    assert refused(tmp_path, changed(BODY, "  kind: phantom\n")) == [
        "1:1: a phantom has no vitals, physiology, findings and expected conclusion"
    ]
    assert refused(tmp_path, changed(BODY, "  kind: phantm\n")) == [
        "15:9: body.kind: 'phantm' is not known (did you mean phantom?)"
    ]
    assert refused(tmp_path, changed(BODY, "  kind: phantom\n  sex: male\n")) == [
        "16:3: body.sex: no such key; there are kind, posture"
    ]
    assert refused(tmp_path, changed("expected:\n  diagnosis: covid_pneumonia\n", "")) == [
        "1:1: a patient needs expected too"
    ]
