"""Free fluid: as much as was asked for, where gravity takes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.anatomy.slab import slab_body
from simulator.pathology.bake import bake_findings
from simulator.pathology.effusion import DOWN, ML, Effusion, down

BODY = slab_body()


def volume_ml(finding: Effusion, posture: str = "supine") -> float:
    fields = bake_findings(BODY, [finding], posture=posture, use_cache=False)
    return float(np.count_nonzero(fields.fluid < 0.0) * fields.grid.spacing_m**3 / ML)


@settings(max_examples=12, deadline=None)
@given(wanted=st.floats(20.0, 600.0), posture=st.sampled_from(sorted(DOWN)), side=st.sampled_from([1.0, -1.0]))
def test_the_volume_asked_is_the_volume_measured(wanted: float, posture: str, side: float) -> None:
    assert volume_ml(Effusion(side, volume_m3=wanted * ML), posture) == pytest.approx(wanted, rel=0.10, abs=4.0)


def test_a_depth_can_be_asked_instead() -> None:
    # seen from behind: the chest wall is below the lung of a patient who lies on the back
    behind = replace(BODY, thorax=np.ascontiguousarray(BODY.thorax[:, ::-1]), content_hash="")
    fields = bake_findings(behind, [Effusion(1.0, depth_m=0.030)])
    depth = -behind.sample("pleura", fields.grid.points_m())
    assert depth[fields.fluid < 0.0].max() == pytest.approx(0.030, abs=0.003)


def test_fluid_is_on_its_side_only() -> None:
    fields = bake_findings(BODY, [Effusion(-1.0, volume_m3=1e-4)], use_cache=False)
    x, _y, _z = fields.grid.axes_m()
    assert (x[np.flatnonzero((fields.fluid < 0.0).any(axis=(0, 1)))] < 0.0).all()


def test_fluid_follows_posture() -> None:
    heights = {}
    for posture in DOWN:
        fields = bake_findings(BODY, [Effusion(1.0, volume_m3=1e-4)], posture=posture, use_cache=False)
        heights[posture] = fields.grid.points_m()[fields.fluid < 0.0].mean(axis=0)
    assert heights["sitting"][2] < heights["semi_recumbent"][2] < heights["supine"][2]
    assert heights["supine"][1] < heights["sitting"][1]
    assert heights["lateral_left"][0] < heights["supine"][0] < heights["lateral_right"][0]
    assert np.allclose([np.linalg.norm(down(posture)) for posture in DOWN], 1.0)


def test_fluid_is_a_distance_inside_the_chest_wall() -> None:
    fields = bake_findings(BODY, [Effusion(1.0, volume_m3=2e-4)], posture="sitting", use_cache=False)
    slope = np.linalg.norm(np.gradient(fields.fluid.astype(np.float64), fields.grid.spacing_m), axis=0)
    near = np.abs(fields.fluid) < 0.008
    assert 0.7 < np.median(slope[near]) < 1.4
    wall = -BODY.sample("pleura", fields.grid.points_m())
    assert wall[fields.fluid < 0.0].min() >= -1e-4


def test_never_more_than_there_is_room_for() -> None:
    half_ml = 1e6 * 0.08 * 0.16 * 0.14
    assert volume_ml(Effusion(1.0, volume_m3=1.0)) < 0.9 * half_ml


def test_either_a_volume_or_a_depth() -> None:
    for sizes in ({}, {"volume_m3": 1e-4, "depth_m": 0.01}):
        with pytest.raises(ValueError, match="either"):
            Effusion(1.0, **sizes)
