"""From the hand to the picture in the real window: events as a system posts them, frames counted until they show.

What counts is what was drawn into the two pictures that the window then put on the screen. A frame that ends without
the movement is a late one; under two frames means one late frame at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pygame
import pytest
from hands_on import Hands, Point, press, scanning
from imgui_bundle import imgui
from test_gamepad import Pad

from simulator.app import window as window_module
from simulator.geometry import Placement

Shown = tuple[Placement, Placement | None]
Event = pygame.event.Event


class Watch:
    """Says what ultrasound image and 3D view hold after each frame."""

    def __init__(self, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hands, self.pictures = hands, hands.window.pictures
        self.scene: Any = None
        draw = self.pictures._torso.draw

        def drawn(scene: Any, *rest: Any) -> Any:
            self.scene = scene
            return draw(scene, *rest)

        monkeypatch.setattr(self.pictures._torso, "draw", drawn)

    def frame(self) -> None:
        self.hands.frames(1)

    def image(self) -> object:
        """How the probe was held, and with what, for the image on the screen."""
        drawn = self.pictures._drawn
        assert drawn is not None
        return drawn[0].pose, drawn[0].settings.depth_cm, drawn[0].transducer_key

    def torso(self) -> object:
        """The probe and the eye of the 3D view on the screen."""
        return (self.scene.placement, self.scene.camera) if self.scene is not None else None

    def late(self, *events: Event, seen: Callable[[], object]) -> int:
        """Frames that end without `seen()` having changed after the events."""
        before = seen()
        for event in events:
            pygame.event.post(event)
        for count in range(10):
            self.frame()
            if seen() != before:
                return count
        raise AssertionError("nothing happens")


@pytest.fixture
def watch(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Watch:
    scanning(hands)
    made = Watch(hands, monkeypatch)
    for _ in range(3):
        made.frame()
    return made


def key(kind: int, name: str, mod: int = 0) -> Event:
    return Event(kind, key=0, scancode=getattr(pygame, f"KSCAN_{name}"), mod=mod, unicode="")


def moved_to(watch: Watch, at: Point) -> Event:
    scale = watch.hands.window.input.interface_scale
    return Event(pygame.MOUSEMOTION, pos=(at[0] * scale, at[1] * scale), rel=(0, 0), buttons=(0, 0, 0), touch=False)


def button(watch: Watch, kind: int, at: Point, number: int) -> Event:
    scale = watch.hands.window.input.interface_scale
    return Event(kind, pos=(at[0] * scale, at[1] * scale), button=number, touch=False)


def turned(notches: int) -> Event:
    return Event(pygame.MOUSEWHEEL, x=0, y=notches, precise_x=0.0, precise_y=float(notches))


def spot(watch: Watch) -> Point:
    x, y, width, height = watch.hands.window.ui.places["patient"]
    return x + 0.40 * width, y + 0.60 * height  # not on the probe


@pytest.mark.parametrize("name", ["UP", "Q", "W", "A", "F", "PAGEDOWN", "EQUALS", "C"])
def test_a_key_is_in_the_image_of_the_same_frame(watch: Watch, name: str) -> None:
    assert watch.late(key(pygame.KEYDOWN, name), seen=watch.image) == 0
    pygame.event.post(key(pygame.KEYUP, name))
    watch.frame()


def test_a_key_is_in_the_3d_view_of_the_same_frame(watch: Watch) -> None:
    assert watch.late(key(pygame.KEYDOWN, "UP"), seen=watch.torso) == 0
    pygame.event.post(key(pygame.KEYUP, "UP"))
    watch.frame()


@pytest.mark.parametrize("which", ["image", "torso"])
def test_a_press_and_a_drag_are_in_the_pictures_one_frame_later(watch: Watch, which: str) -> None:
    seen = getattr(watch, which)
    at = spot(watch)
    pygame.event.post(moved_to(watch, at))
    watch.frame()
    assert watch.late(button(watch, pygame.MOUSEBUTTONDOWN, at, 1), seen=seen) <= 1
    watch.frame()
    watch.frame()
    for step in (1, 2, 3):
        there = at[0] + 6.0 * step, at[1] + 12.0 * step
        assert watch.late(moved_to(watch, there), seen=seen) <= 1
    pygame.event.post(button(watch, pygame.MOUSEBUTTONUP, at, 1))
    watch.frame()


@pytest.mark.parametrize("mod", ["LCTRL", "LSHIFT", "LALT"])
def test_the_wheel_is_in_the_image_one_frame_later_even_while_the_pointer_moves(watch: Watch, mod: str) -> None:
    flag = {"LCTRL": pygame.KMOD_CTRL, "LSHIFT": pygame.KMOD_SHIFT, "LALT": pygame.KMOD_ALT}[mod]
    at = spot(watch)
    pygame.event.post(moved_to(watch, at))
    watch.frame()
    for step in range(4):
        trembling = at[0] + 0.7 * step, at[1]
        events = key(pygame.KEYDOWN, mod, flag), moved_to(watch, trembling), turned(1)
        assert watch.late(*events, seen=watch.image) <= 1
    pygame.event.post(key(pygame.KEYUP, mod))
    watch.frame()


def test_the_view_turns_and_nears_one_frame_later(watch: Watch) -> None:
    at = spot(watch)
    pygame.event.post(moved_to(watch, at))
    watch.frame()
    assert watch.late(turned(1), seen=watch.torso) <= 1
    pygame.event.post(button(watch, pygame.MOUSEBUTTONDOWN, at, 3))
    watch.frame()
    watch.frame()
    assert watch.late(moved_to(watch, (at[0] + 30.0, at[1])), seen=watch.torso) <= 1
    pygame.event.post(button(watch, pygame.MOUSEBUTTONUP, at, 3))
    watch.frame()


def test_a_knob_is_in_the_image_one_frame_later(watch: Watch) -> None:
    x, y, width, height = watch.hands.window.ui.places["image"]
    assert watch.late(moved_to(watch, (x + width / 2, y + height / 2)), turned(1), seen=watch.image) <= 1
    before = watch.image()
    press(watch.hands, "Linear")  # pointer, button down, button up: a frame each, and one that shows it
    assert watch.image() != before


def test_a_click_that_is_over_within_a_frame_counts(watch: Watch) -> None:
    events = [moved_to(watch, spot(watch)), turned(1)]
    for _ in range(2):  # a double click
        events += [button(watch, kind, spot(watch), 1) for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)]
    pygame.event.post(moved_to(watch, spot(watch)))
    watch.frame()
    watch.frame()
    before = watch.image()
    clicks = []
    for event in events:
        pygame.event.post(event)
    for _ in range(7):
        watch.frame()
        clicks.append(int(imgui.get_io().mouse_clicked_count[0]))
    assert [count for count in clicks if count] == [1, 2]
    assert watch.image() != before


@pytest.mark.parametrize("axis", [0, 1, 2, 3])
def test_a_stick_is_in_the_image_of_the_same_frame(watch: Watch, monkeypatch: pytest.MonkeyPatch, axis: int) -> None:
    pad: Any = Pad([0.0, 0.0, 0.0, 0.0, -1.0, -1.0])
    pad.get_instance_id = lambda: 7
    monkeypatch.setattr(window_module.pygame.joystick, "Joystick", lambda index: pad)
    pygame.event.post(Event(pygame.JOYDEVICEADDED, device_index=0))
    watch.frame()
    pad.axes[axis] = 1.0
    assert watch.late(seen=watch.image) == 0
    pad.axes[axis] = 0.0
    watch.frame()
    assert watch.late(Event(pygame.JOYHATMOTION, hat=0, value=(0, -1), instance_id=7), seen=watch.image) == 0
    pygame.event.post(Event(pygame.JOYDEVICEREMOVED, instance_id=7))
    watch.frame()
