"""How much is seen of each layer of the patient, and how it changes: calmly when switched, at once when dragged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.app.state import FADES, ScanState

FADE_S = 0.35  # from whole to gone ([P])
_GONE = 0.02


def opened(scan: ScanState, on: bool) -> ScanState:
    """Look under the skin, or stop: the skin fades from whole to what it was set to."""
    if not on:
        return replace(scan, show_inside=False)
    return replace(scan, show_inside=True, fades={**scan.fades, "skin": 1.0})


def toggled(goals: Mapping[str, float], name: str) -> dict[str, float]:
    """A layer gone if it was seen, otherwise as much of it as is usual."""
    return {**goals, name: 0.0 if goals[name] > _GONE else FADES[name] or 1.0}


def slid(scan: ScanState, name: str, share: float) -> ScanState:
    """So much of a layer, from now on."""
    fade = min(1.0, max(0.0, share))
    fade = 0.0 if fade < _GONE else 1.0 if fade > 1.0 - _GONE else fade
    return replace(scan, fades={**scan.fades, name: fade}, fade_goals={**scan.fade_goals, name: fade})


def passed(scan: ScanState, delta_s: float) -> ScanState:
    """The scan after `delta_s`: every layer nearer to what it was switched to."""
    if scan.fades == scan.fade_goals:
        return scan
    most = delta_s / FADE_S
    fades = {name: now + min(most, max(-most, scan.fade_goals[name] - now)) for name, now in scan.fades.items()}
    return replace(scan, fades=fades)
