"""Which key does what: the single table that the window obeys and that F1, README and tests read.

Keys are bound to places on the keyboard (scancodes), named as on a QWERTY keyboard, so that AZERTY works without
looking: what is written Q here is the key left of W's, whatever is printed on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from simulator.messages import N_
from simulator.physiology.requests import REQUESTS


class Command(StrEnum):
    """What a key can ask for."""

    SLIDE_UP = "slide_up"
    SLIDE_DOWN = "slide_down"
    SLIDE_LEFT = "slide_left"
    SLIDE_RIGHT = "slide_right"
    ROTATE_LEFT = "rotate_left"
    ROTATE_RIGHT = "rotate_right"
    FAN_UP = "fan_up"
    FAN_DOWN = "fan_down"
    ROCK_LEFT = "rock_left"
    ROCK_RIGHT = "rock_right"
    PRESS = "press"
    LIFT = "lift"
    SQUARE = "square"
    FINE = "fine"
    UNDO = "undo"
    REDO = "redo"
    SPACE_UP = "space_up"
    SPACE_DOWN = "space_down"
    PLEURA = "pleura"
    ZONE_1 = "zone_1"
    ZONE_2 = "zone_2"
    ZONE_3 = "zone_3"
    ZONE_4 = "zone_4"
    ZONE_5 = "zone_5"
    ZONE_6 = "zone_6"
    ZONE_L1 = "zone_l1"
    ZONE_L2 = "zone_l2"
    ZONE_L3 = "zone_l3"
    ZONE_L4 = "zone_l4"
    ZONE_L5 = "zone_l5"
    ZONE_L6 = "zone_l6"
    POSTURE = "posture"
    ARMS = "arms"
    BREATHE = "breath_quiet"
    BREATHE_DEEPLY = "breath_deep"
    HOLD_BREATH = "breath_hold"
    HOLD_IN = "breath_hold_in"
    HOLD_OUT = "breath_hold_out"
    DEEPER = "deeper"
    SHALLOWER = "shallower"
    GAIN_UP = "gain_up"
    GAIN_DOWN = "gain_down"
    PROBE = "probe"
    FREEZE = "freeze"
    MMODE = "mmode"
    CINE = "cine"
    DISTANCE = "distance"
    ELLIPSE = "ellipse"
    DELETE = "delete"
    ZOOM = "zoom"
    WHOLE = "whole"
    VIEW = "view"
    LINES = "lines"
    INSIDE = "inside"
    CUT = "cut"
    HELP = "help"
    LANGUAGE = "language"
    FULLSCREEN = "fullscreen"
    BACK = "back"


@dataclass(frozen=True)
class Binding:
    """One key. `place` is the key's name on a QWERTY keyboard; `held` repeats for as long as the key is down."""

    command: Command
    place: str
    group: str  # message id
    label: str  # message id
    shift: bool = False
    held: bool = False
    everywhere: bool = False  # on every screen, not only while scanning

    @property
    def shown(self) -> str:
        """The key as it is written in the list of shortcuts."""
        return ("Shift+" if self.shift else "") + SHOWN.get(self.place, self.place)


SHOWN = {"UP": "↑", "DOWN": "↓", "LEFT": "←", "RIGHT": "→", "MINUS": "-", "EQUALS": "+", "LEFTBRACKET": "[",
         "RIGHTBRACKET": "]", "SPACE": "Space", "ESCAPE": "Esc", "BACKSPACE": N_("Backspace"),
         "PAGEUP": N_("PgUp"), "PAGEDOWN": N_("PgDn")}  # fmt: skip

_PROBE, _ZONES, _CONSOLE = N_("Probe"), N_("Zones and patient"), N_("Console")
_VIEW, _PROGRAM = N_("View"), N_("Program")

BINDINGS: tuple[Binding, ...] = (
    Binding(Command.SLIDE_UP, "UP", _PROBE, N_("Slide up the screen"), held=True),
    Binding(Command.SLIDE_DOWN, "DOWN", _PROBE, N_("Slide down the screen"), held=True),
    Binding(Command.SLIDE_LEFT, "LEFT", _PROBE, N_("Slide to the left of the screen"), held=True),
    Binding(Command.SLIDE_RIGHT, "RIGHT", _PROBE, N_("Slide to the right of the screen"), held=True),
    Binding(Command.ROTATE_LEFT, "Q", _PROBE, N_("Rotate anticlockwise"), held=True),
    Binding(Command.ROTATE_RIGHT, "E", _PROBE, N_("Rotate clockwise"), held=True),
    Binding(Command.FAN_UP, "W", _PROBE, N_("Fan one way"), held=True),
    Binding(Command.FAN_DOWN, "S", _PROBE, N_("Fan the other way"), held=True),
    Binding(Command.ROCK_LEFT, "A", _PROBE, N_("Rock towards the marker"), held=True),
    Binding(Command.ROCK_RIGHT, "D", _PROBE, N_("Rock away from the marker"), held=True),
    Binding(Command.PRESS, "R", _PROBE, N_("Press harder"), held=True),
    Binding(Command.LIFT, "F", _PROBE, N_("Press less, down to lifting off"), held=True),
    Binding(Command.SQUARE, "X", _PROBE, N_("Hold the probe square to the skin again")),
    Binding(Command.FINE, "G", _PROBE, N_("Fine movements on or off")),
    Binding(Command.UNDO, "U", _PROBE, N_("Undo the last movement")),
    Binding(Command.REDO, "U", _PROBE, N_("Make it again"), shift=True),
    Binding(Command.SPACE_UP, "PAGEUP", _PROBE, N_("To the next intercostal space towards the head (practice)")),
    Binding(Command.SPACE_DOWN, "PAGEDOWN", _PROBE, N_("To the next intercostal space towards the feet (practice)")),
    Binding(Command.PLEURA, "X", _PROBE, N_("Hold the probe square to the pleura (practice)"), shift=True),
    Binding(Command.ZONE_1, "1", _ZONES, N_("Go to zone R1")),
    Binding(Command.ZONE_2, "2", _ZONES, N_("Go to zone R2")),
    Binding(Command.ZONE_3, "3", _ZONES, N_("Go to zone R3")),
    Binding(Command.ZONE_4, "4", _ZONES, N_("Go to zone R4")),
    Binding(Command.ZONE_5, "5", _ZONES, N_("Go to zone R5")),
    Binding(Command.ZONE_6, "6", _ZONES, N_("Go to zone R6")),
    Binding(Command.ZONE_L1, "1", _ZONES, N_("Go to zone L1"), shift=True),
    Binding(Command.ZONE_L2, "2", _ZONES, N_("Go to zone L2"), shift=True),
    Binding(Command.ZONE_L3, "3", _ZONES, N_("Go to zone L3"), shift=True),
    Binding(Command.ZONE_L4, "4", _ZONES, N_("Go to zone L4"), shift=True),
    Binding(Command.ZONE_L5, "5", _ZONES, N_("Go to zone L5"), shift=True),
    Binding(Command.ZONE_L6, "6", _ZONES, N_("Go to zone L6"), shift=True),
    Binding(Command.POSTURE, "P", _ZONES, N_("Turn the patient, or sit them up")),
    Binding(Command.ARMS, "P", _ZONES, N_("Ask the patient to hold the arms otherwise"), shift=True),
    Binding(Command.BREATHE, "O", _ZONES, N_("Ask the patient to breathe normally")),
    Binding(Command.BREATHE_DEEPLY, "J", _ZONES, N_("Ask the patient to breathe in deeply and out")),
    Binding(Command.HOLD_BREATH, "H", _ZONES, N_("Ask the patient to hold the breath")),
    Binding(Command.HOLD_IN, "H", _ZONES, N_("Ask the patient to breathe in deeply and hold"), shift=True),
    Binding(Command.HOLD_OUT, "J", _ZONES, N_("Ask the patient to breathe out and hold"), shift=True),
    Binding(Command.DEEPER, "EQUALS", _CONSOLE, N_("More depth")),
    Binding(Command.SHALLOWER, "MINUS", _CONSOLE, N_("Less depth")),
    Binding(Command.GAIN_UP, "RIGHTBRACKET", _CONSOLE, N_("More gain")),
    Binding(Command.GAIN_DOWN, "LEFTBRACKET", _CONSOLE, N_("Less gain")),
    Binding(Command.PROBE, "C", _CONSOLE, N_("Change the probe")),
    Binding(Command.FREEZE, "SPACE", _CONSOLE, N_("Freeze the image")),
    Binding(Command.MMODE, "M", _CONSOLE, N_("M-mode")),
    Binding(Command.CINE, "L", _CONSOLE, N_("Play or stop the frozen loop")),
    Binding(Command.DISTANCE, "T", _CONSOLE, N_("Measure a distance")),
    Binding(Command.ELLIPSE, "Y", _CONSOLE, N_("Measure an ellipse")),
    Binding(Command.DELETE, "BACKSPACE", _CONSOLE, N_("Delete the last measurement")),
    Binding(Command.ZOOM, "B", _CONSOLE, N_("Magnify a box of the image")),
    Binding(Command.WHOLE, "N", _CONSOLE, N_("The whole image again")),
    Binding(Command.VIEW, "V", _VIEW, N_("Look from the front, the right, the back, the left")),
    Binding(Command.LINES, "Z", _VIEW, N_("Show or hide zones and lines")),
    Binding(Command.INSIDE, "I", _VIEW, N_("Show what is under the skin (practice)")),
    Binding(Command.CUT, "K", _VIEW, N_("Show the anatomy of the image plane beside the image (practice)")),
    Binding(Command.HELP, "F1", _PROGRAM, N_("This list"), everywhere=True),
    Binding(Command.LANGUAGE, "F2", _PROGRAM, N_("Change the language"), everywhere=True),
    Binding(Command.FULLSCREEN, "F11", _PROGRAM, N_("Full screen"), everywhere=True),
    Binding(Command.BACK, "ESCAPE", _PROGRAM, N_("Back"), everywhere=True),
)

# What the mouse and the gamepad do: shown in the same list. (gesture, what it does), both message ids.
GESTURES: tuple[tuple[str, str], ...] = (
    (N_("Drag on the patient"), N_("Move the probe over the skin")),
    (N_("Drag with the right button"), N_("Look from elsewhere")),
    (N_("Wheel on the patient"), N_("Nearer or farther")),
    (N_("Ctrl+wheel"), N_("Rotate the probe")),
    (N_("Shift+wheel"), N_("Fan the probe")),
    (N_("Alt+wheel"), N_("Rock the probe")),
    (N_("Ctrl+Shift+wheel"), N_("Press the probe")),
    (N_("Wheel on the image"), N_("Depth; frozen: through the loop")),
    (N_("Ctrl+wheel on the image"), N_("Magnify around the pointer")),
    (N_("← → while frozen"), N_("Through the loop")),
    (N_("Hold Shift with a key or a drag"), N_("Fine movement")),
    (N_("Ctrl+Z"), N_("Undo the last movement; with Shift make it again")),
    (N_("Gamepad sticks"), N_("Slide; fan and rock; pressed in: fine")),
    (N_("Gamepad triggers and shoulders"), N_("Press; rotate")),
    (N_("Gamepad buttons A, B, X, Y"), N_("Freeze, undo, square, next view")),
    (N_("Gamepad cross"), N_("Next space, square to the pleura, undo")),
)


def zone_of(command: Command) -> str | None:
    """The zone that a command goes to, if it is one of those."""
    name = command.value.removeprefix("zone_")
    if name == command.value:
        return None
    return name.upper() if name.startswith("l") else f"R{name}"


def request_of(command: Command) -> str | None:
    """What the patient is asked to do with the breath by a command, if it is one of those."""
    name = command.value.removeprefix("breath_")
    return name if name in REQUESTS and name != command.value else None


def binding_for(place: str, shift: bool) -> Binding | None:
    """What a key press means. Shift only matters where a key is bound twice; elsewhere it means fine movement."""
    exact = [b for b in BINDINGS if b.place == place and b.shift == shift]
    loose = [b for b in BINDINGS if b.place == place and not b.shift]
    return exact[0] if exact else loose[0] if loose else None


def held_commands(places: Iterable[str]) -> frozenset[Command]:
    """Commands of the keys that are down and repeat."""
    down = set(places)
    return frozenset(b.command for b in BINDINGS if b.held and b.place in down)


def groups() -> dict[str, list[Binding]]:
    """The table by group, in its own order."""
    out: dict[str, list[Binding]] = {}
    for binding in BINDINGS:
        out.setdefault(binding.group, []).append(binding)
    return out
