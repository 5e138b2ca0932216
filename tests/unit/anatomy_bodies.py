"""The bodies that the tests of anatomy look at; one is quick enough for `make check`."""

from __future__ import annotations

import pytest

from simulator.anatomy.body import Habitus

HABITUS = {
    "woman": Habitus("female", 30.0, 1.65, 60.0),
    "man": Habitus("male", 50.0, 1.78, 85.0),
    "obese": Habitus("male", 50.0, 1.75, 110.0),
    "thin": Habitus("female", 30.0, 1.60, 48.0),
}
# Parameters for tests over all bodies: each body more costs seconds to bake.
BODIES = tuple(pytest.param(name, marks=() if name == "woman" else pytest.mark.slow) for name in HABITUS)
