"""What does this machine lack? Python, OpenGL, screen, folders: tried for real and answered in words for a person.

`python -m simulator.doctor [opengl|screen|...]` prints what it finds; exit status 1 where something is missing.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass

# SDL's video drivers that show nothing to anybody.
_BLIND_DRIVERS = frozenset({"offscreen", "dummy", "evdev", "kmsdrm"})


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `name`, whether it is `good`, and a line of `text` (what is there, or what to do)."""

    name: str
    good: bool
    text: str


def check_python() -> Finding:
    """Which Python runs this."""
    good = sys.version_info >= (3, 11)
    return Finding("python", good, f"{platform.python_version()} on {platform.platform(terse=True)}")


def check_opengl() -> Finding:
    """Whether an OpenGL 3.3 context without a window can be made, by making one."""
    from simulator.errors import NoGraphicsError
    from simulator.render.context import headless_context

    try:
        context = headless_context()
    except NoGraphicsError as error:
        return Finding("opengl", False, str(error))
    text = f"{context.info['GL_VERSION']}, {context.info['GL_RENDERER']}"
    context.release()
    return Finding("opengl", True, text)


def check_screen() -> Finding:
    """Whether a window can be shown: a display is named, and SDL can open it."""
    wanted = os.environ.get("SDL_VIDEODRIVER", "")
    if wanted:  # somebody chose a driver on purpose, a test for instance
        return Finding("screen", True, f"SDL_VIDEODRIVER={wanted}")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding("screen", False, "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame

        pygame.display.init()
        driver = pygame.display.get_driver()
        pygame.display.quit()
    except Exception as error:
        return Finding("screen", False, f"the screen cannot be opened ({error})")
    if driver in _BLIND_DRIVERS:
        return Finding("screen", False, "the screen that DISPLAY or WAYLAND_DISPLAY names cannot be opened")
    return Finding("screen", True, driver)


def check_folders() -> Finding:
    """Whether the folders for baked bodies, attempts, settings and log can be written."""
    from simulator.folders import KINDS, user_folder

    folders = {kind: user_folder(kind) for kind in KINDS}
    text = ", ".join(f"{kind} {folder}" for kind, folder in folders.items())
    for folder in folders.values():
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            return Finding("folders", False, f"{folder} cannot be written; PLEURA_<KIND>_DIR moves it ({text})")
    return Finding("folders", True, text)


CHECKS = {"python": check_python, "opengl": check_opengl, "screen": check_screen, "folders": check_folders}


def main(arguments: list[str] | None = None) -> int:
    """Run the named checks (all without a name): good ones on standard output, others on standard error."""
    names = sys.argv[1:] if arguments is None else arguments
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        print(f"pleura: doctor: unknown check {unknown[0]}; known are {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    findings = [CHECKS[name]() for name in names or CHECKS]
    for finding in findings:
        print(f"pleura: {finding.name}: {finding.text}", file=sys.stdout if finding.good else sys.stderr)
    return 0 if all(finding.good for finding in findings) else 1


if __name__ == "__main__":
    raise SystemExit(main())
