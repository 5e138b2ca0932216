"""Free fluid: as much as was asked for, where gravity takes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.anatomy.body import Body
from simulator.anatomy.slab import slab_body
from simulator.pathology.bake import bake_findings
from simulator.pathology.effusion import COMPRESSED_MAX_M, DOWN, FREE_OF_WALL_M, ML, Effusion, down
from simulator.pathology.fields import SEPTA_AT, SEPTA_REACH_M, SEPTA_UNIT_M, FindingFields
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.region import Region, lungs_of
from simulator.patient import Patient
from simulator.physiology.floating import SWAY_BEAT_M, SWAY_BREATH
from simulator.physiology.sliding import SINUSOID_SHARE

BODY = slab_body()


def wet(fields: FindingFields, body: Body = BODY) -> npt.NDArray[np.bool_]:
    """Voxels of the cavity that hold fluid: it is given by its surface alone."""
    return np.asarray((fields.fluid < 0.0) & lungs_of(body).aerated)


def volume_ml(finding: Effusion, posture: str = "supine") -> float:
    fields = bake_findings(BODY, [finding], posture=posture, use_cache=False)
    return float(np.count_nonzero(wet(fields)) * fields.grid.spacing_m**3 / ML)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(wanted=st.floats(20.0, 600.0), posture=st.sampled_from(sorted(DOWN)), side=st.sampled_from([1.0, -1.0]))
def test_the_volume_asked_is_the_volume_measured(wanted: float, posture: str, side: float) -> None:
    assert volume_ml(Effusion(side, volume_m3=wanted * ML), posture) == pytest.approx(wanted, rel=0.10, abs=4.0)


def test_a_depth_can_be_asked_instead() -> None:
    # seen from behind: the chest wall is below the lung of a patient who lies on the back
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    fields = bake_findings(behind, [Effusion(1.0, depth_m=0.030)])
    depth = -behind.sample("pleura", fields.grid.points_m())
    assert depth[wet(fields, behind)].max() == pytest.approx(0.030, abs=0.003)


def test_fluid_is_on_its_side_only() -> None:
    fields = bake_findings(BODY, [Effusion(-1.0, volume_m3=1e-4)], use_cache=False)
    x, _y, _z = fields.grid.axes_m()
    assert (x[np.flatnonzero(wet(fields).any(axis=(0, 1)))] < 0.0).all()


def test_fluid_follows_posture() -> None:
    heights = {}
    for posture in DOWN:
        fields = bake_findings(BODY, [Effusion(1.0, volume_m3=1e-4)], posture=posture, use_cache=False)
        heights[posture] = fields.grid.points_m()[wet(fields)].mean(axis=0)
    assert heights["sitting"][2] < heights["semi_recumbent"][2] < heights["supine"][2]
    assert heights["supine"][1] < heights["sitting"][1]
    assert heights["lateral_left"][0] < heights["supine"][0] < heights["lateral_right"][0]
    assert np.allclose([np.linalg.norm(down(posture)) for posture in DOWN], 1.0)


def test_fluid_is_a_distance_to_its_surface() -> None:
    fields = bake_findings(BODY, [Effusion(1.0, volume_m3=2e-4)], posture="sitting", use_cache=False)
    slope = np.linalg.norm(np.gradient(fields.fluid.astype(np.float64), fields.grid.spacing_m), axis=0)
    near = np.abs(fields.fluid) < 0.008
    assert 0.7 < np.median(slope[near]) < 1.4


def test_never_more_than_there_is_room_for() -> None:
    half_ml = 1e6 * 0.08 * 0.16 * 0.14
    assert volume_ml(Effusion(1.0, volume_m3=1.0)) < 0.9 * half_ml


def test_either_a_volume_or_a_depth() -> None:
    for sizes in ({}, {"volume_m3": 1e-4, "depth_m": 0.01}):
        with pytest.raises(ValueError, match="either"):
            Effusion(1.0, **sizes)


def test_the_lung_line_nears_the_wall_on_inspiration() -> None:
    fields = bake_findings(BODY, [Effusion(1.0, volume_m3=3e-4)], posture="sitting", use_cache=False)
    patient = Patient(BODY, fields)
    points = np.array([[0.03, -0.05, -0.07]])
    end_inspiration_s = 60.0 / patient.respiration.rate_per_min * patient.respiration.inspiration_fraction
    moved = patient.at(end_inspiration_s).finding("fluid", points) - patient.at(0.0).finding("fluid", points)
    assert moved == pytest.approx(SINUSOID_SHARE * patient.respiration.excursion_m, rel=0.01)


def test_a_large_effusion_collapses_the_lung_above_it_but_not_along_the_wall() -> None:
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    depth = -lungs_of(behind).pleura
    large, small = (bake_findings(behind, [Effusion(1.0, depth_m=m)], use_cache=False) for m in (0.060, 0.025))
    airless = (large.lung[..., 1] < 0.0) & lungs_of(behind).aerated & ~wet(large, behind)
    assert airless.any()
    assert depth[airless].min() >= FREE_OF_WALL_M[0] - 1e-3
    assert large.fluid[airless].max() <= COMPRESSED_MAX_M + 1e-3
    assert not (small.lung[..., 1] < 0.0).any()


def test_what_is_in_the_fluid() -> None:
    def echoes(content: str) -> npt.NDArray[np.floating]:
        effusion = Effusion(1.0, volume_m3=4e-4, content=content)  # type: ignore[arg-type]
        fields = bake_findings(BODY, [effusion], use_cache=False)
        return fields.space[..., 3][wet(fields)].astype(np.float64)

    assert echoes("simple").max() == 0.0
    cloudy, septated = echoes("complex"), echoes("septated")
    assert 0.4 < cloudy.mean() < 0.6
    assert cloudy.max() < 0.75
    membrane_m = SEPTA_UNIT_M * (septated - SEPTA_AT)
    assert np.abs(membrane_m).max() <= SEPTA_REACH_M + 1e-5
    assert 0.01 < np.mean(np.abs(membrane_m) < 0.7e-3) < 0.12  # thin membranes


def test_membranes_are_given_by_distance() -> None:
    """A millimetre a millimetre, so that they are drawn thinner than the voxels."""
    fields = bake_findings(BODY, [Effusion(1.0, volume_m3=4e-4, content="septated", seed=3)], use_cache=False)
    inside = lungs_of(BODY).aerated & (fields.fluid < -0.004)
    distance_m = SEPTA_UNIT_M * (fields.space[..., 3].astype(np.float64) - SEPTA_AT)
    slope = np.linalg.norm(np.gradient(distance_m, fields.grid.spacing_m), axis=0)
    near = inside & (np.abs(distance_m) < 0.003)
    assert near.any()
    assert 0.7 < np.median(slope[near]) < 1.3


def test_a_tongue_of_airless_lung_floats_in_a_large_effusion() -> None:
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    large, small = (bake_findings(behind, [Effusion(1.0, volume_m3=v)], use_cache=False) for v in (6.5e-4, 3e-4))
    assert small.floating.reach_m == 0.0
    floating, lungs = large.floating, lungs_of(behind)
    assert np.linalg.norm(floating.direction) == pytest.approx(1.0)
    points = lungs.grid.points_m()
    near_tip = np.linalg.norm(points - np.array(floating.tip_m), axis=-1) < 0.012
    dry = near_tip & (large.fluid > 0.0) & lungs.aerated
    assert dry.any()
    assert (near_tip & (large.fluid < 0.0)).any()  # with fluid around it
    assert (large.lung[..., 1][dry] < 0.0).all()  # airless
    measured_ml = np.count_nonzero(wet(large, behind)) * large.grid.spacing_m**3 / ML
    assert measured_ml == pytest.approx(650.0, rel=0.05)  # it takes no room from the fluid


def test_the_tongue_sways_with_breath_and_heartbeat() -> None:
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    fields = bake_findings(behind, [Effusion(1.0, volume_m3=6.5e-4)], use_cache=False)
    patient = Patient(behind, fields)
    tip, direction = np.array(fields.floating.tip_m), np.array(fields.floating.direction)
    still, far = patient.at(0.0), tip + 4.0 * fields.floating.reach_m * direction
    np.testing.assert_allclose(still.in_fluid(tip), tip)
    respiration = patient.respiration
    swung = patient.at(60.0 / respiration.rate_per_min * respiration.inspiration_fraction)
    moved = (tip - swung.in_fluid(tip)) @ direction
    expected = SWAY_BREATH * swung.diaphragm_descent_m + SWAY_BEAT_M * swung.contraction
    assert moved == pytest.approx(expected, rel=1e-6)
    assert 0.003 < moved < 0.012
    np.testing.assert_allclose(swung.in_fluid(far), far, atol=1e-5)
    # it does not fill out with the breath, while the fluid elsewhere gives way
    assert swung.nearing_m(tip) == pytest.approx(0.0)
    assert swung.nearing_m(far) == pytest.approx(swung.diaphragm_descent_m, rel=1e-3)


def test_wet_lung_is_wet_behind_fluid_too() -> None:
    """Traps at the pleura are carried to the lung line, and nowhere else."""
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    white = Interstitial(Region(("R5", "R6")), "white_lung", percent=100.0)
    alone, both = (
        bake_findings(behind, findings, use_cache=False)
        for findings in ([white], [white, Effusion(1.0, depth_m=0.030)])
    )
    lungs = lungs_of(behind)
    deep = lungs.aerated & (lungs.pleura < -0.020)
    line = deep & (np.abs(both.fluid.astype(np.float32)) < 0.004)
    assert line.any()
    assert alone.lung[..., 0][deep].max() == 0.0
    assert np.mean(both.lung[..., 0][line] > 0.5) > 0.2
    assert both.lung[..., 0][deep & (np.abs(both.fluid.astype(np.float32)) > 0.020)].max() == 0.0
