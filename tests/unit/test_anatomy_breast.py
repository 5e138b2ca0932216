"""Where is gland in the breast?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from anatomy_bodies import HABITUS

from simulator.anatomy.body import Body, Habitus
from simulator.anatomy.breast import NO_GLAND, gland_level, gland_of, in_gland
from simulator.anatomy.contact import point_on_skin, skin_normal
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.tissue import Tissue


@pytest.fixture
def woman(body_of) -> Body:
    return body_of("woman")


def test_gland_lies_in_the_fat_before_the_muscle(woman: Body) -> None:
    """Along the nipple's normal there is fat, gland, fat, muscle; beside the breast there is none."""
    gland = gland_of(woman)
    point = point_on_skin(woman, gland.azimuth_rad, gland.z_m)
    depth = np.arange(0.0, 0.05, 2e-4)[:, None]
    labels = Patient(woman, healthy(woman.grid)).at(0.0).tissue(point - depth * skin_normal(woman, point))
    at = np.flatnonzero(labels == Tissue.GLAND)
    assert 0.003 < 2e-4 * len(at) < 0.03
    assert labels[at[0] - 1] in (Tissue.FAT, Tissue.SKIN)
    assert Tissue.MUSCLE in labels[at[-1] :]
    back = point_on_skin(woman, np.pi - 0.5, gland.z_m)
    assert not (
        Patient(woman, healthy(woman.grid)).at(0.0).tissue(back - depth * skin_normal(woman, back)) == Tissue.GLAND
    ).any()


def test_gland_gives_way_to_fat_with_age(woman: Body) -> None:
    """A woman of eighty has less of it than one of twenty, a man none."""
    share = []
    for age in (20.0, 50.0, 80.0):
        gland = gland_of(replace(woman, habitus=replace(woman.habitus, age_years=age)))
        x, z = np.meshgrid(np.linspace(0.0, 1.5, 60), gland.z_m + np.linspace(-0.06, 0.06, 50))
        share.append(
            float(np.mean([gland_level(gland, x, z, 0.02 * f, 0.02 * (1.0 - f)) < 0.0 for f in np.linspace(0, 1, 20)]))
        )
    assert share[0] > 1.5 * share[1] > 2.0 * share[2] > 0.0
    man = replace(woman, habitus=Habitus("male", 30.0, 1.75, 75.0))
    assert gland_of(man) == NO_GLAND
    assert not in_gland(man, np.zeros((3, 3)), np.full(3, -0.01), np.full(3, 0.01)).any()


def test_bodies_for_testing_have_none(woman: Body) -> None:
    """A slab of even layers stays one."""
    assert gland_of(replace(woman, one_muscle=True)) == NO_GLAND
    assert HABITUS["woman"].sex == "female"
