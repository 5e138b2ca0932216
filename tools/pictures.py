"""Make the pictures of the README with the program itself: docs/screenshot.png and docs/clip.webp (`make pictures`)."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

# A window that nobody sees, drawn in software; settings and attempts of this run are thrown away.
os.environ.update(SDL_VIDEODRIVER="offscreen", LIBGL_ALWAYS_SOFTWARE="1", LANGUAGE="en")
_thrown_away = tempfile.TemporaryDirectory()
for _kind in ("DATA", "CONFIG", "LOG"):
    os.environ[f"PLEURA_{_kind}_DIR"] = _thrown_away.name

DOCS = Path(__file__).resolve().parent.parent / "docs"
CASE, ZONE = "covid_moderate", "R6"
SIZE = (1280, 720)
CLIP_SECONDS, CLIP_FPS, CLIP_SIZE = 4.0, 12.0, (480, 400)


def screenshot(path: Path) -> None:
    """The window in the middle of an exam: some zones answered, the probe on a posterior zone."""
    from PIL import Image

    from simulator.app.hospital import Hospital
    from simulator.app.preferences import Preferences
    from simulator.app.window import Window
    from simulator.assessment.answer import ZoneAnswer
    from simulator.messages import set_language

    set_language("en")
    window = Window(Hospital(), Preferences(language="en", window_size=SIZE, coach_done=True, trainee="student"))
    program = window.program

    def settle(seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            window.frame(0.1)

    def wait() -> None:
        while program.busy is not None:
            window.frame(0.02)
            time.sleep(0.2)  # the work goes on beside the window

    program.open_case(CASE)
    wait()
    program.begin_scan(practice=False)
    settle(0.5)
    for zone, signs, score in (("R1", {"a_lines"}, 0), ("R2", {"a_lines"}, 0), ("R3", {"b_lines_separate"}, 1)):
        program.answer_zone(zone, ZoneAnswer(frozenset(signs), score))
    program.turn_patient("sitting")
    wait()
    program.choose_zone(ZONE, jump=True)
    settle(3.0)
    width, height = window.sizes()[1]
    pixels = window.ctx.screen.read(viewport=(0, 0, width, height), components=3)
    image = Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    window.close()


def clip(path: Path) -> None:
    """One zone over a breath, looping."""
    from simulator import Scanner
    from simulator.recording import write_webp

    with Scanner(CASE, size_px=CLIP_SIZE) as scanner:
        scanner.place(ZONE)
        write_webp([frame.image for frame in scanner.clip(CLIP_SECONDS, CLIP_FPS)], path, CLIP_FPS)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    screenshot(DOCS / "screenshot.png")
    clip(DOCS / "clip.webp")
