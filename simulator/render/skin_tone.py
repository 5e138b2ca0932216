"""Which colour is the skin? Drawn from the patient's seed, and from nothing else about the patient."""

from __future__ import annotations

import numpy as np

Colour = tuple[float, float, float]

# From light to deep, linear red, green, blue: albedo as it looks under the light of the 3D view [P].
TONES: tuple[Colour, ...] = (
    (0.600, 0.400, 0.310), (0.520, 0.330, 0.245), (0.430, 0.255, 0.175),
    (0.315, 0.175, 0.112), (0.200, 0.105, 0.066), (0.105, 0.054, 0.036),
)  # fmt: skip
USUAL: Colour = (0.50, 0.315, 0.235)  # where there is no patient
_STREAM = 0x5C1  # keeps these draws apart from others of the same seed


def skin_linear(seed: int) -> Colour:
    """The skin's colour for a seed, linear red, green, blue: evenly spread over TONES, a little more or less red."""
    rng = np.random.default_rng([_STREAM, abs(seed)])
    at, red = float(rng.uniform(0.0, len(TONES) - 1.0)), float(rng.uniform(0.97, 1.04))
    r, g, b = (float(np.interp(at, np.arange(len(TONES)), channel)) for channel in zip(*TONES, strict=True))
    return (r * red, g, b / red)
