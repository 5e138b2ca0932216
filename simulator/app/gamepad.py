"""What do a gamepad's sticks and buttons ask for? Pure functions of what it reports; its rest is measured, not assumed.

Axes and buttons are numbered as SDL numbers those of a common pad: sticks 0-3, triggers 4 and 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.app.keys import Command

DEAD = 0.12  # of the way from rest to the stop: worn sticks come back to within a tenth ([P])
LARGEST_DRIFT = 0.30  # a stick farther off its middle than this when it is plugged in is being held ([P])
CURVE = 1.7  # exponent: near the middle a stick is fine, at its stop as fast as a key ([P])
_STICKS = 4
_LEFT_TRIGGER, _RIGHT_TRIGGER = 4, 5
_LEFT_SHOULDER, _RIGHT_SHOULDER = 4, 5
FINE_BUTTONS = (8, 9)  # pressing on a stick, or what such a pad has there

BUTTONS: dict[int, Command] = {
    0: Command.FREEZE, 1: Command.UNDO, 2: Command.SQUARE, 3: Command.VIEW,
}  # fmt: skip
HAT: dict[tuple[int, int], Command] = {
    (0, 1): Command.SPACE_UP, (0, -1): Command.SPACE_DOWN, (1, 0): Command.PLEURA, (-1, 0): Command.UNDO,
}  # fmt: skip


@dataclass(frozen=True)
class Rest:
    """What a pad's axes report while nobody touches it."""

    axes: tuple[float, ...]

    @classmethod
    def of(cls, axes: Sequence[float]) -> Rest:
        """From a first look at it. A trigger rests at -1, or at 0 until it has been moved for the first time."""
        sticks = [value if abs(value) <= LARGEST_DRIFT else 0.0 for value in axes[:_STICKS]]
        triggers = [0.0 if abs(value) <= LARGEST_DRIFT else -1.0 for value in axes[_STICKS:]]
        return cls((*sticks, *triggers))

    def seen(self, axes: Sequence[float]) -> Rest:
        """This rest, with triggers that have turned out to rest at -1."""
        triggers = [-1.0 if value < -LARGEST_DRIFT else rest for value, rest in
                    zip(axes[_STICKS:], self.axes[_STICKS:], strict=True)]  # fmt: skip
        return Rest((*self.axes[:_STICKS], *triggers))


def deflection(value: float, rest: float = 0.0) -> float:
    """How far an axis is out, -1..1: nothing in the dead zone, no jump at its edge, fine near the middle."""
    room = (1.0 - rest) if value >= rest else (1.0 + rest)
    share = min(1.0, abs(value - rest) / max(room, 1e-6))
    if share <= DEAD:
        return 0.0
    out = ((share - DEAD) / (1.0 - DEAD)) ** CURVE
    return float(out if value >= rest else -out)


def amounts(axes: Sequence[float], buttons: Sequence[int], rest: Rest) -> dict[str, float]:
    """Motions that are asked for, -1..1 each, by their names in `handling`."""
    out = [deflection(value, middle) for value, middle in zip(axes, rest.axes, strict=True)]

    def axis(number: int) -> float:
        return out[number] if number < len(out) else 0.0

    def pressed(number: int) -> float:
        return float(bool(buttons[number])) if number < len(buttons) else 0.0

    return {
        "left": -axis(0), "up": -axis(1), "rock": -axis(2), "fan": -axis(3),
        "press": max(0.0, axis(_RIGHT_TRIGGER)) - max(0.0, axis(_LEFT_TRIGGER)),
        "rotate": pressed(_RIGHT_SHOULDER) - pressed(_LEFT_SHOULDER),
    }  # fmt: skip


def fine(buttons: Sequence[int]) -> bool:
    """Whether movements are to be fine."""
    return any(number < len(buttons) and buttons[number] for number in FINE_BUTTONS)


class Pads:
    """The pads that are plugged in, each with its rest; the first one counts."""

    def __init__(self) -> None:
        """None yet."""
        self._pads: dict[int, tuple[object, Rest]] = {}

    def add(self, number: int, pad: object) -> None:
        """One was plugged in; nobody is pushing its sticks yet."""
        self._pads[number] = (pad, Rest.of(_axes(pad)))

    def remove(self, number: int) -> None:
        """It was pulled out."""
        self._pads.pop(number, None)

    def read(self) -> tuple[dict[str, float], bool]:
        """(motions, whether they are to be fine) that the first pad asks for."""
        for number, (pad, rest) in self._pads.items():
            axes, buttons = _axes(pad), _buttons(pad)
            known = rest.seen(axes)
            self._pads[number] = (pad, known)
            return amounts(axes, buttons, known), fine(buttons)
        return {}, False


def _axes(pad: object) -> list[float]:
    return [float(pad.get_axis(i)) for i in range(pad.get_numaxes())]  # type: ignore[attr-defined]


def _buttons(pad: object) -> list[int]:
    return [int(pad.get_button(i)) for i in range(pad.get_numbuttons())]  # type: ignore[attr-defined]
