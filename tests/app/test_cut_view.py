"""The cut beside the image: made beside the window, a little behind, of the plane that is shown; never another's."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import fakes
import moderngl
import numpy as np
import pytest
from imgui_bundle import imgui
from test_screens import Paper

from simulator.anatomy.palette import PALETTE, Part
from simulator.anatomy.phantom import Phantom
from simulator.app.cine import Shot
from simulator.app.cut_maker import CUT_S, CutMaker
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.legend import KEPT_S, Legend
from simulator.app.pictures import CutPicture
from simulator.app.program import Program
from simulator.app.screens import cut_view, layers_panel
from simulator.app.screens.cut_view import places
from simulator.app.state import Screen
from simulator.cut import Cut
from simulator.probe import TRANSDUCERS
from simulator.render.torso_layers import LAYERS

SIZE = (120, 100)


@pytest.fixture
def maker(gl_context: moderngl.Context) -> Iterator[tuple[CutMaker, fakes.Clock]]:
    clock = fakes.Clock()
    with gl_context:
        yield CutMaker(gl_context, lambda texture: texture, clock), clock


def shown(program: Program) -> Shot:
    shot = program.shot
    assert shot is not None
    return shot


def done(maker: CutMaker) -> None:
    """Wait for the thread."""
    end = time.monotonic() + 60.0
    while maker._job is not None and not maker._job.done:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_cut_comes_when_it_is_made_and_the_next_not_too_soon(maker: tuple[CutMaker, fakes.Clock]) -> None:
    made, clock = maker
    program = fakes.scanning(practice=True)
    patient = program.patient
    assert patient is not None
    assert made.picture(shown(program), patient, SIZE, None).reference is None, "nothing waits for it"
    done(made)
    first = made.picture(shown(program), patient, SIZE, None)
    assert first.reference.size == SIZE
    assert first.parts is not None
    assert first.parts.shape == (SIZE[1], SIZE[0])
    assert first.legend
    assert made._job is None, "the same plane is not cut twice"
    clock.now_s += CUT_S * 0.5
    program.tick(0.05, [Command.SLIDE_DOWN])
    made.picture(shown(program), patient, SIZE, None)
    assert made._job is None, "not yet"
    clock.now_s += CUT_S
    made.picture(shown(program), patient, SIZE, None)
    assert made._job is not None
    done(made)


def test_a_cut_of_another_patient_or_probe_is_not_shown(maker: tuple[CutMaker, fakes.Clock]) -> None:
    made, _ = maker
    program, other = fakes.scanning(practice=True), fakes.scanning(practice=True)
    assert program.patient is not None
    assert other.patient is not None
    made.picture(shown(program), program.patient, SIZE, None)
    done(made)
    assert made.picture(shown(program), program.patient, SIZE, None).reference is not None
    assert made.picture(shown(other), other.patient, SIZE, None).reference is None
    done(made)
    assert made.picture(shown(other), other.patient, SIZE, None).reference is not None


def test_a_name_keeps_its_place_for_a_breath_and_is_said_to_be_gone() -> None:
    def cut(*parts: Part) -> Cut:
        return Cut(np.zeros((1, len(parts), 3), np.uint8), np.array([parts], np.uint8), interstitial=False)

    legend = Legend()
    skin, liver, lung = (PALETTE[part] for part in (Part.SKIN, Part.LIVER, Part.RLL))
    both, above = cut(Part.SKIN, Part.LIVER, Part.RLL), cut(Part.SKIN, Part.RLL)
    assert legend.of(both, "plane", 0.0) == ((skin, liver, lung), frozenset())
    assert legend.of(above, "plane", 0.5 * KEPT_S) == ((skin, liver, lung), {liver})
    assert legend.of(both, "plane", 0.9 * KEPT_S) == ((skin, liver, lung), frozenset())
    assert legend.of(above, "plane", 1.8 * KEPT_S) == ((skin, liver, lung), {liver})
    assert legend.of(above, "plane", 2.0 * KEPT_S) == ((skin, lung), frozenset()), "a breath has passed without it"
    assert legend.of(both, "plane", 2.1 * KEPT_S)[0] == (skin, liver, lung)
    assert legend.of(above, "other", 2.2 * KEPT_S) == ((skin, lung), frozenset()), "another plane begins anew"


@pytest.mark.parametrize("probe", TRANSDUCERS)
def test_image_and_cut_are_as_large_as_there_is_room_and_do_not_overlap(probe: str) -> None:
    program = fakes.scanning(practice=True)
    while program.scan.transducer_key != probe:
        program.command(Command.PROBE)
    place = places(shown(program), 50.0, 30.0, 480.0, 340.0)
    assert place.image[2:] == place.cut[2:], "the same size: the same scale"
    (ax, ay, aw, at), (bx, by, _, _) = place.image, place.cut
    assert bx >= ax + aw or by >= ay + at
    assert place.beside == (probe == "linear")


@pytest.mark.parametrize("probe", ["linear", "convex"])
def test_the_legend_leaves_the_cut_free(probe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper((1280.0, 720.0))
    try:
        program = fakes.scanning(practice=True)
        while program.scan.transducer_key != probe:
            program.command(Command.PROBE)
        program.command(Command.CUT)
        paints = tuple(PALETTE.values())[:12]
        monkeypatch.setattr(paper.pictures, "cut", lambda *_: CutPicture(None, paints, np.zeros((4, 4), np.uint8)))
        entries: list[tuple[float, float]] = []
        frames: list[Any] = []
        entry, scale = cut_view._entry, cut_view._legend
        monkeypatch.setattr(
            cut_view, "_entry", lambda ui, to, x, y, *rest: (entries.append((x, y)), entry(ui, to, x, y, *rest))
        )
        monkeypatch.setattr(
            cut_view, "_legend", lambda ui, frame, *rest: (frames.append(frame), scale(ui, frame, *rest))
        )
        paper.draw(program, frames=1)
        frame = frames[-1]
        depth_m = program.scan.settings.depth_cm / 100.0
        low, middle = frame.point(0.0, depth_m).y, frame.point(0.0, 0.0).x
        assert len(entries) >= 11
        for x, y in entries:
            assert y >= low or abs(x - middle) > 60.0, "below the sector or beside it"
            if probe == "linear":
                assert y >= low
        left, top, wide, tall = frame.ui.places["image"]
        assert max(y for _, y in entries) + 15.0 < top + tall
        assert all(left <= x <= left + wide for x, _ in entries)
    finally:
        imgui.destroy_context(paper.context)


def test_only_layers_that_there_are_have_rows() -> None:
    paper = Paper((1280.0, 720.0))
    try:
        program = fakes.scanning(practice=True)
        ui = Interface(program, paper.letters, paper.pictures)
        assert set(layers_panel.rows(ui)) == set(LAYERS)
        paper.pictures.layers = frozenset({"bones", "lungs", "organs"})
        assert layers_panel.rows(ui) == ("skin", "bones", "lungs", "organs", "zones", "slice")
        paper.pictures.layers = frozenset()
        assert program.exam is not None
        assert program.patient is not None
        block = replace(program.patient, body=replace(program.patient.body, phantom=Phantom((), {})))
        program.exam.patients[program.scan.stance] = block
        assert layers_panel.rows(ui) == ("slice",)
    finally:
        imgui.destroy_context(paper.context)


def test_the_cut_is_asked_for_in_practice_and_debrief_only() -> None:
    paper = Paper((1280.0, 720.0))
    try:
        for practice in (True, False):
            program = fakes.scanning(practice=practice)
            program.command(Command.CUT)
            paper.pictures.calls.clear()
            paper.draw(program, frames=1)
            cuts = [call for call in paper.pictures.calls if call[0] == "cut"]
            assert bool(cuts) == practice
            if practice:
                assert cuts[0][1:] == ("convex", program.placement)
        program.conclude()
        program.answer_conclusion("normal", "minimal")
        program.hand_in()
        assert program.state.screen == Screen.DEBRIEF
        program.see(Command.CUT)
        program.see(Command.INSIDE)
        paper.pictures.calls.clear()
        paper.draw(program, frames=1)
        assert any(call[0] == "cut" for call in paper.pictures.calls)
        scene = next(call[1] for call in paper.pictures.calls if call[0] == "torso")
        assert scene.show_inside
    finally:
        imgui.destroy_context(paper.context)


def test_layers_turn_calmly_when_switched_and_at_once_when_dragged() -> None:
    from simulator.app import fading

    program = fakes.scanning(practice=True)
    program.command(Command.INSIDE)
    start = program.scan.fades["skin"]
    seen = [start]
    for _ in range(20):
        program.tick(0.05)
        seen.append(program.scan.fades["skin"])
    assert start == 1.0
    assert seen[-1] == program.scan.fade_goals["skin"] < 0.5
    assert all(a >= b for a, b in itertools.pairwise(seen))
    assert seen[1] > 0.8
    dragged = fading.slid(program.scan, "lungs", 0.3)
    assert dragged.fades["lungs"] == dragged.fade_goals["lungs"] == 0.3
    off = fading.toggled(dragged.fade_goals, "lungs")
    assert off["lungs"] == 0.0
    assert fading.toggled(off, "lungs")["lungs"] > 0.0
    assert fading.toggled(off, "muscle")["muscle"] == 1.0, "also what is usually not seen"
    assert np.all([0.0 <= fade <= 1.0 for fade in off.values()])
