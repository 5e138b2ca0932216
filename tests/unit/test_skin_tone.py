"""Skin tones: every one of them occurs, and the seed alone decides."""

from __future__ import annotations

import numpy as np

from simulator.render.skin_tone import TONES, skin_linear


def test_tones_are_spread_evenly_and_depend_on_the_seed_alone() -> None:
    tones = np.array([skin_linear(seed) for seed in range(400)])
    assert np.array_equal(tones[7], skin_linear(7))
    assert np.all((tones > 0.0) & (tones < 0.7))
    greens = np.array([tone[1] for tone in TONES])
    share, _ = np.histogram(tones[:, 1], bins=greens[::-1])
    assert (share > 400 * 0.12).all(), share
    assert (tones[:, 0] > tones[:, 1]).all()
    assert (tones[:, 1] > tones[:, 2]).all()
