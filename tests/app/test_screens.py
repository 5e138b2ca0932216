"""Every screen is laid out, in both languages, with pictures that are only written down: no OpenGL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import fakes
import pytest
from imgui_bundle import imgui
from recorded import NoTextures, RecordedPictures

from simulator.app import theme, widgets
from simulator.app.hospital import Hospital
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.numbers import local
from simulator.app.preferences import Preferences
from simulator.app.program import Program
from simulator.app.screens import caveat, help_list, stage
from simulator.app.state import Screen
from simulator.app.work import Job
from simulator.assessment.answer import ZoneAnswer
from simulator.messages import set_language
from simulator.probe import ABDOMEN, BASE, PRESETS


class Paper:
    """A Dear ImGui context without OpenGL."""

    def __init__(self, size: tuple[float, float]) -> None:
        self.context = imgui.create_context()
        imgui.get_io().set_ini_filename("")
        imgui.get_io().display_size = imgui.ImVec2(*size)
        theme.apply()
        self.textures = NoTextures()
        self.letters = theme.load_letters()
        self.pictures = RecordedPictures()

    def draw(self, program: Program, frames: int = 2) -> int:
        """Lay out some frames; the number of triangle corners of the last."""
        ui = Interface(program, self.letters, self.pictures)
        corners = 0
        for _ in range(frames):
            imgui.get_io().delta_time = 1.0 / 60.0
            imgui.new_frame()
            stage.draw(ui)
            imgui.render()
            corners = self.textures.draw()
        return corners


@pytest.fixture(params=[(1280.0, 720.0), (1920.0, 1080.0), (1100.0, 640.0)])
def paper(request: pytest.FixtureRequest) -> Iterator[Paper]:
    made = Paper(request.param)
    yield made
    imgui.destroy_context(made.context)


def scored() -> Program:
    program = fakes.scanning()
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    program.answer_zone("R2", ZoneAnswer(frozenset({"white_lung"}), 3))
    program.answer_zone("L1", ZoneAnswer(not_examined=True))
    program.conclude()
    program.answer_conclusion("normal", "mild")
    program.hand_in()
    return program


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_screen_is_laid_out(paper: Paper, code: str) -> None:
    set_language(code)
    try:
        program = fakes.program()
        assert paper.draw(program) > 500
        program.open_case("one")
        assert paper.draw(program) > 500
        program.begin_scan(practice=True)
        assert paper.draw(program) > 2000
        program.command(Command.MMODE)
        program.command(Command.FREEZE)
        paper.draw(program)
        program.command(Command.HELP)
        paper.draw(program)
        program.back()
        program.back()
        paper.draw(program)
        program.back()
        program.conclude()
        paper.draw(program)
        paper.draw(scored())
        program.fail(RuntimeError("x"))
        paper.draw(program)
        for screen in (Screen.RESULTS, Screen.SETTINGS):
            program.go(screen)
            assert paper.draw(program) > 200
    finally:
        set_language("en")


def test_the_scan_asks_for_what_the_probe_sees(paper: Paper) -> None:
    program = fakes.scanning()
    paper.draw(program, frames=1)
    names = [call[0] for call in paper.pictures.calls]
    assert names == ["ultrasound", "torso"]
    _, key, settings, placement, frame = paper.pictures.calls[0]
    assert (key, settings, frame) == ("convex", program.scan.settings, program.scan.frame_index)
    assert placement == program.placement
    scene = paper.pictures.calls[1][1]
    assert scene.placement == placement
    assert scene.depth_m == pytest.approx(0.10)
    assert scene.zone_states == (0,) * 12


def test_the_torso_shows_what_was_answered(paper: Paper) -> None:
    program = fakes.scanning()
    program.answer_zone("R1", ZoneAnswer(frozenset(), 0))
    program.answer_zone("R2", ZoneAnswer(frozenset({"a_lines"})))
    program.answer_zone("L6", ZoneAnswer(not_examined=True))
    paper.draw(program, frames=1)
    assert paper.pictures.calls[1][1].zone_states == (2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3)


def test_the_debrief_shows_the_view_of_the_truth(paper: Paper) -> None:
    program = scored()
    program.show_truth("R2")
    paper.draw(program, frames=1)
    placement = paper.pictures.calls[0][3]
    assert program.exam is not None
    assert program.exam.zone_under_probe(program.scan) == "R2"
    assert placement == program.placement


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is written with `widgets.text` from now on."""
    written: list[str] = []
    original = widgets.text

    def spying(letters: theme.Letters, shown: str, *rest: object, **more: object) -> None:
        written.append(shown)
        original(letters, shown, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(widgets, "text", spying)
    return written


def test_unconfirmed_rules_are_labelled_wherever_their_marks_are_shown(paper: Paper, words: list[str]) -> None:
    program = scored()
    paper.draw(program)
    notice = caveat.words()
    assert "No clinician has confirmed" in notice
    assert words.index(notice) < words.index("Diagnosis"), "near the scores, not at the end"
    assert words[words.index("Severity") + 1] == "unconfirmed"
    program.go(Screen.RESULTS)
    words.clear()
    paper.draw(program)
    assert notice in words


def test_confirmed_rules_need_no_notice(paper: Paper, words: list[str]) -> None:
    program = scored()
    assert program.exam is not None
    score = program.exam.score
    assert score is not None
    parts = [replace(part, items=tuple(replace(item, clinician_confirmed=True) for item in part.items))
             for part in score.parts]  # fmt: skip
    program.exam.score = replace(score, **{part.part: part for part in parts})
    paper.draw(program)
    assert caveat.words() not in words
    assert "unconfirmed" not in words


def test_a_report_is_opened_and_its_place_said(paper: Paper) -> None:
    program = scored()
    opened: list[str] = []
    program.open_page = opened.append
    program.open_report("/tmp/reports/00001.html")
    assert opened == ["file:///tmp/reports/00001.html"]
    assert program.state.notice is not None
    assert "/tmp/reports/00001.html" in program.state.notice.text


def _press(paper: Paper, program: Program, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a frame in which the button `##name` was pressed."""
    original = widgets.button

    def pressing(letters: theme.Letters, shown: str, *rest: object, **more: object) -> bool:
        usable = bool(more.get("enabled", True))
        return original(letters, shown, *rest, **more) or (usable and shown.endswith(f"##{name}"))  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(widgets, "button", pressing)
        paper.draw(program, frames=1)


def test_the_console_has_presets_and_what_works_on_the_echo(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fakes.scanning()
    _press(paper, program, "preset-abdomen", monkeypatch)
    assert program.scan.settings == ABDOMEN
    _press(paper, program, "compounding", monkeypatch)
    assert not program.scan.settings.compounding
    _press(paper, program, "harmonics", monkeypatch)
    assert not program.scan.settings.harmonics
    _press(paper, program, "grey-map", monkeypatch)
    assert program.scan.settings.grey_map == "soft"
    _press(paper, program, "preset-base", monkeypatch)
    assert program.scan.settings == BASE
    _press(paper, program, "preset-lung", monkeypatch)
    assert program.scan.settings == PRESETS["convex"]
    program.command(Command.PROBE)
    _press(paper, program, "preset-abdomen", monkeypatch)
    assert program.scan.settings == PRESETS["linear"], "the linear probe has no such preset"


def test_the_quality_of_the_picture_is_always_said(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    original = widgets.write
    monkeypatch.setattr(widgets, "write", lambda *a, **k: (written.append(a[4]), original(*a, **k)))
    program = fakes.scanning()
    paper.draw(program, frames=1)
    assert "Quality: fine" in written
    assert "MI 0.70" in written
    paper.pictures.quality = "draft"
    paper.draw(program, frames=1)
    assert "Quality: draft" in written


def test_what_has_no_answer_yet_is_said_beside_the_last_button(paper: Paper, words: list[str]) -> None:
    program = fakes.scanning()
    program.answer_zone("R1", ZoneAnswer(frozenset({"a_lines"}), 0))
    program.conclude()
    paper.draw(program)
    assert "Not answered yet: 11 zones, the diagnosis, the severity." in words
    program.answer_conclusion("normal", "minimal")
    words.clear()
    paper.draw(program)
    assert "Not answered yet: 11 zones." in words


def test_the_sheet_says_when_the_probe_is_elsewhere(paper: Paper, words: list[str]) -> None:
    program = fakes.scanning()
    paper.draw(program)
    assert not any(line.startswith("probe:") for line in words)
    program.choose_zone("L3")
    paper.draw(program)
    assert "probe: R1" in words


def test_decimal_commas_stand_between_digits_only() -> None:
    set_language("fr")
    try:
        assert local("25.2 s. Suite") == "25,2 s. Suite"
    finally:
        set_language("en")


def test_a_damaged_results_file_can_be_put_aside(
    paper: Paper, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fakes.FakeWorld(damaged=True)
    program = fakes.program(world)
    paper.draw(program)
    assert any("damaged" in line for line in words)
    _press(paper, program, "afresh", monkeypatch)
    assert not program.damaged
    assert program.state.notice is not None
    assert "/data/results-damaged.db" in program.state.notice.text
    words.clear()
    paper.draw(program)
    assert not any("damaged" in line for line in words)


def test_the_keys_are_listed_in_the_language_spoken() -> None:
    set_language("fr")
    try:
        keys = [key for lines in help_list.rows().values() for key, _effect in lines]
        assert "Maj+1 … Maj+6" in keys
        assert not any("Shift" in key for key in keys)
    finally:
        set_language("en")


@pytest.mark.parametrize("code", ["en", "fr"])
def test_names_of_knobs_are_not_cut_off(paper: Paper, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    original = widgets.knob

    def measuring(letters: theme.Letters, name: str, shown: str, *rest: float) -> float:
        room = rest[3] - widgets.width_of(letters, shown, theme.SMALL, strong=True)
        if widgets.width_of(letters, name, theme.SMALL) > room:
            cut.append(name)
        return original(letters, name, shown, *rest)

    monkeypatch.setattr(widgets, "knob", measuring)
    set_language(code)
    try:
        paper.draw(fakes.scanning())
    finally:
        set_language("en")
    assert not cut


def test_a_test_block_has_views_instead_of_an_answer_sheet(paper: Paper, own_data: object) -> None:
    program = Program(Hospital(), Preferences(coach_done=True), fakes.Clock(), start=Job.run)
    program.open_case("phantom")
    assert paper.draw(program) > 500
    program.begin_scan(practice=True)
    assert paper.draw(program) > 2000
    program.choose_zone("L3", jump=True)
    assert program.in_contact
