"""A gamepad: its rest is measured, its dead zone has no edge, and what it reports moves the probe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.app.gamepad import BUTTONS, CURVE, DEAD, HAT, Pads, Rest, amounts, deflection, fine
from simulator.app.keys import Command

REST = Rest((0.0, 0.0, 0.0, 0.0, -1.0, -1.0))


class Pad:
    """What pygame's joystick says."""

    def __init__(self, axes: list[float], buttons: list[int] | None = None) -> None:
        self.axes, self.buttons = axes, buttons or [0] * 10

    def get_numaxes(self) -> int:
        return len(self.axes)

    def get_axis(self, number: int) -> float:
        return self.axes[number]

    def get_numbuttons(self) -> int:
        return len(self.buttons)

    def get_button(self, number: int) -> int:
        return self.buttons[number]


def test_nothing_moves_in_the_dead_zone_and_there_is_no_jump_at_its_edge() -> None:
    assert deflection(DEAD) == 0.0
    assert 0.0 < deflection(DEAD + 0.01) < 0.01
    assert deflection(1.0) == 1.0
    assert deflection(-1.0) == -1.0
    assert deflection(0.56) == pytest.approx(0.5**CURVE)


@given(st.floats(-1.0, 1.0), st.floats(-0.3, 0.3))
def test_a_deflection_is_within_its_range_whatever_the_rest(value: float, rest: float) -> None:
    out = deflection(value, rest)
    assert -1.0 <= out <= 1.0
    assert out * (value - rest) >= 0.0


def test_a_worn_stick_rests_where_it_rests() -> None:
    pads = Pads()
    pad = Pad([0.18, -0.05, 0.0, 0.0, -1.0, -1.0])
    pads.add(3, pad)
    moved, _ = pads.read()
    assert set(moved.values()) == {0.0}
    pad.axes[0] = 1.0
    assert pads.read()[0]["left"] == -1.0
    pads.remove(3)
    assert pads.read() == ({}, False)


def test_a_stick_that_is_held_while_it_is_plugged_in_is_not_its_rest() -> None:
    assert Rest.of([0.9, 0.0, 0.0, 0.0]).axes[0] == 0.0


def test_triggers_press_and_lift_also_where_they_say_nothing_until_touched() -> None:
    assert amounts([0, 0, 0, 0, -1, 1], [], REST)["press"] == 1.0
    assert amounts([0, 0, 0, 0, 1, -1], [], REST)["press"] == -1.0
    pads, pad = Pads(), Pad([0.0] * 6)
    pads.add(0, pad)
    assert pads.read()[0]["press"] == 0.0
    pad.axes[5] = -1.0  # now it speaks
    assert pads.read()[0]["press"] == 0.0
    pad.axes[5] = 1.0
    assert pads.read()[0]["press"] == 1.0


def test_sticks_shoulders_and_fine() -> None:
    out = amounts([1, -1, 0.5, 0, -1, -1], [0, 0, 0, 0, 1, 0], REST)
    assert (out["left"], out["up"], out["rotate"]) == (-1.0, 1.0, -1.0)
    assert -1.0 < out["rock"] < 0.0
    assert fine([0] * 8 + [1])
    assert not fine([0] * 4)


def test_buttons_mean_commands() -> None:
    assert BUTTONS[0] == Command.FREEZE
    assert HAT[(0, 1)] == Command.SPACE_UP
