"""The table of keys, and everything that repeats it."""

from __future__ import annotations

import pygame

from simulator.app import keys
from simulator.app.keys import BINDINGS, Command, binding_for, held_commands, zone_of
from simulator.app.screens.help_list import rows


def test_every_command_has_exactly_one_key() -> None:
    commands = [binding.command for binding in BINDINGS]
    assert sorted(commands) == sorted(Command)


def test_no_key_means_two_things() -> None:
    places = [(binding.place, binding.shift) for binding in BINDINGS]
    assert len(places) == len(set(places))


def test_every_place_is_a_scancode_of_sdl() -> None:
    missing = [binding.place for binding in BINDINGS if not hasattr(pygame, f"KSCAN_{binding.place}")]
    assert not missing


def test_shift_chooses_the_left_side_and_is_fine_movement_elsewhere() -> None:
    assert binding_for("3", shift=False).command == Command.ZONE_3
    assert binding_for("3", shift=True).command == Command.ZONE_L3
    assert binding_for("W", shift=True).command == Command.FAN_UP
    assert binding_for("F7", shift=False) is None


def test_held_keys_are_movements_only() -> None:
    assert held_commands({"W", "SPACE", "UP"}) == {Command.FAN_UP, Command.SLIDE_UP}


def test_zone_commands_name_all_twelve_zones() -> None:
    zones = {zone_of(command) for command in Command} - {None}
    assert zones == {f"{side}{number}" for side in "RL" for number in range(1, 7)}
    assert zone_of(Command.LIFT) is None


def test_the_list_on_f1_has_every_key_and_gesture() -> None:
    shown = {keys_shown for lines in rows().values() for keys_shown, _ in lines}
    for binding in BINDINGS:
        assert zone_of(binding.command) or binding.shown in shown
    assert {gesture for gesture, _ in keys.GESTURES} <= shown
    assert {"1 … 6", "Shift+1 … Shift+6"} <= shown
