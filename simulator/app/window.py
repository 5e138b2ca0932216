"""The window: opens it, feeds it with what the hands do, draws it, and closes it. OpenGL 3.3 through pygame."""

from __future__ import annotations

import ctypes
import logging
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import pygame
from imgui_bundle import imgui

from simulator.app import keys, preferences, theme
from simulator.app.gamepad import BUTTONS, HAT, Pads
from simulator.app.gl_pictures import GlPictures
from simulator.app.hospital import Hospital
from simulator.app.imgui_backend import ImguiInput, ImguiRenderer
from simulator.app.interface import Interface
from simulator.app.keys import Command
from simulator.app.program import Program
from simulator.app.screens import stage
from simulator.app.state import Screen
from simulator.app.world import World
from simulator.errors import NoGraphicsError
from simulator.messages import _, best_language, set_language

_log = logging.getLogger(__name__)
FRAMES_PER_S = 60
CALM_FRAMES_PER_S, CALM_AFTER_S = 12, 2.0
SMALLEST = (1100.0, 640.0)  # logical points that the screens need
LONGEST_FRAME_S = 0.1  # a longer pause is not caught up with
PACKAGES = "libegl1 libgl1 libgl1-mesa-dri"
_PLACES = {name.removeprefix("KSCAN_"): getattr(pygame, name) for name in dir(pygame) if name.startswith("KSCAN_")}
_NAMES = {code: name for name, code in _PLACES.items()}


def run(scenario_id: str | None = None, language: str | None = None) -> int:
    """Open the window and stay until it is closed; exit status. `language` is for this time only."""
    path = preferences.config_path()
    remembered, problem = preferences.load(path)
    set_language(language or remembered.language or best_language(_system_language()))
    window = Window(Hospital(), remembered, path)
    try:
        if problem:
            _log.warning("settings: %s", problem)
            window.program.notify(_("The settings could not be read and are the usual ones again."))
        if scenario_id is not None:
            window.program.open_case(scenario_id)
        window.loop()
    finally:
        window.close()
    return 0


def _system_language() -> str | None:
    """The language that the system asks for."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        if os.environ.get(name):
            return os.environ[name]
    import locale

    return locale.getlocale()[0]


class Window:
    """One window with everything in it."""

    def __init__(self, world: World, remembered: preferences.Preferences, path: Path | None = None) -> None:
        """Opens it, or raises NoGraphicsError. `path` is where preferences are kept; None keeps nothing."""
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
        os.environ.setdefault("SDL_WINDOWS_DPI_SCALING", "1")
        os.environ.setdefault("SDL_IME_SHOW_UI", "1")
        self.window, self.ctx = _open(remembered)
        self._imgui = imgui.create_context()
        io = imgui.get_io()
        io.set_ini_filename("")
        io.set_log_filename("")
        io.config_error_recovery_enable_assert = False  # a screen that breaks off half-way becomes an error screen
        io.config_error_recovery_enable_tooltip = False
        theme.apply()
        self.program = Program(world, remembered, time.monotonic, lambda p: path and preferences.save(p, path))
        self.renderer, self.input = ImguiRenderer(self.ctx), ImguiInput()
        self.pictures = GlPictures(self.ctx, self.renderer.lend, world)
        self.ui = Interface(self.program, theme.load_letters(), self.pictures)
        self._down: set[str] = set()
        self._fullscreen = False
        self._before = time.perf_counter()
        self._clock = pygame.time.Clock()
        self._pads = Pads()
        pygame.key.set_repeat(0)
        pygame.key.stop_text_input()
        self._typing = False
        self._density = 0.0
        self._touched = 0.0

    # -- sizes ---------------------------------------------------------------------------------------------------
    def sizes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(window in the system's units, framebuffer in pixels)."""
        window = (int(self.window.size[0]), int(self.window.size[1]))
        return window, _drawable_size() or window

    def interface_scale(self, window: tuple[int, int]) -> float:
        """Window units in a logical point: as chosen, but everything must fit."""
        wanted = self.program.preferences.scale or _system_scale()
        return max(0.5, min(wanted, window[0] / SMALLEST[0], window[1] / SMALLEST[1]))

    # -- the loop ------------------------------------------------------------------------------------------------
    def loop(self) -> None:
        """Until somebody quits."""
        while not self.program.quit:
            self.frame()
            self._clock.tick(CALM_FRAMES_PER_S if self._calm() else FRAMES_PER_S)

    def _calm(self) -> bool:
        """Whether nothing moves and nobody has touched anything for a while: then the machine may rest."""
        moving = self.program.state.scan is not None or self.program.busy or self.program.state.notice
        return not moving and time.perf_counter() - self._touched > CALM_AFTER_S

    def frame(self, delta_s: float | None = None) -> None:
        """One frame: input, time, layout, drawing. `delta_s` overrides the clock (tests)."""
        now = time.perf_counter()
        delta = min(LONGEST_FRAME_S, now - self._before) if delta_s is None else delta_s
        self._before = now
        window, framebuffer = self.sizes()
        self.input.interface_scale = self.interface_scale(window)
        for event in pygame.event.get():
            self._touched = now
            self._event(event)
        self._apply_fullscreen()
        self.input.frame(window, framebuffer, delta)
        try:
            sticks, fine = self._pads.read()
            self.program.tick(delta, self._held(fine), sticks)
        except Exception as error:
            self.program.fail(error)
        self.draw(window, framebuffer)
        self._listen_to_text()
        self.window.flip()
        self.ui.frame_ms = 1000.0 * (time.perf_counter() - now)

    def draw(self, window: tuple[int, int], framebuffer: tuple[int, int]) -> None:
        """Lay the screen out and draw it."""
        self.pictures.pixel_ratio = framebuffer[0] / max(1, window[0]) * self.input.interface_scale
        io = imgui.get_io()  # while scanning, arrows and space belong to the probe
        io.config_flags &= ~imgui.ConfigFlags_.nav_enable_keyboard
        if not self.program.scanning:
            io.config_flags |= imgui.ConfigFlags_.nav_enable_keyboard
        imgui.new_frame()
        density = round(io.display_framebuffer_scale.x, 3)
        if density != self._density:
            self._density = density
            theme.preload(self.ui.letters, io.display_framebuffer_scale.x)
        try:
            stage.draw(self.ui)
        except Exception as error:
            imgui.end_frame()
            if self.program.state.screen == Screen.ERROR:
                raise
            self.program.fail(error)
            imgui.new_frame()
            stage.draw(self.ui)
        imgui.render()
        self.ctx.screen.use()
        self.ctx.screen.viewport = (0, 0, *framebuffer)
        self.ctx.screen.clear(*theme.GROUND)
        self.renderer.draw(framebuffer)

    # -- input ---------------------------------------------------------------------------------------------------
    def _event(self, event: Any) -> None:
        self.input.feed(event)
        match event.type:
            case pygame.QUIT | pygame.WINDOWCLOSE:
                self.program.quit = True
            case pygame.KEYDOWN:
                self._key(event)
            case pygame.KEYUP:
                self._down.discard(_NAMES.get(event.scancode, ""))
            case pygame.WINDOWFOCUSLOST:
                self._down.clear()
            case pygame.WINDOWRESIZED | pygame.WINDOWSIZECHANGED if not self._fullscreen:
                self.program.remember(window_size=tuple(self.window.size))
            case pygame.JOYDEVICEADDED:
                pad = pygame.joystick.Joystick(event.device_index)
                self._pads.add(pad.get_instance_id(), pad)
            case pygame.JOYDEVICEREMOVED:
                self._pads.remove(event.instance_id)
            case pygame.JOYBUTTONDOWN:
                self._command(BUTTONS.get(event.button))
            case pygame.JOYHATMOTION:
                self._command(HAT.get(tuple(event.value)))

    def _key(self, event: Any) -> None:
        place = _NAMES.get(event.scancode, "")
        shift, ctrl = bool(event.mod & pygame.KMOD_SHIFT), bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        typing = imgui.get_io().want_text_input
        if ctrl and not typing:  # by the letter, as everywhere else, not by the place
            letters = {pygame.K_z: Command.REDO if shift else Command.UNDO, pygame.K_y: Command.REDO}
            self._command(letters.get(event.key))
        binding = keys.binding_for(place, shift)
        if (
            binding is None
            or ctrl
            or (typing and not (place.startswith("F") and len(place) > 1) and binding.command != Command.BACK)
        ):
            return
        if binding.held:
            self._down.add(place)
            return
        self._command(binding.command)

    def _command(self, command: Command | None) -> None:
        if command is None:
            return
        try:
            self.program.command(command)
        except Exception as error:
            self.program.fail(error)

    def _listen_to_text(self) -> None:
        """Input methods are on only while something is typed, so that they leave the probe's keys alone."""
        io = imgui.get_io()
        if io.want_text_input != self._typing:
            self._typing = io.want_text_input
            if self._typing:
                pygame.key.start_text_input()
            else:
                pygame.key.stop_text_input()
        if self._typing:
            scale = self.input.interface_scale
            x, y = io.mouse_pos.x * scale, io.mouse_pos.y * scale
            pygame.key.set_text_input_rect(pygame.Rect(int(x), int(y), 1, int(24 * scale)))

    def _held(self, fine: bool = False) -> frozenset[Command]:
        """Movements whose keys are down; `fine` is what a gamepad says."""
        self.program.hold_fine(fine or bool(pygame.key.get_mods() & pygame.KMOD_SHIFT))
        if imgui.get_io().want_text_input:
            return frozenset()
        return keys.held_commands(self._down)

    def _apply_fullscreen(self) -> None:
        wanted = self.program.preferences.fullscreen
        if wanted != self._fullscreen:
            self._fullscreen = wanted
            if wanted:
                self.window.set_fullscreen(desktop=True)
            else:
                self.window.set_windowed()

    def close(self) -> None:
        """Let everything go."""
        imgui.destroy_context(self._imgui)
        self.ctx.release()
        self.window.destroy()
        pygame.quit()


def _open(remembered: preferences.Preferences) -> tuple[Any, moderngl.Context]:
    """The window and its OpenGL context, or a clear word about what is missing."""
    try:
        pygame.display.init()
        pygame.joystick.init()
        display = pygame.display
        for attribute, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3), (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FLAGS, pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG), (pygame.GL_DOUBLEBUFFER, 1),
        ):  # fmt: skip
            display.gl_set_attribute(attribute, value)
        window = pygame.Window(
            "Pleura", _fitting(remembered.window_size), opengl=True, resizable=True, allow_high_dpi=True
        )
        window.minimum_size = (640, 400)
    except pygame.error as error:
        raise NoGraphicsError(_no_graphics(str(error))) from error
    try:
        moderngl.init_context()  # of the window, whatever other contexts this process has
        ctx = moderngl.get_context()
        if ctx.version_code < 330:
            raise RuntimeError(f"OpenGL {ctx.version_code / 100:.1f}")
    except Exception as error:  # the drivers raise what they like
        window.destroy()
        raise NoGraphicsError(_no_graphics(str(error).strip() or type(error).__name__)) from error
    _log.info("OpenGL: %s, %s", ctx.info["GL_VERSION"], ctx.info["GL_RENDERER"])
    return window, ctx


def _no_graphics(problem: str) -> str:
    return (
        f"no window with OpenGL 3.3 could be opened ({problem}). On Debian or Ubuntu install: "
        f"apt-get install --no-install-recommends {PACKAGES}; without a screen try `pleura demo`"
    )


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The remembered size, but never larger than the screen."""
    desktops = pygame.display.get_desktop_sizes()
    if not desktops or min(desktops[0]) <= 0 or display_is_blind():
        return size
    return min(size[0], desktops[0][0]), min(size[1], desktops[0][1])


def display_is_blind() -> bool:
    """Whether nobody can see the display (tests)."""
    return pygame.display.get_driver() in ("offscreen", "dummy")


def _system_scale() -> float:
    """How large the system wants things where window units are pixels (X11); 1 where SDL scales by itself."""
    for name in ("GDK_SCALE", "QT_SCALE_FACTOR"):
        try:
            return min(4.0, max(1.0, float(os.environ[name])))
        except (KeyError, ValueError):
            continue
    return 1.0


def _load_sdl() -> Any:
    """The SDL library that pygame itself uses, for the one number that pygame does not tell: the framebuffer's size."""
    root = Path(pygame.__file__).parent
    for folder in (root, root / ".dylibs", root.parent / "pygame_ce.libs"):
        for pattern in ("libSDL2-2*", "SDL2.dll", "libSDL2-2.0*.dylib"):
            for path in sorted(folder.glob(pattern)):
                try:
                    library = ctypes.CDLL(str(path))
                    library.SDL_GL_GetCurrentWindow.restype = ctypes.c_void_p
                    library.SDL_GL_GetDrawableSize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
                    return library
                except (OSError, AttributeError):
                    continue
    return None


_SDL = _load_sdl()


def _drawable_size() -> tuple[int, int] | None:
    """Pixels of the current window's framebuffer; None where SDL cannot be asked."""
    if _SDL is None:
        return None
    window = _SDL.SDL_GL_GetCurrentWindow()
    if not window:
        return None
    width, height = ctypes.c_int(), ctypes.c_int()
    _SDL.SDL_GL_GetDrawableSize(window, ctypes.byref(width), ctypes.byref(height))
    return (width.value, height.value) if width.value > 0 else None
