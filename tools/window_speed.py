"""How fast is the window on this machine, and what takes the time? `python tools/window_speed.py [case] [seconds]`.

The real window with quality automatic, once with still hands, once with the probe sliding, the eye going round, and a
look inside. Processor time counts all threads of a software rasteriser and is what to compare on a shared machine.
With GALLIUM_NOOP=true Mesa takes every call and draws nothing: what the program itself and the API cost a frame.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

if os.environ.get("PLEURA_SHOWN", "") == "":  # a window that nobody sees, drawn in software
    os.environ.update(SDL_VIDEODRIVER="offscreen", LIBGL_ALWAYS_SOFTWARE="1")
_thrown_away = tempfile.TemporaryDirectory()
for _kind in ("DATA", "CONFIG", "LOG"):
    os.environ[f"PLEURA_{_kind}_DIR"] = _thrown_away.name

SIZE = (1280, 800)
ROUNDS, SETTLE_S = 5, 5.0
PARTS = {"ultrasound": "ultrasound", "3D view": "torso", "cut": "cut"}


class Stopwatch:
    """Processor time of the pictures that the window asks for."""

    def __init__(self, window: Any) -> None:
        self.window, self.spent_s = window, dict.fromkeys(PARTS, 0.0)
        for part, name in PARTS.items():
            setattr(window.pictures, name, self._timed(part, getattr(window.pictures, name)))

    def _timed(self, part: str, draw: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            self.window.ctx.finish()
            start = time.process_time()
            picture = draw(*given, **named)
            self.window.ctx.finish()
            self.spent_s[part] += time.process_time() - start
            return picture

        return timed

    def round(self, seconds: float, hand: Callable[[int], None]) -> tuple[float, float, dict[str, float]]:
        """(frames a second, processor ms a frame, ms of each part) of so many seconds with this hand."""
        self.spent_s = dict.fromkeys(PARTS, 0.0)
        start, worked, frames = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - start < seconds:
            hand(frames)
            self.window.frame()
            frames += 1
        whole = time.perf_counter() - start
        worked = 1e3 * (time.process_time() - worked) / frames
        return frames / whole, worked, {part: 1e3 * spent / frames for part, spent in self.spent_s.items()}


def main(case: str = "covid_moderate", seconds: float = 4.0) -> None:
    """Print a line for each hand."""
    from simulator.app import handling
    from simulator.app.hospital import Hospital
    from simulator.app.keys import Command
    from simulator.app.preferences import Preferences
    from simulator.app.window import Window

    window = Window(Hospital(), Preferences(language="en", scale=1.0, window_size=SIZE, coach_done=True))
    program = window.program
    program.open_case(case)
    while program.state.scan is None:
        window.frame()
        time.sleep(0.05)
    program.begin_scan(practice=True)

    def slide(frame: int) -> None:
        step = 0.0008 if frame // 40 % 2 else -0.0008
        program.change(replace(program.scan, pose=handling.moved(program.scan.pose, "up", step)))

    hands: dict[str, Callable[[int], None]] = {
        "still": lambda _: None,
        "probe slides": slide,
        "eye goes round": lambda _: program.change(handling.orbited(program.scan, 0.004, 0.0)),
        "inside": lambda _: None,
    }
    watch = Stopwatch(window)
    watch.round(SETTLE_S, hands["still"])
    for name, hand in hands.items():
        if name == "inside":
            program.see(Command.INSIDE)
            watch.round(SETTLE_S, hand)
        rounds = [watch.round(seconds, hand) for _ in range(ROUNDS)]
        rates = sorted(rate for rate, _worked, _parts in rounds)
        worked = statistics.median(worked for _rate, worked, _parts in rounds)
        parts = {part: statistics.median(each[2][part] for each in rounds) for part in PARTS}
        parts["interface"] = worked - sum(parts.values())
        spent = ", ".join(f"{part} {ms:.1f}" for part, ms in parts.items() if ms > 0.05)
        print(
            f"{name:15s} {statistics.median(rates):5.1f} frames/s ({rates[0]:.1f}-{rates[-1]:.1f}), "
            f"processor {worked:.1f} ms a frame: {spent}; quality {window.pictures.quality}",
            flush=True,
        )
    window.close()


if __name__ == "__main__":
    main(*sys.argv[1:2], *(float(one) for one in sys.argv[2:3]))
