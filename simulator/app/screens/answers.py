"""The answer sheet: the map of the twelve zones, and for the chosen one the signs, the score, or not examined."""

from __future__ import annotations

from typing import Any

from imgui_bundle import imgui

from simulator.anatomy.zones import ZONES
from simulator.app import theme, widgets
from simulator.app.interface import Interface
from simulator.app.state import ZONE_KEYS, ScanState
from simulator.app.widgets import Vec
from simulator.assessment.answer import ZoneAnswer
from simulator.assessment.signs import SIGNS
from simulator.messages import N_, _

_REGIONS = {"anterior": N_("anterior"), "lateral": N_("lateral"), "posterior": N_("posterior")}
_LEVELS = {"upper": N_("upper"), "lower": N_("lower")}
_SIDES = {"R": N_("right"), "L": N_("left")}
# The body unrolled, as one faces it from the front: back right, side right, front right | front left, side left, back.
_COLUMNS = (("R5", "R6"), ("R3", "R4"), ("R1", "R2"), ("L1", "L2"), ("L3", "L4"), ("L5", "L6"))
_HEADS = (N_("back"), N_("side"), N_("front"), N_("front"), N_("side"), N_("back"))
_MEANING = (
    N_("A-lines with sliding, at most two B-lines"),
    N_("at least three separate B-lines, or less than half of the pleura affected"),
    N_("coalescent B-lines or consolidations on more than half of the pleura"),
    N_("tissue-like consolidation"),
)
TILE = 38.0


def zone_name(key: str) -> str:
    """ "right anterior upper", in the language spoken now."""
    zone = ZONES[key]
    return _("{side} {region} {level}").format(
        side=_(_SIDES[zone.side]), region=_(_REGIONS[zone.region]), level=_(_LEVELS[zone.level])
    )


def draw(ui: Interface, x: float, y: float, width: float, height: float) -> None:
    """The pane."""
    program, letters = ui.program, ui.letters
    with widgets.pane("answers", x, y, width, height, padding=(14.0, 10.0)):
        inner = width - 28.0
        pressed = draw_map(ui, program.scan, inner, program.scan.zone)
        if pressed is not None:
            program.choose_zone(pressed, jump=program.scan.practice)
        scan = program.scan
        zone, answer = scan.zone, scan.answer.zone(scan.zone)
        widgets.space(2.0)
        widgets.text(letters, zone, theme.LARGE, theme.ACCENT, strong=True)
        imgui.same_line(0.0, 10.0)
        imgui.set_cursor_pos_y(imgui.get_cursor_pos_y() + 2.0)
        widgets.text(letters, zone_name(zone), theme.BODY, theme.SOFT)
        under = program.exam.zone_under_probe(scan) if program.exam else zone
        if under != zone:
            words = _("probe: {zone}").format(zone=under or "–")
            imgui.same_line()
            imgui.set_cursor_pos_x(14.0 + inner - widgets.width_of(letters, words, theme.SMALL))
            widgets.text(letters, words, theme.SMALL, theme.FAIR)
        imgui.push_style_var(imgui.StyleVar_.item_spacing, Vec(8.0, 3.0))
        changed = _signs(ui, zone, answer)
        imgui.pop_style_var()
        widgets.label(letters, _("Aeration score"))
        changed = _score(ui, zone, changed, inner)
        left_out = widgets.check(letters, _("Not examined") + f"##{zone}", changed.not_examined)
        if left_out != changed.not_examined:
            changed = ZoneAnswer(not_examined=left_out)
        if changed != answer:
            program.answer_zone(zone, changed)
        foot = height - 46.0
        if imgui.get_cursor_pos_y() < foot:
            imgui.set_cursor_pos_y(foot)
        _foot(ui, inner)


def _signs(ui: Interface, zone: str, answer: ZoneAnswer) -> ZoneAnswer:
    signs = set(answer.signs)
    for key, sign in SIGNS.items():
        words = f"{_(sign.name)}##{zone}-{key}"
        ticked = widgets.check(ui.letters, words, key in signs, _(sign.definition), not answer.not_examined)
        if ticked != (key in signs):
            signs ^= {key}
    if signs == answer.signs:
        return answer
    return ZoneAnswer(frozenset(signs), answer.score)


def _score(ui: Interface, zone: str, answer: ZoneAnswer, width: float) -> ZoneAnswer:
    each = (width - 3.0 * 6.0) / 4.0
    score = answer.score
    for value in range(4):
        if value:
            imgui.same_line(0.0, 6.0)
        chosen = answer.score == value
        tint = theme.SCORES[value]
        ground = tint if chosen else theme.mixed(theme.RAISED, tint, 0.14)
        imgui.push_style_color(imgui.Col_.button, imgui.ImVec4(*ground))
        imgui.push_style_color(imgui.Col_.button_hovered, imgui.ImVec4(*theme.mixed(ground, theme.TEXT, 0.12)))
        imgui.push_style_color(imgui.Col_.text, imgui.ImVec4(*(theme.GROUND if chosen else theme.TEXT)))
        imgui.begin_disabled(answer.not_examined)
        with widgets.font(ui.letters, theme.LARGE, strong=True):
            if imgui.button(f"{value}##score-{zone}", Vec(each, 36.0)):
                score = None if chosen else value
        imgui.end_disabled()
        imgui.pop_style_color(3)
        if imgui.is_item_hovered(int(imgui.HoveredFlags_.delay_short)):
            widgets.tooltip(ui.letters, f"{value}: {_(_MEANING[value])}")
    return answer if score == answer.score else ZoneAnswer(answer.signs, score)


def _foot(ui: Interface, width: float) -> None:
    """On to the next zone, or to the conclusion."""
    program, scan = ui.program, ui.program.scan
    missing = scan.answer.missing_zones
    half = (width - 8.0) / 2.0
    following = next_zone(scan)
    if widgets.button(ui.letters, _("Next: {zone}").format(zone=following) if following else _("All answered"),
                      half, 36.0, enabled=following is not None):  # fmt: skip
        assert following is not None
        program.choose_zone(following, jump=scan.practice)
    imgui.same_line(0.0, 8.0)
    if widgets.button(ui.letters, _("Conclude"), half, 36.0, primary=not missing):
        program.conclude()


def next_zone(scan: ScanState) -> str | None:
    """The next zone, after the chosen one, that still needs an answer."""
    start = ZONE_KEYS.index(scan.zone)
    for step in range(1, len(ZONE_KEYS) + 1):
        key = ZONE_KEYS[(start + step) % len(ZONE_KEYS)]
        if not scan.answer.zone(key).is_complete:
            return key
    return None


def draw_map(
    ui: Interface, scan: ScanState, width: float, chosen: str | None,
    shown: dict[str, tuple[str, theme.Rgba]] | None = None,
) -> str | None:  # fmt: skip
    """The twelve zones as tiles; returns the one pressed. `shown` overrides what a tile says and its colour."""
    letters = ui.letters
    gap = 4.0
    each = (width - 5.0 * gap - 8.0) / 6.0
    start, corner = imgui.get_cursor_pos(), imgui.get_cursor_screen_pos()
    draw_list = imgui.get_window_draw_list()
    pressed = None
    for column, keys in enumerate(_COLUMNS):
        x = column * (each + gap) + (8.0 if column > 2 else 0.0)
        head = _(_HEADS[column])
        wide = widgets.width_of(letters, head, theme.SMALL)
        widgets.write(draw_list, letters, corner.x + x + (each - wide) / 2.0, corner.y, head, theme.SMALL, theme.FAINT)
        for row, key in enumerate(keys):
            y = 19.0 + row * (TILE + gap)
            imgui.set_cursor_pos(Vec(start.x + x, start.y + y))
            if imgui.invisible_button(f"##tile-{key}", Vec(each, TILE)):
                pressed = key
            hovered = imgui.is_item_hovered()
            if hovered:
                widgets.tooltip(letters, f"{key} · {zone_name(key)}")
            words, ground = shown[key] if shown and key in shown else _tile(scan, key)
            _draw_tile(ui, draw_list, corner.x + x, corner.y + y, each, key, words, ground, key == chosen, hovered)
    imgui.set_cursor_pos(Vec(start.x, start.y + 19.0 + 2.0 * (TILE + gap)))
    imgui.dummy(Vec(width, 0.0))
    return pressed


def _tile(scan: ScanState, key: str) -> tuple[str, theme.Rgba]:
    answer, state = scan.answer.zone(key), scan.zone_state(key)
    if answer.score is not None:
        return str(answer.score), theme.mixed(theme.RAISED, theme.SCORES[answer.score], 0.55)
    return ("–" if state == 3 else "…" if state == 1 else ""), theme.ZONE_STATES[state]


def _draw_tile(
    ui: Interface, draw_list: Any, x: float, y: float, width: float, key: str, words: str, ground: theme.Rgba,
    chosen: bool, hovered: bool,
) -> None:  # fmt: skip
    end = Vec(x + width, y + TILE)
    draw_list.add_rect_filled(
        Vec(x, y), end, theme.colour(theme.mixed(ground, theme.TEXT, 0.08 if hovered else 0.0)), 5.0
    )
    if chosen:
        draw_list.add_rect(Vec(x, y), end, theme.colour(theme.ACCENT), 5.0, thickness=2.0)
    widgets.write(draw_list, ui.letters, x + 6.0, y + 3.0, key, theme.SMALL, theme.TEXT if words else theme.SOFT)
    if words:
        wide = widgets.width_of(ui.letters, words, theme.BODY, strong=True)
        widgets.write(draw_list, ui.letters, end.x - wide - 7.0, y + TILE - 20.0, words, theme.BODY, theme.TEXT, True)
