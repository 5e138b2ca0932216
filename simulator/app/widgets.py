"""The parts that screens are made of, in the program's own look. Dear ImGui, no OpenGL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from imgui_bundle import imgui

from simulator.app import theme
from simulator.app.theme import Letters, Rgba

Vec = imgui.ImVec2
_FIXED = (
    imgui.WindowFlags_.no_decoration | imgui.WindowFlags_.no_move | imgui.WindowFlags_.no_saved_settings
    | imgui.WindowFlags_.no_bring_to_front_on_focus | imgui.WindowFlags_.no_nav_focus
)  # fmt: skip


@contextmanager
def whole_window(name: str) -> Iterator[tuple[float, float]]:
    """Everything: yields the size in logical points."""
    size = imgui.get_io().display_size
    imgui.set_next_window_pos(Vec(0.0, 0.0))
    imgui.set_next_window_size(size)
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(0.0, 0.0))
    # The ground is what the frame was cleared with: filling the window twice is dear on a software rasteriser.
    flags = _FIXED | imgui.WindowFlags_.no_scroll_with_mouse | imgui.WindowFlags_.no_background
    imgui.begin(name, None, int(flags))
    imgui.pop_style_var()
    yield (size.x, size.y)
    imgui.end()


@contextmanager
def pane(
    name: str, x: float, y: float, width: float, height: float, *, bare: bool = False, scroll: bool = True,
    padding: tuple[float, float] = (14.0, 12.0),
) -> Iterator[None]:  # fmt: skip
    """A panel at a place of the window; `bare` has no ground and no border."""
    imgui.set_cursor_pos(Vec(x, y))
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(*padding))
    imgui.push_style_color(imgui.Col_.child_bg, imgui.ImVec4(*((0.0, 0.0, 0.0, 0.0) if bare else theme.PANEL)))
    flags = imgui.ChildFlags_.always_use_window_padding | (0 if bare else imgui.ChildFlags_.borders)
    window = 0 if scroll else imgui.WindowFlags_.no_scrollbar | imgui.WindowFlags_.no_scroll_with_mouse
    imgui.begin_child(name, Vec(max(1.0, width), max(1.0, height)), int(flags), int(window))
    imgui.pop_style_color()
    imgui.pop_style_var()
    yield
    imgui.end_child()


@contextmanager
def font(letters: Letters, size: float = theme.BODY, strong: bool = False) -> Iterator[None]:
    """Write in a size and weight."""
    imgui.push_font(letters.strong if strong else letters.regular, size)
    yield
    imgui.pop_font()


def text(
    letters: Letters, words: str, size: float = theme.BODY, tint: Rgba = theme.TEXT, *, strong: bool = False,
    wrap: float | None = None,
) -> None:  # fmt: skip
    """Words; `wrap` is a width, 0 for what is left of the panel."""
    with font(letters, size, strong):
        imgui.push_style_color(imgui.Col_.text, imgui.ImVec4(*tint))
        if wrap is not None:
            imgui.push_text_wrap_pos(imgui.get_cursor_pos_x() + wrap if wrap > 0.0 else 0.0)
        imgui.text_unformatted(words)
        if wrap is not None:
            imgui.pop_text_wrap_pos()
        imgui.pop_style_color()


def label(letters: Letters, words: str) -> None:
    """A small heading over a group."""
    text(letters, words, theme.SMALL, theme.FAINT, strong=True)


def space(height: float = theme.GAP) -> None:
    """Some air."""
    imgui.dummy(Vec(1.0, height))


def width_of(letters: Letters, words: str, size: float = theme.BODY, strong: bool = False) -> float:
    """How wide words are."""
    with font(letters, size, strong):
        return float(imgui.calc_text_size(words).x)


def button(
    letters: Letters, words: str, width: float = 0.0, height: float = 34.0, *, primary: bool = False,
    enabled: bool = True, chosen: bool = False, quiet: bool = False,
) -> bool:  # fmt: skip
    """A button; `primary` is what to do next, `chosen` the one of several that holds, `quiet` has no ground."""
    ground = theme.ACCENT_DEEP if primary or chosen else (0.0, 0.0, 0.0, 0.0) if quiet else theme.RAISED
    over = theme.mixed(theme.ACCENT_DEEP, theme.ACCENT, 0.35) if primary or chosen else theme.HOVER
    imgui.begin_disabled(not enabled)
    imgui.push_style_color(imgui.Col_.button, imgui.ImVec4(*ground))
    imgui.push_style_color(imgui.Col_.button_hovered, imgui.ImVec4(*over))
    imgui.push_style_color(imgui.Col_.text, imgui.ImVec4(*(theme.SOFT if quiet else theme.TEXT)))
    size = theme.BODY
    if width > 0.0 and width_of(letters, words.split("##", maxsplit=1)[0], size, primary) > width - 10.0:
        least = width_of(letters, words.split("##", maxsplit=1)[0], theme.SMALL, primary)
        room = width - 2.0 * imgui.get_style().frame_padding.x
        size = theme.SMALL * min(1.0, room / max(1.0, least))  # no word is cut off
    with font(letters, size, strong=primary):
        pressed = imgui.button(words, Vec(width, height))
    imgui.pop_style_color(3)
    imgui.end_disabled()
    return bool(pressed)


def segments(letters: Letters, name: str, choices: Sequence[tuple[Any, str]], value: Any, width: float) -> Any:
    """One of a few, side by side; returns the chosen value (the same if nothing was pressed)."""
    each = (width - 2.0 * (len(choices) - 1)) / len(choices)
    imgui.push_style_var(imgui.StyleVar_.item_spacing, Vec(2.0, 4.0))
    imgui.push_style_var(imgui.StyleVar_.frame_padding, Vec(2.0, 4.0))
    for index, (key, words) in enumerate(choices):
        if index:
            imgui.same_line()
        if button(letters, f"{words}##{name}{index}", each, 28.0, chosen=key == value):
            value = key
    imgui.pop_style_var(2)
    return value


def knob(
    letters: Letters, name: str, shown: str, value: float, low: float, high: float, width: float, step: float = 0.0
) -> float:
    """A slider with its name on the left and its value on the right, above it. Returns the new value."""
    left = imgui.get_cursor_pos_x()
    imgui.push_style_var(imgui.StyleVar_.item_spacing, Vec(4.0, 2.0))
    imgui.begin_group()
    wide = width_of(letters, shown, theme.SMALL, strong=True)
    start = imgui.get_cursor_screen_pos()
    imgui.push_clip_rect(start, Vec(start.x + width - wide - 4.0, start.y + 30.0), True)
    text(letters, name, theme.SMALL, theme.SOFT)
    imgui.pop_clip_rect()
    imgui.same_line(0.0, 0.0)
    imgui.set_cursor_pos_x(left + width - wide)
    text(letters, shown, theme.SMALL, theme.TEXT, strong=True)
    corner = imgui.get_cursor_screen_pos()
    height = 16.0
    imgui.invisible_button(f"##{name}", Vec(width, height))
    active, hovered = imgui.is_item_active(), imgui.is_item_hovered()
    if active and high > low:
        share = (imgui.get_io().mouse_pos.x - corner.x - 6.0) / max(1.0, width - 12.0)
        value = low + min(1.0, max(0.0, share)) * (high - low)
        if step > 0.0:
            value = min(high, max(low, round(value / step) * step))
    share = (value - low) / (high - low) if high > low else 0.0
    draw = imgui.get_window_draw_list()
    y = corner.y + height / 2.0
    x = corner.x + 6.0 + share * (width - 12.0)
    draw.add_rect_filled(Vec(corner.x, y - 2.0), Vec(corner.x + width, y + 2.0), theme.colour(theme.HOVER), 2.0)
    draw.add_rect_filled(Vec(corner.x, y - 2.0), Vec(x, y + 2.0), theme.colour(theme.ACCENT_DEEP), 2.0)
    tint = theme.ACCENT if active else theme.TEXT if hovered else theme.SOFT
    draw.add_circle_filled(Vec(x, y), 6.0, theme.colour(tint))
    imgui.end_group()
    imgui.pop_style_var()
    return float(value)


def progress_bar(share: float, width: float, height: float = 6.0, tint: Rgba = theme.ACCENT) -> None:
    """How far something is."""
    corner = imgui.get_cursor_screen_pos()
    draw = imgui.get_window_draw_list()
    end = Vec(corner.x + width, corner.y + height)
    draw.add_rect_filled(corner, end, theme.colour(theme.HOVER), height / 2.0)
    if share > 0.01:
        filled = Vec(corner.x + max(height, width * min(1.0, share)), corner.y + height)
        draw.add_rect_filled(corner, filled, theme.colour(tint), height / 2.0)
    imgui.dummy(Vec(width, height))


def check(letters: Letters, words: str, value: bool, hint: str = "", enabled: bool = True) -> bool:
    """A box to tick; returns the new value."""
    imgui.begin_disabled(not enabled)
    imgui.push_style_var(imgui.StyleVar_.frame_padding, Vec(2.0, 2.0))
    with font(letters, theme.BODY):
        value = bool(imgui.checkbox(words, value)[1])
    imgui.pop_style_var()
    imgui.end_disabled()
    if hint and imgui.is_item_hovered(int(imgui.HoveredFlags_.delay_normal)):
        tooltip(letters, hint)
    return value


def tooltip(letters: Letters, words: str) -> None:
    """A few words beside the pointer."""
    imgui.push_style_var(imgui.StyleVar_.window_padding, Vec(10.0, 8.0))
    if imgui.begin_tooltip():
        imgui.push_text_wrap_pos(320.0)
        with font(letters, theme.SMALL):
            imgui.text_unformatted(words)
        imgui.pop_text_wrap_pos()
        imgui.end_tooltip()
    imgui.pop_style_var()


def write(
    draw: Any, letters: Letters, x: float, y: float, words: str, size: float, tint: Rgba, strong: bool = False
) -> None:
    """Words straight onto a draw list, top left corner at (x, y)."""
    draw.add_text(letters.strong if strong else letters.regular, size, Vec(x, y), theme.colour(tint), words)
