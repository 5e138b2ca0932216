"""From the hand to the picture: counted in frames, without OpenGL and without a clock."""

from __future__ import annotations

from collections.abc import Iterator

import fakes
import pytest
from imgui_bundle import imgui
from test_screens import Paper

from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.program import Program
from simulator.app.screens import stage
from simulator.geometry import Placement

FRAME_S = 1.0 / 30.0


class Screen:
    """Frames one by one, as the window makes them: first time and held keys, then layout and drawing."""

    def __init__(self, paper: Paper, program: Program) -> None:
        self.paper, self.program = paper, program
        self.ui = Interface(program, paper.letters, paper.pictures)

    def frame(self, *held: Command, sticks: dict[str, float] | None = None) -> tuple[Placement, Placement]:
        """Where image and 3D view show the probe in this frame."""
        self.paper.pictures.calls.clear()
        self.program.tick(FRAME_S, held, sticks)
        imgui.get_io().delta_time = FRAME_S
        imgui.new_frame()
        stage.draw(self.ui)
        imgui.render()
        self.paper.textures.draw()
        calls = {call[0]: call for call in self.paper.pictures.calls}
        return calls["ultrasound"][3], calls["torso"][1].placement


@pytest.fixture
def screen() -> Iterator[Screen]:
    paper = Paper((1280.0, 720.0))
    made = Screen(paper, fakes.scanning(practice=True))
    made.frame()
    made.frame()
    yield made
    imgui.destroy_context(paper.context)


def test_a_key_is_in_the_picture_of_the_same_frame(screen: Screen) -> None:
    before, _ = screen.frame()
    image, torso = screen.frame(Command.SLIDE_DOWN)
    assert image == torso == screen.program.placement
    assert image != before


def test_a_stick_is_in_the_picture_of_the_same_frame(screen: Screen) -> None:
    before, _ = screen.frame()
    image, torso = screen.frame(sticks={"up": -1.0})
    assert image == torso == screen.program.placement
    assert image != before


def test_help_and_undo_are_in_the_next_picture(screen: Screen) -> None:
    before, _ = screen.frame()
    screen.program.command(Command.SPACE_DOWN)
    image, _ = screen.frame()
    assert image == screen.program.placement
    assert image != before
    screen.program.command(Command.UNDO)
    assert screen.frame()[0] == before


def test_a_drag_is_in_the_picture_after_one_frame(screen: Screen) -> None:
    io, place = imgui.get_io(), screen.ui.places["patient"]
    at = place[0] + 0.4 * place[2], place[1] + 0.45 * place[3]
    io.add_mouse_pos_event(*at)
    screen.frame()
    io.add_mouse_button_event(0, True)
    screen.frame()
    screen.frame()
    before = screen.program.placement
    io.add_mouse_pos_event(at[0], at[1] + 40.0)
    screen.frame()  # the pointer is read while this frame is laid out
    late = 0
    while screen.frame()[0] == before:
        late += 1
        assert late < 1, "the image of the next frame has it"
    assert screen.program.placement != before
    io.add_mouse_button_event(0, False)
    screen.frame()


def test_the_image_waits_for_sound_and_for_nothing_else(screen: Screen) -> None:
    program = screen.program
    program.turn_knobs(program.scan.settings.replace(depth_cm=24.0, compounding=True, line_density="high"))
    screen.frame()
    waited = 0
    screen.frame(Command.FAN_UP)
    while screen.frame()[0] != program.placement and waited < 99:
        waited += 1
    from simulator.app.cine import sector_rate_hz

    assert waited * FRAME_S <= 1.0 / sector_rate_hz(program.scan.settings, False) + FRAME_S
