"""Free air: as much as was asked for, uppermost, with an edge that moves; what the truth says of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from assessment_scenes import placement, slab_patient

from simulator.anatomy.slab import slab_body
from simulator.assessment.aeration import aeration_score, plane_signs
from simulator.assessment.plane import plane_truth
from simulator.assessment.pleural_line import PlaneFindings
from simulator.assessment.truth import REFERENCE, zone_truth
from simulator.pathology.bake import bake_findings
from simulator.pathology.effusion import DOWN
from simulator.pathology.pneumothorax import AZIMUTH_HEIGHT, Pneumothorax
from simulator.pathology.region import lungs_of
from simulator.patient import Patient
from simulator.physiology.sliding import EDGE_SHARE
from simulator.probe import CONVEX, scan_lines

BODY = slab_body()
END_INSPIRATION_S = 60.0 / 15.0 / 3.0


def air_of(finding: Pneumothorax, posture: str = "supine") -> npt.NDArray[np.float16]:
    return bake_findings(BODY, [finding], posture=posture, use_cache=False).space[..., 2]


@pytest.mark.parametrize("posture", sorted(DOWN))
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_share_asked_is_the_share_filled_and_uppermost(posture: str, side: float) -> None:
    lungs = lungs_of(BODY, posture)
    inside = air_of(Pneumothorax(side, 0.3), posture) < 0.0
    x = lungs.grid.axes_m()[0]
    cavity = lungs.aerated & (side * x[None, None, :] > 0.0)
    assert (inside & lungs.aerated).sum() == pytest.approx(0.3 * cavity.sum(), rel=0.08)
    up = lungs.grid.points_m() @ -np.array(DOWN[posture])
    assert up[inside & cavity].min() > up[cavity & ~inside].max() - 1e-3


def test_the_edge_is_where_it_was_asked() -> None:
    long = slab_body(spacing_m=0.004, half_width_m=0.16)
    lungs = lungs_of(long)
    finding = Pneumothorax(1.0, edge_azimuth_deg=25.0)
    air = bake_findings(long, [finding], use_cache=False).space[..., 2].astype(np.float64)
    azimuth, height, _radius = lungs.around
    there = lungs.surface & (np.abs(azimuth - 25.0) < 3.0) & (np.abs(height - AZIMUTH_HEIGHT) < 0.03)
    assert there.any()
    assert np.abs(air.ravel()[lungs.shell[there]]).max() < 0.006


def test_either_a_volume_or_an_edge() -> None:
    for sizes in ({}, {"volume_share": 0.2, "edge_azimuth_deg": 40.0}):
        with pytest.raises(ValueError, match="either"):
            Pneumothorax(1.0, **sizes)


def detached(cranial_of_m: float, **painted: object) -> Patient:
    """Free air behind the pleura where z is over `cranial_of_m` at end-expiration."""
    patient = slab_patient(**painted)  # type: ignore[no-untyped-call]
    z = patient.findings.grid.axes_m()[2]
    space = patient.findings.space.copy()
    space[..., 2] = np.clip(cranial_of_m - z, -0.05, 0.05)[:, None, None]
    return replace(patient, findings=replace(patient.findings, space=space))


def seen(patient: Patient, time_s: float = 0.0) -> PlaneFindings:
    lines = scan_lines(CONVEX, REFERENCE)
    return plane_truth(patient.at(time_s), placement(), lines, REFERENCE.samples).findings  # type: ignore[no-untyped-call]


def test_air_hides_the_lung_and_its_fluid() -> None:
    for painted in ({"bands_mm": [(-50, 50)]}, {"lens_mm": (40.0, 45.0)}, {"fluid_mm": 12.0}, {"rough": 0.9}):
        findings = seen(detached(-1.0, **painted))
        assert aeration_score(findings) == 0
        assert plane_signs(findings) == {"a_lines", "sliding_absent"}
        assert findings.pulsing_mm == 0.0


def test_the_edge_in_the_view_is_a_lung_point_that_moves_with_the_breath() -> None:
    findings = seen(detached(0.0))
    assert "lung_point" in plane_signs(findings)
    assert "lung_point" not in plane_signs(seen(detached(-1.0)))
    assert "lung_point" not in plane_signs(seen(detached(1.0)))
    moved_mm = findings.detached_mm - seen(detached(0.0), END_INSPIRATION_S).detached_mm
    assert moved_mm == pytest.approx(1e3 * EDGE_SHARE * 0.017, abs=1.0)


def test_a_zone_with_an_edge_demands_the_lung_point_and_scores_nothing() -> None:
    views = [(None, placement(along_m=m)) for m in (-0.03, 0.0, 0.03)]  # type: ignore[no-untyped-call]
    zone = zone_truth(detached(0.0), "R3", views=views)
    assert zone.score == 0
    assert {"lung_point", "sliding_absent"} <= zone.signs | zone.accepted
    assert "lung_point" in zone.signs


def test_motion_stops_where_air_is() -> None:
    patient = detached(0.0)
    points = np.array([[0.0, -0.021, 0.03], [0.0, -0.021, -0.03]])
    state = patient.at(END_INSPIRATION_S)
    moved = state.in_lung(points)[:, 2] - points[:, 2]
    assert moved[0] == 0.0
    assert moved[1] > 0.002
