"""How the program looks: colours, sizes, letters. Dark and calm, so that the eye stays on the ultrasound image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from imgui_bundle import imgui

from simulator.resources import resource_dir

Rgba = tuple[float, float, float, float]


def _rgb(code: str, alpha: float = 1.0) -> Rgba:
    """A colour from "rrggbb"."""
    return (int(code[0:2], 16) / 255.0, int(code[2:4], 16) / 255.0, int(code[4:6], 16) / 255.0, alpha)


GROUND = _rgb("0a0d11")
PANEL = _rgb("11161c")
RAISED = _rgb("19212a")
HOVER = _rgb("222d38")
LINE = _rgb("26313c")
TEXT = _rgb("e4eaf0")
SOFT = _rgb("a3b1bf")
FAINT = _rgb("768696")
ACCENT = _rgb("38b8dc")
ACCENT_DEEP = _rgb("14698a")
GOOD = _rgb("36c195")
FAIR = _rgb("efb64d")
BAD = _rgb("ee6a6a")
BLACK = _rgb("000000")
# Colours of the aeration scores 0-3, apart for colour-blind eyes too (they are always written as numbers as well).
SCORES = (_rgb("2fae86"), _rgb("d9b343"), _rgb("e08a3c"), _rgb("d65757"))
ZONE_STATES = (_rgb("1d262f"), _rgb("6b5524"), _rgb("17614c"), _rgb("363e48"))

BODY, SMALL, LARGE, TITLE, DISPLAY = 15.0, 13.0, 18.0, 24.0, 40.0
GAP = 10.0


# Every size that is used, and the letters that English and French need: loaded ahead, in one go and size by size,
# because letters that were loaded here and there between frames have come out in the size of another.
SIZES = (SMALL, BODY, 16.0, 17.0, LARGE, TITLE, 26.0, 30.0)
ALPHABET = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŒÆàâäçèéêëîïôöùûüœæ"
    + "«»‘’“”…–—·°±²³₂×≤≥≈µ←↑→↓↻✓\u00a0\u202f"
)


@dataclass(frozen=True)
class Letters:
    """The two weights; sizes are chosen where they are used."""

    regular: Any
    strong: Any


def load_letters() -> Letters:
    """Add the fonts to the atlas of the current Dear ImGui context."""
    folder = resource_dir("assets") / "fonts"
    fonts = imgui.get_io().fonts
    fonts.tex_min_width = fonts.tex_min_height = 1024  # room for all letters, so that the atlas is not made anew
    regular = fonts.add_font_from_file_ttf(str(folder / "Inter-Regular.otf"), BODY)
    strong = fonts.add_font_from_file_ttf(str(folder / "Inter-SemiBold.otf"), BODY)
    return Letters(regular, strong)


def preload(letters: Letters, density: float) -> None:
    """Load the letters of every size at `density` pixels a logical point; call it inside a frame."""
    for font in (letters.regular, letters.strong):
        for size in SIZES:
            baked = font.get_font_baked(size, density)
            for letter in ALPHABET:
                baked.find_glyph(ord(letter))


def colour(rgba: Rgba, alpha: float = 1.0) -> int:
    """A colour as draw lists want it."""
    return int(imgui.get_color_u32(imgui.ImVec4(rgba[0], rgba[1], rgba[2], rgba[3] * alpha)))


def mixed(a: Rgba, b: Rgba, share: float) -> Rgba:
    """`share` of the way from `a` to `b`."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
        a[3] + (b[3] - a[3]) * share,
    )


def apply() -> None:
    """Set Dear ImGui's style."""
    style = imgui.get_style()
    style.window_rounding = 0.0
    style.child_rounding = style.popup_rounding = 8.0
    style.frame_rounding = style.grab_rounding = style.scrollbar_rounding = 5.0
    style.window_border_size = style.frame_border_size = 0.0
    style.child_border_size = style.popup_border_size = 1.0
    style.window_padding = imgui.ImVec2(14.0, 12.0)
    style.frame_padding = imgui.ImVec2(10.0, 6.0)
    style.item_spacing = imgui.ImVec2(8.0, 7.0)
    style.item_inner_spacing = imgui.ImVec2(7.0, 4.0)
    style.scrollbar_size = 9.0
    style.grab_min_size = 14.0
    c = imgui.Col_
    table: dict[Any, Rgba] = {
        c.text: TEXT, c.text_disabled: FAINT, c.window_bg: GROUND, c.child_bg: PANEL, c.popup_bg: _rgb("151c24", 0.98),
        c.border: LINE, c.frame_bg: RAISED, c.frame_bg_hovered: HOVER, c.frame_bg_active: HOVER,
        c.title_bg: PANEL, c.title_bg_active: PANEL, c.scrollbar_bg: (0.0, 0.0, 0.0, 0.0),
        c.scrollbar_grab: _rgb("2c3844"), c.scrollbar_grab_hovered: _rgb("3a4958"),
        c.scrollbar_grab_active: _rgb("465869"), c.check_mark: ACCENT, c.slider_grab: _rgb("9fb3c4"),
        c.slider_grab_active: ACCENT, c.button: RAISED, c.button_hovered: HOVER, c.button_active: ACCENT_DEEP,
        c.header: RAISED, c.header_hovered: HOVER, c.header_active: ACCENT_DEEP, c.separator: LINE,
        c.text_selected_bg: _rgb("14698a", 0.7), c.nav_cursor: ACCENT, c.modal_window_dim_bg: (0.0, 0.0, 0.0, 0.62),
        c.table_header_bg: PANEL, c.table_border_light: LINE, c.table_border_strong: LINE,
        c.table_row_bg: (0.0, 0.0, 0.0, 0.0), c.table_row_bg_alt: (1.0, 1.0, 1.0, 0.015),
        c.plot_histogram: ACCENT,
    }  # fmt: skip
    for key, value in table.items():
        style.set_color_(key, imgui.ImVec4(*value))
