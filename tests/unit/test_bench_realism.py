"""The greys of a picture: what is counted, and where."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.bench.imaging.realism import NAMES, RANGES, Greys, greys, sector_mask
from simulator.probe import PRESETS, TRANSDUCERS
from simulator.render.sector import image_geometry


@pytest.mark.parametrize("probe", ["convex", "linear"])
def test_only_the_sector_is_looked_at(probe: str) -> None:
    mask = sector_mask(image_geometry(TRANSDUCERS[probe], PRESETS[probe], (200, 180)))
    assert mask.shape == (180, 200)
    assert 0.2 < mask.mean() < 0.9
    assert not mask[:, [0, -1]].any()
    np.testing.assert_array_equal(mask, mask[:, ::-1])


def test_shares_and_bands() -> None:
    mask = np.zeros((100, 40), dtype=bool)
    mask[:, 10:30] = True
    image = np.full((100, 40), 255, dtype=np.uint8)
    image[:50, 10:30], image[50:, 10:30] = 200, 20
    found = greys(image, mask)
    assert found == Greys(50.0, 0.0, 110.0, 200.0, 200.0 / 110.0, 0.1)
    assert all(len(ranges) == len(NAMES) for ranges in RANGES.values())
