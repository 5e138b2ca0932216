"""The whole program on SDL's offscreen driver with real OpenGL: menu to debrief by posted events.

Without OpenGL 3.3 these tests fail; they are never skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pygame
import pytest
from hands_on import Hands, press, scanning

from simulator.app.preferences import config_path
from simulator.app.state import Screen

ROOT = Path(__file__).resolve().parents[2]


def test_from_menu_to_debrief_with_mouse_and_keys(hands: Hands) -> None:
    window, program = hands.window, hands.window.program
    assert hands.pixels().std() > 5.0, "the menu is drawn"
    hands.click((800.0, 130.0))  # the first case
    hands.wait(lambda: program.state.screen == Screen.BRIEF and program.state.scan is not None)
    hands.frames(3)
    press(hands, "Begin the examination")
    assert program.state.screen == Screen.SCAN
    hands.frames(3)

    places = window.ui.places
    px, py, width, height = places["patient"]
    middle = (px + width * 0.40, py + height * 0.45)
    before = program.scan.pose
    hands.drag(middle, (middle[0] + 10.0, middle[1] + 60.0))
    assert program.scan.pose.height_m < before.height_m - 0.005, "dragging down moves the probe down"
    yaw = program.scan.camera.yaw_rad
    hands.drag(middle, (middle[0] + 60.0, middle[1]), button=3)
    assert program.scan.camera.yaw_rad != yaw, "the right button looks from elsewhere"
    before = program.scan.pose
    hands.key("W", hold=4)
    assert program.scan.pose.fan_rad > before.fan_rad
    hands.key("E", hold=4)
    assert program.scan.pose.rotate_rad > before.rotate_rad
    hands.key("EQUALS")
    assert program.scan.settings.depth_cm == 11.0
    ix, iy, iw, ih = places["image"]
    hands.wheel((ix + iw / 2.0, iy + ih / 2.0), 1)
    assert program.scan.settings.depth_cm == 10.0
    hands.key("SPACE")
    assert program.scan.frozen
    still = hands.pixels()
    hands.frames(3)
    image = (slice(int(iy) + 30, int(iy + ih) - 10), slice(int(ix) + 50, int(ix + iw) - 60))
    assert np.array_equal(still[image], hands.pixels()[image]), "a frozen image stands still"
    assert still[image].max() > 100, "there is an image"
    hands.key("SPACE")

    zone = program.scan.zone
    ax, ay, _, _ = places["answers"]
    hands.click((ax + 24.0, ay + 164.0))  # the first sign
    press(hands, "0")  # the score
    answer = program.scan.answer.zone(zone)
    assert answer.signs
    assert answer.score == 0
    hands.key("M")
    hands.frames(4)
    assert program.scan.mmode
    hands.key("F1")
    assert program.state.help_open
    hands.key("ESCAPE")
    assert not program.state.help_open

    press(hands, "Conclude")
    assert program.state.screen == Screen.CONCLUSION
    program.answer_conclusion("normal", "minimal")
    hands.frames(2)
    press(hands, "Hand in")
    hands.wait(lambda: program.state.screen == Screen.DEBRIEF)
    hands.frames(4)
    assert program.exam is not None
    assert program.exam.score is not None
    assert hands.pixels().std() > 10.0
    hands.key("ESCAPE")
    assert program.state.screen == Screen.MENU


def test_a_frozen_loop_is_scrolled_played_and_measured_on(hands: Hands) -> None:
    program = hands.window.program
    ix, iy, iw, ih = scanning(hands)
    middle = (ix + iw / 2.0, iy + ih / 2.0)
    image = (slice(int(iy) + 32, int(iy + ih) - 34), slice(int(ix) + 46, int(ix + iw) - 46))
    hands.key("SPACE")
    newest = hands.pixels()[image].copy()
    hands.key("W", hold=4)
    assert np.array_equal(hands.pixels()[image], newest), "moving the probe leaves the frozen image alone"
    hands.wheel(middle, 4)
    assert program.cine.index == len(program.cine) - 5
    older = hands.pixels()[image].copy()
    assert not np.array_equal(older, newest)
    hands.key("LEFT")
    assert program.cine.index == len(program.cine) - 6
    hands.key("RIGHT")
    assert np.array_equal(hands.pixels()[image], older), "the same frame is drawn the same again"
    bar = iy + ih - 20.0
    hands.drag((ix + 200.0, bar), (ix + 52.0, bar))
    assert program.cine.index == 0
    hands.click((ix + 26.0, bar))
    assert program.cine.playing
    hands.frames(10)
    assert program.cine.index > 2
    hands.key("L")
    assert not program.cine.playing

    hands.key("T")
    a, b = (middle[0] - 40.0, iy + 150.0), (middle[0] + 40.0, iy + 180.0)
    hands.drag(a, b)
    hands.click((middle[0], iy + 200.0))
    hands.click((middle[0], iy + 240.0))
    first, second = program.scan.measured
    per_px_m = second.length_m / 40.0  # type: ignore[union-attr]
    assert first.length_m == pytest.approx(np.hypot(80.0, 30.0) * per_px_m, abs=1e-4)  # type: ignore[union-attr]
    hands.key("Y")
    hands.drag((middle[0] - 50.0, iy + 260.0), (middle[0] + 50.0, iy + 260.0))
    hands.click((middle[0], iy + 285.0))
    ellipse = program.scan.measured[2]
    assert ellipse.axes_m == pytest.approx((100.0 * per_px_m, 50.0 * per_px_m), abs=1e-4)  # type: ignore[union-attr]
    hands.key("BACKSPACE")
    assert len(program.scan.measured) == 2
    hands.key("Y")

    hands.key("B")
    hands.drag((middle[0] - 80.0, iy + 120.0), (middle[0] + 80.0, iy + 220.0))
    zoom = program.scan.zoom
    assert zoom is not None
    assert zoom.factor > 1.5
    assert program.scan.tool == ""
    assert not np.array_equal(hands.pixels()[image], older)
    hands.drag(middle, (middle[0] + 30.0, middle[1]))
    assert program.scan.zoom is not None
    assert program.scan.zoom.centre_m[0] > zoom.centre_m[0], "dragging pushes the magnified part"
    assert program.scan.measured[0] == first, "a measurement is of the plane, not of the screen"
    hands.key("N")
    assert program.scan.zoom is None
    hands.key("SPACE")
    assert not program.scan.measured


def test_the_mmode_line_is_dragged_and_its_strip_stands_still_when_frozen(hands: Hands) -> None:
    program = hands.window.program
    ix, iy, iw, ih = scanning(hands)
    hands.key("M")
    hands.frames(20)
    strip = (slice(int(iy + 30 + 0.62 * (ih - 70)), int(iy + ih) - 60), slice(int(ix) + 60, int(ix + iw) - 46))
    live = hands.pixels()[strip].copy()
    assert live[:, -60:].max() > 60, "there is something to see"
    hands.frames(6)
    moved = hands.pixels()[strip]
    assert not np.array_equal(live, moved)
    hands.key("SPACE")
    still = hands.pixels()[strip].copy()
    hands.frames(5)
    assert np.array_equal(hands.pixels()[strip], still)
    hands.key("SPACE")
    before = program.scan.mmode_at
    hands.drag((ix + iw / 2.0, iy + 120.0), (ix + iw / 2.0 - 40.0, iy + 120.0))
    assert program.scan.mmode_at < before, "line 0 is on the left"


def test_every_probe_can_be_taken_in_the_hand(hands: Hands) -> None:
    program = hands.window.program
    scanning(hands)
    for words, key in (("Micro", "micro_convex"), ("Phased", "phased"), ("Linear", "linear"), ("Convex", "convex")):
        press(hands, words)
        hands.frames(2)
        assert program.scan.transducer_key == key
        assert program.state.screen == Screen.SCAN, program.state.error
    press(hands, "Focal zones: 1")
    assert program.scan.settings.focal_zones == 2
    press(hands, "Density: medium")
    assert program.scan.settings.line_density == "high"


def test_the_pseudonym_is_typed_and_remembered(hands: Hands) -> None:
    hands.click((150.0, 232.0))
    for letter in "Zoé":
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=letter))
        hands.frames(1)
    assert hands.window.program.preferences.trainee == "Zoé"
    assert json.loads(config_path().read_text(encoding="utf-8"))["trainee"] == "Zoé"


def test_the_window_can_be_resized_and_everything_still_fits(hands: Hands) -> None:
    hands.window.window.size = (1600, 900)
    hands.frames(3)
    (size, framebuffer) = hands.window.sizes()
    assert framebuffer[0] >= size[0] == 1600
    assert hands.pixels()[-200:, -300:].std() >= 0.0
    hands.window.program.remember(scale=2.0)
    hands.frames(2)
    assert hands.window.input.interface_scale == pytest.approx(min(1600 / 1100, 900 / 640))


def test_an_error_while_drawing_is_a_screen(hands: Hands) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    hands.click((800.0, 130.0))
    program = hands.window.program
    hands.wait(lambda: program.state.scan is not None)
    program.begin_scan(practice=True)
    hands.window.pictures.ultrasound = broken  # type: ignore[method-assign, assignment]
    hands.frames(3)
    assert program.state.screen == Screen.ERROR
    assert "secret" not in program.state.error
    hands.key("ESCAPE")
    assert program.state.screen == Screen.MENU


def test_closing_the_window_ends_the_program(hands: Hands) -> None:
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    hands.frames(1)
    assert hands.window.program.quit


def test_without_opengl_the_error_names_what_to_install(own_data: Path) -> None:
    script = "from simulator.app.window import run; run()"
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "NoGraphicsError" in last
    assert "libgl1-mesa-dri" in last


def test_typed_letters_move_nothing(hands: Hands) -> None:
    hands.click((150.0, 232.0))
    for name in ("W", "F", "SPACE"):
        hands.key(name)
    assert hands.window._held() == frozenset()
