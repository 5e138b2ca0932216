"""How the pointer drags the probe."""

from __future__ import annotations

import pytest

from simulator.app.grip import NEAR, taken
from simulator.app.handling import FINE

FACE, TAIL = (100.0, 100.0), (100.0, 40.0)


def test_a_press_beside_the_probe_brings_it_there() -> None:
    assert taken((200.0, 150.0), FACE, TAIL, fine=False).target((210.0, 150.0)) == (210.0, 150.0)


def test_a_press_on_the_probe_takes_hold_of_it_where_it_is() -> None:
    grip = taken((105.0, 60.0), FACE, TAIL, fine=False)
    assert grip.target((105.0, 60.0)) == FACE
    assert grip.target((115.0, 70.0)) == (110.0, 110.0)
    assert taken((100.0, 100.0 + NEAR + 1.0), FACE, TAIL, fine=False).target((0.0, 0.0)) == (0.0, 0.0)


def test_fine_never_jumps_and_goes_a_fifth_of_the_way() -> None:
    grip = taken((300.0, 300.0), FACE, TAIL, fine=True)
    assert grip.target((300.0, 300.0)) == FACE
    assert grip.target((310.0, 290.0)) == pytest.approx((100.0 + 10.0 * FINE, 100.0 - 10.0 * FINE))


def test_a_probe_that_is_not_seen_comes_to_the_pointer() -> None:
    assert taken((5.0, 5.0), None, None, fine=True).target((5.0, 5.0)) == (5.0, 5.0)
