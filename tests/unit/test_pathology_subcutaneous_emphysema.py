"""Gas in the chest wall: where it lies, how much of the skin it is under, and that it stands still."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.anatomy.slab import slab_body
from simulator.pathology.bake import bake_findings
from simulator.pathology.fields import FAR_M, SOFT_CHANNEL, FindingFields
from simulator.pathology.region import Region
from simulator.pathology.subcutaneous_emphysema import (
    CLEAR_OF_PLEURA_M,
    SHALLOWEST_M,
    SPACING_M,
    UNDER_SKIN_M,
    SubcutaneousEmphysema,
)
from simulator.patient import Patient
from simulator.tissue import Tissue

FAT_M, PLEURA_M = 0.009, 0.020
BODY = slab_body(fat_m=FAT_M, pleura_m=PLEURA_M, half_width_m=0.09)
R1, L1 = Region(("R1",)), Region(("L1",))


def baked(*findings: SubcutaneousEmphysema) -> FindingFields:
    return bake_findings(BODY, findings, use_cache=False)


def gas_points(fields: FindingFields) -> np.ndarray:
    return fields.soft.grid.points_m()[fields.soft.distance_m[..., 0] < 0.0]


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_it_lies_between_skin_and_pleura_in_its_region(strength: float) -> None:
    points = gas_points(baked(SubcutaneousEmphysema(R1, 60.0, strength, seed=1)))
    below = -points[:, 1]
    assert below.min() >= UNDER_SKIN_M - 1e-6
    assert below.max() <= PLEURA_M - CLEAR_OF_PLEURA_M + 1e-6
    assert R1.distance_m(BODY, points).max() <= 1e-6
    assert np.mean(np.abs(below - FAT_M) < 0.005) > (0.95 if strength < 0.6 else 0.4)  # mostly on the fascia


@pytest.mark.parametrize(("percent", "strength"), [(30.0, 0.5), (70.0, 0.5), (60.0, 1.0)])
def test_the_share_of_the_skin(percent: float, strength: float) -> None:
    fields = baked(SubcutaneousEmphysema(R1, percent, strength, seed=2))
    grid = fields.soft.grid
    points = grid.points_m()
    over = (R1.distance_m(BODY, points) < 0.0).any(axis=1)
    hidden = (fields.soft.distance_m[..., 0] < 0.0).any(axis=1)
    # a pocket's rim is thinner than a voxel, and not counted
    assert 100.0 * hidden[over].mean() == pytest.approx(0.85 * percent, abs=14.0)


def test_thin_fat_pushes_it_below_the_fascia() -> None:
    thin = slab_body(fat_m=0.002, pleura_m=PLEURA_M, half_width_m=0.09)
    points = gas_points(bake_findings(thin, [SubcutaneousEmphysema(R1, 60.0, 0.5)], use_cache=False))
    assert -np.median(points[:, 1]) == pytest.approx(SHALLOWEST_M, abs=1.5e-3)


def test_nothing_beyond_the_grid_and_nothing_without_the_finding() -> None:
    fields = baked(SubcutaneousEmphysema(R1, seed=3))
    distance = fields.soft.distance_m[..., 0]
    for axis in range(3):
        assert np.take(distance, [0, -1], axis=axis).min() == np.float16(FAR_M)
    far = np.array([[0.0, 5.0, 0.0], [-0.08, -0.01, -0.05]])
    assert fields.soft.sample(far).min() > 0.0
    none = baked()
    assert not none.soft.present
    assert none.soft.distance_m.shape == (2, 2, 2, 1)
    assert none.soft.sample(far).min() == pytest.approx(FAR_M)


def test_two_findings_make_one_body_of_gas() -> None:
    right, left = SubcutaneousEmphysema(R1, seed=4), SubcutaneousEmphysema(L1, seed=5)
    both, alone = baked(right, left), baked(right)
    points = gas_points(both)
    assert points[:, 0].min() < 0.0 < points[:, 0].max()
    assert both.soft.grid.spacing_m == SPACING_M
    at = alone.soft.grid.points_m()[::4, ::2, ::4].reshape(-1, 3)
    inside = at[:, 0] > 0.02  # away from the other side's gas
    np.testing.assert_allclose(both.soft.sample(at[inside]), alone.soft.sample(at[inside]), atol=1e-4)


def test_the_gas_stands_still_and_is_gas() -> None:
    patient = Patient(BODY, baked(SubcutaneousEmphysema(R1, seed=6)))
    points = gas_points(patient.findings)[::50]
    for time_s in (0.0, 1.3):
        state = patient.at(time_s)
        assert (state.tissue(points) == Tissue.AIR).all()
        np.testing.assert_array_equal(
            state.finding(SOFT_CHANNEL, points), patient.at(0.0).finding(SOFT_CHANNEL, points)
        )


def test_a_place_without_chest_wall_stays_as_it_is() -> None:
    assert not baked(SubcutaneousEmphysema(Region(("R6",)))).soft.present
