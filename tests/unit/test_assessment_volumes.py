"""The affected lung volume, on scenes whose volumes are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assessment_scenes import PLEURA_M, slab_patient

from simulator.anatomy.lobes import LOBES
from simulator.assessment.truth import Truth
from simulator.assessment.volumes import (
    INTERSTITIAL_DEPTH_M,
    LOBE_NAMES,
    AffectedLung,
    AffectedVolume,
    affected_volume,
)
from simulator.geometry import Grid
from simulator.pathology.bake import bake_findings
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.effusion import Effusion
from simulator.pathology.fields import healthy
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.pneumothorax import Pneumothorax
from simulator.pathology.region import Region

WIDE_MM, DEEP_MM = 102.0, 121.0  # of the slab in voxels: across, and from the skin down
CM3 = 1e-3  # cubic millimetres to millilitres


def _of(patient):
    return affected_volume(patient.body, patient.findings)


def test_a_slab_of_lung_has_its_volume_and_no_disease():
    found = _of(slab_patient())
    expected = WIDE_MM**2 * (DEEP_MM - PLEURA_M * 1e3) * CM3
    assert found.total.lung_ml == pytest.approx(expected, rel=0.01)
    assert (found.total.affected_ml, found.fluid_ml, found.free_air_ml, found.total.percent) == (0.0, 0.0, 0.0, 0.0)
    assert tuple(found.lobes) == LOBES == tuple(LOBE_NAMES)


def test_airless_lung_counts_whole():
    """A block 20 mm broad and 12 mm deep across the slab."""
    found = _of(slab_patient(lens_mm=(10.0, 12.0)))
    assert found.total.airless_ml == pytest.approx(20.0 * 12.0 * WIDE_MM * CM3, rel=0.03)
    assert found.total.interstitial_ml == 0.0
    assert found.total.percent == pytest.approx(100.0 * found.total.airless_ml / found.total.lung_ml)


@pytest.mark.parametrize("density", [0.9, 0.45])
def test_interstitial_disease_counts_by_its_density_to_its_depth(density):
    found = _of(slab_patient(bands_mm=[(-15.0, 15.0)], density=density))
    expected = 30.0 * INTERSTITIAL_DEPTH_M * 1e3 * 101.0 * CM3 * density / 0.9
    assert found.total.interstitial_ml == pytest.approx(expected, rel=0.04)


def test_fluid_is_not_lung_and_airless_lung_not_wet_as_well():
    wet = _of(slab_patient(fluid_mm=30.0, lens_mm=(10.0, 12.0)))
    assert wet.fluid_ml == pytest.approx(WIDE_MM**2 * 30.0 * CM3, rel=0.01)
    assert wet.total.airless_ml == 0.0  # the block lies in the fluid: there is no lung
    both = _of(slab_patient(bands_mm=[(-60.0, 60.0)], lens_mm=(80.0, 50.0)))
    assert both.total.interstitial_ml == pytest.approx(0.0, abs=0.5)
    assert both.total.affected_ml <= both.total.lung_ml


def test_lobes_keep_their_disease(body_of):
    """Airless left lower lobe, white right upper zone, fluid and free air: each is counted where it is."""
    body = body_of("woman")
    plain = affected_volume(body, healthy(body.grid))
    findings = bake_findings(body, [Consolidation(Region(lobes=("LLL",)), depth_m=0.2)], use_cache=False)
    found = affected_volume(body, findings)
    assert found.lobes["LLL"].percent > 95.0
    assert all(found.lobes[name].percent < 3.0 for name in LOBES if name != "LLL")
    assert found.total.lung_ml == pytest.approx(plain.total.lung_ml, rel=1e-3)
    assert sum(lobe.affected_ml for lobe in found.lobes.values()) == pytest.approx(found.total.affected_ml)

    findings = bake_findings(
        body, [Effusion(1.0, volume_m3=400e-6), Pneumothorax(-1.0, volume_share=0.2)], use_cache=False
    )
    found = affected_volume(body, findings)
    assert found.fluid_ml == pytest.approx(400.0, rel=0.05)
    assert found.free_air_ml > 50.0
    lost = plain.total.lung_ml - found.total.lung_ml
    assert lost == pytest.approx(found.fluid_ml + found.free_air_ml, rel=1e-3)


def test_more_disease_is_more_volume(body_of):
    body = body_of("woman")
    shares = []
    for percent in (30.0, 60.0, 100.0):
        wet = Interstitial(Region(zones=("R4", "R6")), "coalescent", percent)
        shares.append(affected_volume(body, bake_findings(body, [wet], use_cache=False)).total.percent)
    assert 0.0 < shares[0] < shares[1] < shares[2] < 30.0


def test_a_grid_that_is_part_of_the_bodys_gives_the_same():
    patient = slab_patient(lens_mm=(10.0, 12.0))
    grid, cut = patient.body.grid, 3
    nz, ny, nx = grid.shape
    x, y, z = (o + cut * grid.spacing_m for o in grid.origin_m)
    part = (slice(cut, None), slice(cut, None), slice(cut, None))
    smaller = replace(
        patient.findings, grid=Grid((x, y, z), grid.spacing_m, (nz - cut, ny - cut, nx - cut)),
        lung=patient.findings.lung[part], space=patient.findings.space[part],
    )  # fmt: skip
    found = affected_volume(patient.body, smaller)
    assert found.total.airless_ml == pytest.approx(20.0 * 12.0 * (WIDE_MM - 6.0) * CM3, rel=0.03)


def test_nothing_is_no_percentage():
    assert AffectedLung(0.0, 0.0, 0.0).percent == 0.0
    assert AffectedVolume({}).total == AffectedLung(0.0, 0.0, 0.0)
    assert Truth({}).volumes is None
    assert np.isfinite(AffectedVolume({"RUL": AffectedLung(1.0, 0.5, 0.0)}).total.percent)
