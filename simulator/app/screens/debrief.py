"""The debrief: what was right, zone by zone, and the view that shows it."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.anatomy.zones import ZONES
from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.numbers import local
from simulator.app.screens import caveat, image_pane, patient_pane
from simulator.app.screens.answers import draw_map, zone_name
from simulator.app.state import Screen
from simulator.app.widgets import Vec
from simulator.assessment.score import PartScore, Score, ScoreItem
from simulator.assessment.volumes import LOBE_NAMES, AffectedVolume
from simulator.assessment.volumes import NAME as VOLUME_NAME
from simulator.messages import N_, _

_PARTS = {"acquisition": N_("Acquisition"), "interpretation": N_("Interpretation"), "conclusion": N_("Conclusion")}
_TOP = 104.0
_EDGE = 8.0


def draw(ui: Interface) -> None:
    """The whole screen."""
    program = ui.program
    exam = program.exam
    if exam is None or exam.score is None:
        return
    with widgets.whole_window("debrief") as (width, height):
        left = min(720.0, width * 0.46)
        _head(ui, exam.score, width)
        top = _TOP
        if not exam.score.confirmed:
            imgui.set_cursor_pos(Vec(22.0, top))
            caveat.draw(ui, width - 44.0)
            top += caveat.height(ui, width - 44.0) + 12.0
        body = height - top - _EDGE
        with widgets.pane("debrief-list", _EDGE, top, left, body, padding=(18.0, 14.0)):
            _list(ui, exam.score, left - 36.0)
        x = left + 2.0 * _EDGE
        right = width - x - _EDGE
        patient_width = min(420.0, right * 0.36)
        tall = min(body, max(320.0, body * 0.62))
        image_pane.draw(ui, x, top, right - patient_width - _EDGE, tall, live=False)
        patient_pane.draw(ui, x + right - patient_width, top, patient_width, tall, live=False)
        with widgets.pane("debrief-zone", x, top + tall + _EDGE, right, body - tall - _EDGE, padding=(18.0, 12.0)):
            _zone(ui, exam.score, right - 36.0)


def _head(ui: Interface, score: Score, width: float) -> None:
    letters, program = ui.letters, ui.program
    assert program.exam is not None
    draw_list = imgui.get_window_draw_list()
    title = program.exam.case.brief().title
    widgets.write(draw_list, letters, 22.0, 14.0, _("Debrief"), theme.TITLE, theme.TEXT, strong=True)
    widgets.write(draw_list, letters, 22.0, 50.0, title, theme.BODY, theme.SOFT)
    if program.scan.practice:
        widgets.write(draw_list, letters, 22.0, 72.0, _("Practice: not kept"), theme.SMALL, theme.FAIR)
    right = width - 20.0
    for words, action in ((_("Menu"), "menu"), (_("Results"), "results"), (_("Report"), "report")):
        if action == "report" and not program.exam.report:
            continue
        wide = widgets.width_of(letters, words) + 28.0
        right -= wide
        imgui.set_cursor_pos(Vec(right, 14.0))
        if widgets.button(letters, f"{words}##{action}", wide, 32.0, quiet=action != "menu"):
            if action == "menu":
                program.menu()
                return
            if action == "results":
                program.go(Screen.RESULTS)
                return
            program.open_report(program.exam.report)
        right -= 6.0
    x = width * 0.32
    each = min(190.0, (right - x - 20.0) / 4.0)
    _gauge(ui, x, 16.0, each - 18.0, _("Total"), score.percent, local(f"{score.points:.1f} / {score.max_points:.0f}"))
    for index, part in enumerate(score.parts):
        shown = local(f"{part.points:.1f} / {part.max_points:.0f}") if part.assessed else _("not assessed")
        _gauge(ui, x + (index + 1) * each, 16.0, each - 18.0, _(_PARTS[part.part]), part.percent, shown)


def _gauge(ui: Interface, x: float, y: float, width: float, name: str, percent: float | None, detail: str) -> None:
    draw_list = imgui.get_window_draw_list()
    shown = "–" if percent is None else f"{percent:.0f} %"
    widgets.write(draw_list, ui.letters, x, y, name, theme.SMALL, theme.FAINT, strong=True)
    widgets.write(draw_list, ui.letters, x, y + 18.0, shown, 26.0, theme.TEXT, strong=True)
    widgets.write(draw_list, ui.letters, x, y + 62.0, detail, theme.SMALL, theme.FAINT)
    share = (percent or 0.0) / 100.0
    tint = theme.GOOD if share >= 0.75 else theme.FAIR if share >= 0.5 else theme.BAD
    draw_list.add_rect_filled(Vec(x, y + 52.0), Vec(x + width, y + 57.0), theme.colour(theme.HOVER), 2.5)
    if share > 0.01:
        draw_list.add_rect_filled(Vec(x, y + 52.0), Vec(x + width * share, y + 57.0), theme.colour(tint), 2.5)


def _list(ui: Interface, score: Score, width: float) -> None:
    """Everything that was marked, part by part; zones first."""
    program, letters = ui.program, ui.letters
    assert program.exam is not None
    widgets.label(letters, _("Zones: points earned. Press one to see it."))
    tiles = {}
    for key in ZONES:
        items = [item for item in score.of_zone(key) if item.part == "interpretation"]
        if items:
            earned, most = sum(i.points for i in items), sum(i.max_points for i in items)
            share = earned / most if most else 0.0
            tint = theme.GOOD if share > 0.99 else theme.FAIR if share >= 0.3 else theme.BAD
            tiles[key] = (local(f"{earned:.1f}"), theme.mixed(theme.RAISED, tint, 0.42))
        else:
            tiles[key] = ("", theme.RAISED)
    pressed = draw_map(ui, program.scan, min(width, 520.0), program.scan.zone, tiles)
    if pressed is not None:
        program.show_truth(pressed)
    widgets.space(6.0)
    _part(ui, score.conclusion, width)
    _part(ui, score.acquisition, width)
    if program.exam.truth is not None and program.exam.truth.volumes is not None:
        _affected(ui, program.exam.truth.volumes, width)
    brief = program.exam.case.brief()
    if brief.debrief:
        widgets.label(letters, _("To take home"))
        widgets.text(letters, brief.debrief, theme.BODY, theme.SOFT, wrap=width)
        widgets.space(6.0)
    for question in brief.questions:
        ask, _newline, reply = question.partition("\n")
        widgets.text(letters, ask, theme.BODY, theme.TEXT, strong=True, wrap=width)
        widgets.text(letters, reply, theme.BODY, theme.SOFT, wrap=width)
        widgets.space(4.0)


def _affected(ui: Interface, volumes: AffectedVolume, width: float) -> None:
    """How much of the lungs the simulated disease takes, in all and by lobe."""
    letters, total = ui.letters, volumes.total
    widgets.label(letters, _(VOLUME_NAME))
    words = _("{percent} % of both lungs: {airless} ml airless, {interstitial} ml interstitial").format(
        percent=f"{total.percent:.0f}", airless=f"{total.airless_ml:.0f}", interstitial=f"{total.interstitial_ml:.0f}"
    )
    widgets.text(letters, words, theme.BODY, theme.TEXT, wrap=width)
    lobes = [f"{_(LOBE_NAMES[key])} {lobe.percent:.0f} %" for key, lobe in volumes.lobes.items()]
    widgets.text(letters, " · ".join(lobes), theme.BODY, theme.SOFT, wrap=width)
    widgets.space(6.0)


def _part(ui: Interface, part: PartScore, width: float) -> None:
    if not part.assessed or not part.items:
        return
    widgets.label(ui.letters, _(_PARTS[part.part]))
    items = [item for item in part.items if item.zone is None]
    for item in items:
        _item(ui, item, width)
    zoned = [item for item in part.items if item.zone is not None]
    if zoned:
        points, most = sum(i.points for i in zoned), sum(i.max_points for i in zoned)
        words = _("In the zones: {points:.1f} of {most:.0f} points; see each zone.").format(points=points, most=most)
        words = words.replace(f"{points:.1f}", local(f"{points:.1f}"))
        widgets.text(ui.letters, words, theme.BODY, theme.SOFT, wrap=width)
    widgets.space(6.0)


def _zone(ui: Interface, score: Score, width: float) -> None:
    """One zone: expected, given, points, why."""
    program, letters = ui.program, ui.letters
    zone = program.scan.zone
    widgets.text(letters, zone, theme.LARGE, theme.ACCENT, strong=True)
    imgui.same_line(0.0, 10.0)
    imgui.set_cursor_pos_y(imgui.get_cursor_pos_y() + 2.0)
    widgets.text(letters, zone_name(zone), theme.BODY, theme.SOFT)
    if zone in score.zones_not_assessable:
        words = _("This zone cannot be judged in this patient; it counts for nothing.")
        widgets.text(letters, words, theme.BODY, theme.SOFT, wrap=width)
    _views(ui, zone)
    for item in score.of_zone(zone):
        _item(ui, item, width)


def _views(ui: Interface, zone: str) -> None:
    """Show me: the view that decided, and how the trainee looked at the zone."""
    program, letters = ui.program, ui.letters
    assert program.exam is not None
    pose, mark = program.scan.pose, program.own_view(zone)
    own = mark is not None and pose == mark.pose
    if widgets.button(letters, _("Show me the worst view") + "##worst", 0.0, 28.0, chosen=not own):
        program.show_truth(zone)
    if mark is not None:
        imgui.same_line(0.0, 8.0)
        if widgets.button(letters, _("How I saw it") + "##own", 0.0, 28.0, chosen=own):
            program.show_own(zone)
    widgets.space(2.0)


def _item(ui: Interface, item: ScoreItem, width: float) -> None:
    """One line of the marks."""
    letters = ui.letters
    share = item.points / item.max_points if item.max_points else 0.0
    tint = theme.GOOD if item.full else theme.FAIR if share > 0.0 else theme.BAD
    most = f"{item.max_points:.0f}" if item.max_points % 1 == 0 else f"{item.max_points:.1f}"
    points = local(f"{item.points:.1f} / {most}")
    left = imgui.get_cursor_pos_x()
    widgets.text(letters, _(item.title), theme.BODY, strong=True)
    if item.key == "severity" and not item.clinician_confirmed:
        imgui.same_line(0.0, 8.0)
        caveat.tag(ui)
    imgui.same_line()
    imgui.set_cursor_pos_x(left + width - widgets.width_of(letters, points, theme.BODY, strong=True))
    widgets.text(letters, points, theme.BODY, tint, strong=True)
    if item.expected or item.given:
        expected, given = local(item.expected_text), local(item.given_text)
        words = _("Expected: {expected}.  Given: {given}.").format(expected=expected, given=given)
        widgets.text(letters, words, theme.BODY, theme.SOFT, wrap=width)
    if item.why:
        widgets.text(letters, item.why, theme.SMALL, theme.FAINT, wrap=width)
    widgets.space(3.0)
