"""Baking: the registry against the folder, the fields' limits, the cache."""

from __future__ import annotations

import importlib
import time
from pathlib import Path

import numpy as np
import pytest

import simulator.pathology
from simulator.anatomy.lobes import LOBES, lobe_at, lobe_distance_m
from simulator.anatomy.slab import slab_body
from simulator.pathology import cache
from simulator.pathology.bake import bake_findings, findings_hash
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.effusion import Effusion
from simulator.pathology.fields import FAR_M, healthy
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.pleural_irregularity import PleuralIrregularity
from simulator.pathology.pneumothorax import Pneumothorax
from simulator.pathology.region import Region, Spot, lungs_of
from simulator.pathology.registry import KINDS, PLACERS
from simulator.pathology.sliding_loss import SlidingLoss
from simulator.pathology.subcutaneous_emphysema import SubcutaneousEmphysema
from simulator.pathology.subpleural_consolidation import SubpleuralConsolidation

BODY = slab_body()
R1 = Region(("R1",))
ALL = (
    Interstitial(R1, "b_lines"),
    PleuralIrregularity(R1),
    SubpleuralConsolidation(R1),
    Consolidation(Region(("L1",))),
    Effusion(1.0, volume_m3=5e-5),
    SlidingLoss(R1, 0.9),
    Pneumothorax(1.0, 0.2),
    SubcutaneousEmphysema(R1),
)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLEURA_CACHE_DIR", str(tmp_path))
    return tmp_path / "findings"


def test_the_registry_is_the_folder() -> None:
    found = set()
    for path in Path(simulator.pathology.__path__[0]).glob("*.py"):
        module = importlib.import_module(f"simulator.pathology.{path.stem}")
        kinds = [v for v in vars(module).values() if hasattr(v, "KIND") and v.__module__ == module.__name__]
        for kind in kinds:
            assert path.stem == kind.KIND, "a finding is one stem"
            assert PLACERS[kind] is module.place
            found.add(kind)
    assert found == set(PLACERS)
    assert len(KINDS) == len(set(KINDS))


def test_every_kind_is_baked_here() -> None:
    assert {type(finding) for finding in ALL} == set(PLACERS)


def test_no_findings_are_healthy_lungs() -> None:
    fields = bake_findings(BODY, [], use_cache=False)
    expected = healthy(fields.grid)
    assert np.array_equal(fields.lung, expected.lung)
    assert np.array_equal(fields.space, expected.space)


def test_fields_are_within_their_limits() -> None:
    fields = bake_findings(BODY, ALL, use_cache=False)
    assert fields.lung.dtype == fields.space.dtype == np.float16
    assert np.isfinite(fields.lung).all()
    assert np.isfinite(fields.space).all()
    for channel in (0, 2):
        assert fields.lung[..., channel].min() == 0.0
        assert 0.5 < fields.lung[..., channel].max() <= 1.0
    assert fields.space[..., 1].min() == 0.0
    assert fields.space[..., 1].max() == np.float16(0.9)
    for field in (fields.lung[..., 1], fields.bronchi.distance_m, fields.fluid, fields.space[..., 2]):
        assert np.abs(field).max() <= np.float16(FAR_M)
        assert field.min() < 0.0
    assert fields.names == KINDS


def test_roughness_covers_the_percent_asked() -> None:
    fields = bake_findings(BODY, [PleuralIrregularity(Region(), percent=55.0, seed=3)], use_cache=False)
    x, z = np.meshgrid(np.arange(-0.07, 0.07, 0.001), np.arange(-0.07, 0.07, 0.001))
    points = np.stack([x, np.full_like(x, -0.020), z], axis=-1)
    assert 100.0 * np.mean(fields.grid.sample(fields.lung[..., 2], points) > 0.5) == pytest.approx(55.0, abs=8.0)


def test_the_grid_is_the_bodys_own_cropped() -> None:
    grid = lungs_of(BODY).grid
    offset = (np.array(grid.origin_m) - np.array(BODY.grid.origin_m)) / grid.spacing_m
    assert np.allclose(offset, np.round(offset), atol=1e-6)
    assert grid.spacing_m == BODY.grid.spacing_m
    assert all(a <= b for a, b in zip(grid.shape, BODY.grid.shape, strict=True))
    lungs = lungs_of(BODY)
    assert np.abs(BODY.sample("pleura", lungs.foot)).max() < 1e-3
    assert np.allclose(lungs.outward[lungs.surface], [0.0, 1.0, 0.0], atol=1e-3)


def test_the_cache_gives_back_the_same(own_cache: Path) -> None:
    first = bake_findings(BODY, ALL, seed=1)
    assert [path.suffix for path in own_cache.iterdir()] == [".npz"]
    again = bake_findings(BODY, ALL, seed=1)
    assert np.array_equal(first.lung, again.lung)
    assert np.array_equal(first.space, again.space)
    assert (first.grid, first.names, first.content_hash) == (again.grid, again.names, again.content_hash)
    assert first.soft.grid == again.soft.grid
    assert np.array_equal(first.soft.distance_m, again.soft.distance_m)
    assert first.floating == again.floating
    assert first.bronchi.grid == again.bronchi.grid
    assert np.array_equal(first.bronchi.distance_m, again.bronchi.distance_m)
    assert len(first.lenses) == 1
    assert np.array_equal(first.lenses, again.lenses)


@pytest.mark.parametrize("damage", [b"", b"not a zip file", None])
def test_a_damaged_file_is_baked_again(own_cache: Path, damage: bytes | None) -> None:
    fields = bake_findings(BODY, ALL[:1], seed=2)
    path = own_cache / f"{fields.content_hash}.npz"
    whole = path.read_bytes()
    path.write_bytes(damage if damage is not None else whole[: len(whole) // 2])
    assert cache.load(fields.content_hash) is None
    assert np.array_equal(bake_findings(BODY, ALL[:1], seed=2).lung, fields.lung)
    assert path.read_bytes() != damage


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PLEURA_CACHE_DIR", str(tmp_path / "file"))
    assert bake_findings(BODY, ALL[:1]).names == ("interstitial",)


def test_old_bakes_are_thrown_away(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEEP", 2)
    for seed in range(4):
        bake_findings(BODY, ALL[:1], seed=seed)
    assert len(list(own_cache.iterdir())) == 2


def test_the_key_depends_on_everything() -> None:
    keys = {
        findings_hash(BODY, ALL, 1, "supine"),
        findings_hash(BODY, ALL, 2, "supine"),
        findings_hash(BODY, ALL, 1, "sitting"),
        findings_hash(BODY, ALL[1:], 1, "supine"),
        findings_hash(slab_body(fat_m=0.009), ALL, 1, "supine"),
    }
    assert len(keys) == 5


def test_progress_is_told() -> None:
    told: list[tuple[str, float]] = []
    bake_findings(BODY, ALL, progress=lambda what, share: told.append((what, share)), use_cache=False)
    shares = [share for _what, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_it_is_quick() -> None:
    start = time.process_time()
    bake_findings(BODY, ALL, use_cache=False)
    assert time.process_time() - start < 5.0  # 0.3 s of processor time; a slow machine is not a failure


def test_a_region_names_real_places() -> None:
    with pytest.raises(ValueError, match="R9"):
        Region(("R9",))
    assert [part.zones for part in Region(("R1", "R2")).parts()] == [("R1",), ("R2",)]
    assert Region((), ("RUL", "LLL")).parts()[1].lobes == ("LLL",)
    assert Region().parts() == (Region(),)
    spot = Spot(0.5, 0.3, 0.01)
    assert Region(("R1",), ("RUL",), (spot,)).parts() == (
        Region(("R1",), ("RUL",)),
        Region((), ("RUL",), (spot,)),
    )


def test_a_spot_is_round_and_as_large_as_it_says() -> None:
    spot = Spot(np.radians(40.0), 0.25, 0.012)
    region = Region(spots=(spot,))
    lungs = lungs_of(BODY)
    fields = bake_findings(BODY, [Interstitial(region, "white_lung")], use_cache=False)
    foot = lungs.foot[lungs.surface]
    wet = fields.grid.sample(fields.lung[..., 0], foot) > 0.5
    assert wet.any()
    azimuth, height, radius = BODY.azimuth_rad(foot), BODY.height_fraction(foot), foot[:, 1] - BODY.axis_y_m
    along = (height - spot.height) * BODY.notch_to_rib10_m
    around = (azimuth - spot.azimuth_rad) * np.hypot(foot[:, 0], radius)
    away = np.hypot(along, around)
    assert away[wet].max() < spot.radius_m + 0.002
    assert away[~wet].min() > spot.radius_m - 0.002


def test_lobes_share_out_the_lungs() -> None:
    points = lungs_of(BODY).grid.points_m()[::6, ::6, ::6].reshape(-1, 3)
    points = points[np.abs(points[:, 0]) > 1e-6]
    inside = np.stack([lobe_distance_m(BODY, lobe, points) < 0.0 for lobe in LOBES])
    assert (inside.sum(axis=0) <= 1).all()
    assert (inside.sum(axis=0) == 1).mean() > 0.99
    assert lobe_at(BODY, np.array([[0.05, -0.15, -0.06], [-0.05, -0.15, -0.06]])) == ["RLL", "LLL"]
    assert lobe_at(BODY, np.array([[0.05, -0.03, 0.05], [-0.05, -0.03, 0.05]])) == ["RUL", "LUL"]
