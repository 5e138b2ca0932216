"""Hands for the window: they post what a person would do, and let frames pass."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pygame
from imgui_bundle import imgui

from simulator.app.window import Window

Point = tuple[float, float]


class Hands:
    """Posts what a person would do, and lets frames pass."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.scale = 1.0

    def frames(self, count: int = 2) -> None:
        for _ in range(count):
            self.window.frame(1.0 / 30.0)

    def wait(self, done: Callable[[], bool], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "it takes too long"
            self.frames(1)

    def move(self, at: Point) -> None:
        pos = (at[0] * self.window.input.interface_scale, at[1] * self.window.input.interface_scale)
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0), touch=False))
        self.frames(1)

    def _button(self, kind: int, at: Point, button: int) -> None:
        pos = (at[0] * self.window.input.interface_scale, at[1] * self.window.input.interface_scale)
        pygame.event.post(pygame.event.Event(kind, pos=pos, button=button, touch=False))
        self.frames(1)

    def click(self, at: Point) -> None:
        self.move(at)
        self._button(pygame.MOUSEBUTTONDOWN, at, 1)
        self._button(pygame.MOUSEBUTTONUP, at, 1)
        self.frames(1)

    def drag(self, start: Point, end: Point, button: int = 1) -> None:
        self.move(start)
        self._button(pygame.MOUSEBUTTONDOWN, start, button)
        for share in np.linspace(0.2, 1.0, 5):
            self.move((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        self._button(pygame.MOUSEBUTTONUP, end, button)

    def wheel(self, at: Point, notches: int) -> None:
        self.move(at)
        pygame.event.post(
            pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=notches, precise_x=0.0, precise_y=float(notches))
        )
        self.frames(2)

    def key(self, name: str, hold: int = 1, mod: int = 0) -> None:
        scancode = getattr(pygame, f"KSCAN_{name}")
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            pygame.event.post(pygame.event.Event(kind, key=0, scancode=scancode, mod=mod, unicode=""))
            self.frames(hold)

    def pixels(self) -> np.ndarray:
        (_, _), (width, height) = self.window.sizes()
        data = self.window.ctx.screen.read(viewport=(0, 0, width, height), components=3, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)[::-1]


def press(hands: Hands, words: str) -> None:
    """Click the button with these words, wherever it is on the screen."""
    from simulator.app import widgets

    found: list[Point] = []
    original = imgui.button

    def spying(label: str, size: object) -> bool:
        pressed = original(label, size)
        if label.split("##", maxsplit=1)[0] == words:
            low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
            found.append(((low.x + high.x) / 2.0, (low.y + high.y) / 2.0))
        return bool(pressed)

    widgets.imgui.button = spying
    try:
        hands.frames(1)
    finally:
        widgets.imgui.button = original
    assert found, f"there is no button {words!r}"
    hands.click(found[-1])
    hands.frames(1)


def scanning(hands: Hands) -> tuple[float, float, float, float]:
    """Into a practice scan with some seconds in the loop; where the image is."""
    program = hands.window.program
    hands.click((800.0, 130.0))
    hands.wait(lambda: program.state.scan is not None)
    program.begin_scan(practice=True)
    hands.frames(20)
    return hands.window.ui.places["image"]
