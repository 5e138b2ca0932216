"""Ultrasound first: how often and how finely the patient is drawn on a fast machine and on a slow one."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import Any

import fakes
import moderngl
import pytest
import standin

from simulator.app.gl_pictures import COARSE, GlPictures
from simulator.geometry import Pose
from simulator.pathology.fields import healthy
from simulator.patient import Patient
from simulator.probe import CONVEX
from simulator.render.camera import Camera
from simulator.render.torso_scene import TorsoScene

BODY = standin.trunk_body()
PATIENT = Patient(BODY, healthy(BODY.grid))
FRAME_S = 1.0 / 30.0


@dataclass
class Machine:
    """A clock, and a 3D view that takes its time: `cost_s` for the patient at full size, a tenth for the probe."""

    cost_s: float
    now_s: float = 0.0
    spent_s: float = 0.0
    bodies: int = 0
    drawn: Any = None
    body: Any = None
    sizes: tuple[tuple[int, int], ...] = ()

    def __call__(self) -> float:
        return self.now_s

    def draw(self, scene: TorsoScene, size: tuple[int, int], *_: object) -> str:
        self.drawn = scene
        cost = 0.1 * self.cost_s
        if (scene.without_probe(), size) != self.body:
            self.body, self.bodies, self.sizes = (scene.without_probe(), size), self.bodies + 1, (*self.sizes, size)
            cost = self.cost_s * size[0] * size[1] / (360.0 * 720.0)
        self.now_s += cost
        self.spent_s += cost
        return "picture"


def pictures(machine: Machine, ctx: moderngl.Context) -> GlPictures:
    with ctx:
        made = GlPictures(ctx, lambda texture: texture, fakes.FakeWorld(), machine)
    made._torso = machine  # type: ignore[assignment]
    return made


def seconds(machine: Machine, shown: GlPictures, ctx: moderngl.Context, count: float, turn_rad: float = 0.0) -> None:
    """Frames of the window for so long, with an eye that turns by so much in each."""
    before = machine.drawn.camera.yaw_rad if machine.drawn else 0.0
    end, number = machine.now_s + count, 0
    with ctx:
        while machine.now_s < end:
            number += 1
            breath = round(8.0 - 8.0 * math.cos(1.5 * machine.now_s)) / 16.0
            scene = TorsoScene(Camera(yaw_rad=before + number * turn_rad), None, CONVEX, 0.1, breath=breath)
            shown.torso(scene, PATIENT, 360.0, 720.0)
            machine.now_s += FRAME_S


@pytest.mark.parametrize("cost_s", [0.004, 0.030, 0.200])
def test_the_patient_takes_a_share_of_the_time_that_leaves_the_rest_to_the_image(
    cost_s: float, gl_context: moderngl.Context
) -> None:
    machine = Machine(cost_s)
    shown = pictures(machine, gl_context)
    seconds(machine, shown, gl_context, 1.0)
    for turn, most in ((0.0, 0.24), (0.02, 0.40)):  # breath alone; an eye that goes round
        start, spent = machine.now_s, machine.spent_s
        seconds(machine, shown, gl_context, 12.0, turn)
        assert machine.spent_s - spent <= most * (machine.now_s - start), turn


def test_a_slow_machine_turns_a_coarse_patient_and_shows_a_fine_one_when_the_eye_stands_still(
    gl_context: moderngl.Context,
) -> None:
    machine = Machine(0.030)
    shown = pictures(machine, gl_context)
    seconds(machine, shown, gl_context, 0.5)
    assert set(machine.sizes) == {(360, 720)}
    machine.sizes = ()
    seconds(machine, shown, gl_context, 2.0, 0.02)
    assert machine.sizes.count((round(COARSE * 360), round(COARSE * 720))) >= len(machine.sizes) - 1
    assert len(machine.sizes) > 15, "more often than it could be drawn finely"
    machine.sizes = ()
    seconds(machine, shown, gl_context, 0.5)
    assert machine.sizes[-1] == (360, 720)


def test_a_fast_machine_draws_every_step_of_the_eye_finely(gl_context: moderngl.Context) -> None:
    machine = Machine(0.004)
    shown = pictures(machine, gl_context)
    seconds(machine, shown, gl_context, 0.5)
    before = machine.bodies
    seconds(machine, shown, gl_context, 1.0, 0.02)
    assert machine.bodies - before >= 25
    assert set(machine.sizes) == {(360, 720)}


def test_a_probe_that_moves_is_drawn_in_each_frame_however_slow_the_patient(gl_context: moderngl.Context) -> None:
    machine = Machine(0.200)
    shown = pictures(machine, gl_context)
    seconds(machine, shown, gl_context, 0.5)
    with gl_context:
        for step in range(10):
            placement = standin.place(BODY, Pose(0.4, -0.1 - 0.01 * step))
            scene = replace(machine.drawn, placement=placement)
            shown.torso(scene, PATIENT, 360.0, 720.0)
            assert machine.drawn.placement == placement
            machine.now_s += FRAME_S


def test_inside_the_heart_is_seen_beating_even_on_a_slow_machine(gl_context: moderngl.Context) -> None:
    machine = Machine(0.060)
    shown = pictures(machine, gl_context)
    shown._layers_of = PATIENT  # they are made
    seen: list[float] = []
    with gl_context:
        while machine.now_s < 8.0:
            beat = round(4.0 * PATIENT.at(machine.now_s).contraction) / 4.0
            scene = TorsoScene(Camera(), None, CONVEX, 0.1, show_inside=True, contraction=beat)
            shown.torso(scene, PATIENT, 360.0, 720.0)
            seen.append(machine.drawn.contraction)
            machine.now_s += FRAME_S
    assert machine.spent_s < 0.35 * machine.now_s
    turns = sum(a != b for a, b in itertools.pairwise(seen))
    assert turns > 2 * 8.0 * 75.0 / 60.0, "more than twice in a beat"
    assert min(seen) == 0.0
    assert max(seen) == 1.0
