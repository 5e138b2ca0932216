"""The console under the image: probe, freeze, M-mode, knobs, TGC; below them presets and the working of the echo."""

from __future__ import annotations

from imgui_bundle import imgui

from simulator.app import handling, theme, widgets
from simulator.app.cine import AFTER_KNOBS
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.numbers import local
from simulator.app.widgets import Vec
from simulator.messages import N_, _
from simulator.probe import GREY_MAPS, SETTING_RANGES, SMOOTHINGS, TRANSDUCERS, Settings
from simulator.units import MHZ

_KNOBS, _ROW = 150.0, 36.0
_KNOB_ROW = 38.0
_NARROW = 470.0  # below it the buttons get a row of their own, and the presets one more
_TGC = 118.0
_TGC_RANGE = 20.0
_PRESETS = {"lung": N_("Lung"), "abdomen": N_("Abdomen"), "base": N_("Base")}
_SMOOTHINGS = {"off": N_("off"), "low": N_("low"), "high": N_("high")}
_GREYS = {"linear": N_("linear"), "soft": N_("soft"), "hard": N_("hard")}
_DENSITIES = {"low": N_("low"), "medium": N_("medium"), "high": N_("high")}
_SHORT = {"convex": N_("Convex"), "linear": N_("Linear"), "micro_convex": N_("Micro"), "phased": N_("Phased")}


def height(width: float) -> float:
    """How tall the console is in a column of this width."""
    return _KNOBS + 12.0 + _ROW * (4.0 if width - 28.0 < _NARROW else 2.0)


def draw(ui: Interface, x: float, y: float, width: float, height: float) -> None:
    """The strip of knobs."""
    program, letters = ui.program, ui.letters
    with widgets.pane("console", x, y, width, height, scroll=False, padding=(14.0, 10.0)):
        inner = width - 28.0
        narrow = inner < _NARROW
        gap = 12.0 if narrow else 18.0
        buttons = 0.0 if narrow else max(120.0, min(150.0, inner * 0.2)) + gap
        knobs = inner - buttons - _TGC - gap
        top = imgui.get_cursor_pos()
        if narrow:
            _buttons_across(ui, inner)
            top = Vec(top.x, top.y + _ROW)
        else:
            _buttons(ui, buttons - gap)
        scan = program.scan
        settings = scan.settings
        each = (knobs - gap) / 2.0
        low_f, high_f = (f / MHZ for f in TRANSDUCERS[scan.transducer_key].frequency_range_hz)
        table = (
            ("depth_cm", _("Depth"), "{:.0f} cm", 1.0, SETTING_RANGES["depth_cm"]),
            ("gain_db", _("Gain"), "{:+.0f} dB", 1.0, SETTING_RANGES["gain_db"]),
            ("focus_cm", _("Focus"), "{:.1f} cm", 0.5, (0.5, min(20.0, settings.depth_cm))),
            ("frequency_mhz", _("Frequency"), "{:.1f} MHz", 0.5, (low_f, high_f)),
            ("dynamic_range_db", _("Dyn. range"), "{:.0f} dB", 2.0, SETTING_RANGES["dynamic_range_db"]),
            ("persistence", _("Persistence"), "{:.0%}", 0.1, SETTING_RANGES["persistence"]),
            ("sector_percent", _("Sector"), "{:.0f}%", 5.0, SETTING_RANGES["sector_percent"]),
            ("power_db", _("Power"), "{:.0f} dB", 1.0, SETTING_RANGES["power_db"]),
        )
        new = settings
        for index, (name, words, form, step, (low, high)) in enumerate(table):
            imgui.set_cursor_pos(Vec(top.x + buttons + (index % 2) * (each + gap), top.y + (index // 2) * _KNOB_ROW))
            value = getattr(settings, name)
            shown = local(form.format(value + 0.0).replace("%", " %").replace("-", "−"))
            imgui.begin_disabled(scan.frozen and name not in AFTER_KNOBS)
            turned = widgets.knob(letters, words, shown, value, low, high, each, step)
            imgui.end_disabled()
            if abs(turned - value) > 1e-6:
                new = settings.replace(**{name: turned})
        new = _tgc(ui, new, top.x + inner - _TGC, top.y)
        new = _last_rows(ui, new, top.x, top.y + _KNOBS, inner)
        if new != settings:
            program.turn_knobs(new)


def _buttons(ui: Interface, width: float) -> None:
    """Probe, freeze and M-mode, one under the other."""
    for row in (("convex", "linear"), ("micro_convex", "phased")):
        _probe(ui, width, row)
    _freeze(ui, width, 36.0)
    _mmode(ui, width, 36.0)


def _buttons_across(ui: Interface, width: float) -> None:
    """The same side by side."""
    each = (width - 16.0) / 5.0
    _probe(ui, 3.0 * each, tuple(_SHORT))
    imgui.same_line(0.0, 8.0)
    _freeze(ui, each, 28.0)
    imgui.same_line(0.0, 8.0)
    _mmode(ui, each, 28.0)


def _probe(ui: Interface, width: float, keys: tuple[str, ...]) -> None:
    """Some of the probes side by side."""
    scan, choices = ui.program.scan, [(key, _(_SHORT[key])) for key in keys]
    chosen = widgets.segments(ui.letters, f"probe-{keys[0]}", choices, scan.transducer_key, width)
    if chosen != scan.transducer_key:
        ui.program.change(handling.with_probe(scan, chosen))


def _freeze(ui: Interface, width: float, height: float) -> None:
    frozen = ui.program.scan.frozen
    words = _("Unfreeze") if frozen else _("Freeze")
    if widgets.button(ui.letters, f"{words}##freeze", width, height, chosen=frozen):
        ui.program.command(Command.FREEZE)


def _mmode(ui: Interface, width: float, height: float) -> None:
    words = _("M-mode")
    if widgets.button(ui.letters, f"{words}##mmode", width, height, chosen=ui.program.scan.mmode):
        ui.program.command(Command.MMODE)


def _last_rows(ui: Interface, settings: Settings, x: float, y: float, inner: float) -> Settings:
    """Presets, compounding and harmonics; then what each press turns one further."""
    narrow = inner < _NARROW
    wide = inner if narrow else inner * 0.5 - 4.0
    settings = _presets(ui, settings, x, y, wide)
    left, top = (x, y + _ROW) if narrow else (x + wide + 8.0, y)
    settings = _toggles(ui, settings, left, top, x + inner - left)
    return _cycles(ui, settings, x, top + _ROW, inner)


def _presets(ui: Interface, settings: Settings, x: float, y: float, width: float) -> Settings:
    letters, scan = ui.letters, ui.program.scan
    each = (width - 2.0 * (len(_PRESETS) - 1)) / len(_PRESETS)
    for index, (key, name) in enumerate(_PRESETS.items()):
        preset = handling.preset(key, scan.transducer_key)
        imgui.set_cursor_pos(Vec(x + index * (each + 2.0), y))
        chosen = preset is not None and settings == preset
        usable = preset is not None and not scan.frozen
        if widgets.button(letters, f"{_(name)}##preset-{key}", each, 28.0, chosen=chosen, enabled=usable):
            settings = preset or settings
        if preset is None:
            _hint(ui, _("Only for the convex probe"))
        else:
            _hint(ui, _("Preset of the machine: sets every knob"))
    return settings


def _toggles(ui: Interface, settings: Settings, x: float, y: float, width: float) -> Settings:
    each = (width - 4.0) / 2.0
    toggles = (
        ("compounding", _("Compounding"), _("Three steered looks averaged: smoother, but fewer images a second.")),
        ("harmonics", _("Harmonics"), _("Listens at twice the frequency: less clutter.")),
    )
    for index, (key, words, hint) in enumerate(toggles):
        imgui.set_cursor_pos(Vec(x + index * (each + 4.0), y))
        on = bool(getattr(settings, key))
        live = not ui.program.scan.frozen
        if widgets.button(ui.letters, f"{words}##{key}", each, 28.0, chosen=on, enabled=live):
            settings = settings.replace(**{key: not on})
        _hint(ui, hint)
    return settings


def _cycles(ui: Interface, settings: Settings, x: float, y: float, width: float) -> Settings:
    """Grey map, smoothing, line density, focal zones: press for the next."""
    each, live = (width - 12.0) / 4.0, not ui.program.scan.frozen
    zones_most = int(SETTING_RANGES["focal_zones"][1])
    table = (
        ("grey_map", "grey-map", _("Greys: {map}").format(map=_(_GREYS[settings.grey_map])), GREY_MAPS, True,
         _("How echo becomes grey: press for the next one.")),
        ("smoothing", "smoothing", _("Smoothing: {level}").format(level=_(_SMOOTHINGS[settings.smoothing])),
         SMOOTHINGS, True, _("Speckle reduction on the screen: smoother, and a little blurred.")),
        ("line_density", "line-density", _("Density: {density}").format(density=_(_DENSITIES[settings.line_density])),
         tuple(_DENSITIES), live, _("How many lines are transmitted: more are finer, but take more time an image.")),
        ("focal_zones", "focal-zones", _("Focal zones: {number}").format(number=settings.focal_zones),
         tuple(range(1, zones_most + 1)), live,
         _("Several focal zones are sharp over more depth, but slower, and they break up vertical artefacts.")),
    )  # fmt: skip
    for index, (key, name, words, values, usable, hint) in enumerate(table):
        imgui.set_cursor_pos(Vec(x + index * (each + 4.0), y))
        value = getattr(settings, key)
        chosen = value != getattr(Settings(), key)
        if widgets.button(ui.letters, f"{words}##{name}", each, 28.0, chosen=chosen, enabled=usable):
            settings = settings.replace(**{key: values[(list(values).index(value) + 1) % len(values)]})
        _hint(ui, hint)
    return settings


def _hint(ui: Interface, words: str) -> None:
    """Say what the last button does, after a moment, whether it can be pressed or not."""
    flags = imgui.HoveredFlags_.delay_normal | imgui.HoveredFlags_.allow_when_disabled
    if imgui.is_item_hovered(int(flags)):
        widgets.tooltip(ui.letters, words)


def _tgc(ui: Interface, settings: Settings, x: float, y: float) -> Settings:
    """Eight sliders, shallow at the top."""
    letters = ui.letters
    imgui.set_cursor_pos(Vec(x, y))
    widgets.text(letters, "TGC", theme.SMALL, theme.SOFT)
    flat = all(v == 0.0 for v in settings.tgc_db)
    if not flat:
        imgui.same_line()
        wide = widgets.width_of(letters, _("level"), theme.SMALL) + 14.0
        imgui.set_cursor_pos(Vec(x + _TGC - wide, y - 3.0))
        imgui.push_style_var(imgui.StyleVar_.frame_padding, Vec(4.0, 1.0))
        if widgets.button(letters, _("level") + "##tgc-level", wide, 20.0, quiet=True):
            settings = settings.replace(tgc_db=(0.0,) * 8)
        imgui.pop_style_var()
    values = list(settings.tgc_db)
    draw = imgui.get_window_draw_list()
    for index, before in enumerate(settings.tgc_db):
        value = before
        imgui.set_cursor_pos(Vec(x, y + 20.0 + index * 14.4))
        corner = imgui.get_cursor_screen_pos()
        imgui.invisible_button(f"##tgc{index}", Vec(_TGC, 14.0))
        if imgui.is_item_active():
            share = (imgui.get_io().mouse_pos.x - corner.x) / _TGC
            value = round(min(1.0, max(0.0, share)) * 2.0 * _TGC_RANGE - _TGC_RANGE)
        if imgui.is_item_hovered() and imgui.is_mouse_double_clicked(0):
            value = 0.0
        values[index] = float(value)
        lit = imgui.is_item_hovered() or imgui.is_item_active()
        my = corner.y + 7.0
        px = corner.x + 5.0 + (value + _TGC_RANGE) / (2.0 * _TGC_RANGE) * (_TGC - 10.0)
        draw.add_line(Vec(corner.x, my), Vec(corner.x + _TGC, my), theme.colour(theme.HOVER), 2.0)
        middle = corner.x + _TGC / 2.0
        draw.add_line(Vec(middle, my - 3.0), Vec(middle, my + 3.0), theme.colour(theme.FAINT, 0.5))
        tint = theme.ACCENT if lit else theme.SOFT
        draw.add_rect_filled(Vec(px - 6.0, my - 4.5), Vec(px + 6.0, my + 4.5), theme.colour(tint), 3.0)
        if imgui.is_item_active():
            widgets.tooltip(letters, f"{value:+.0f} dB")
    new = tuple(values)
    return settings.replace(tgc_db=new) if new != settings.tgc_db else settings
