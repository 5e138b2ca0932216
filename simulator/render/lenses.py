"""Which small airless lenses can the image plane meet, and on which lines? Shaders look at no others. No GL here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.geometry import Placement
from simulator.pathology.lenses import radius_m
from simulator.patient import PatientState
from simulator.probe import LOOK_ANGLES_RAD, Settings, Transducer, scan_lines
from simulator.render.blocks import LENSES, LINES_A_STRIP, MOST_LENSES, empty_record

Array = npt.NDArray[np.floating]


def lens_record(
    state: PatientState, placement: Placement, transducer: Transducer, settings: Settings, look: int = 0
) -> npt.NDArray[np.void]:
    """The lenses near the image plane, in the order in which its lines meet them, and which of them each strip of lines
    meets. Of more than MOST_LENSES the nearest count; the others are missing in the picture, in the truth none is."""
    out = empty_record(LENSES)
    near = lenses_near(state, placement, transducer.span_m + settings.samples * settings.sample_spacing_m)[:MOST_LENSES]
    if not len(near):
        return out
    met = _met(near, state, placement, transducer, settings, look)
    order = np.argsort(met @ np.arange(met.shape[1]) / np.maximum(met.sum(axis=1), 1), kind="stable")
    out["lenses"][: 3 * len(near)] = near[order].reshape(-1, 4)
    for strip in range(-(-settings.lines // LINES_A_STRIP)):
        there = np.flatnonzero(met[order, strip * LINES_A_STRIP : (strip + 1) * LINES_A_STRIP].any(axis=1))
        if there.size:
            out["lens_strips"][strip, :2] = there[0], there[-1] + 1
    return out


def lenses_near(state: PatientState, placement: Placement, reach_m: float) -> npt.NDArray[np.float32]:
    """(n, 3, 4) the patient's lenses that the image plane can meet within `reach_m` of the face, the nearest first.

    How far breath and heart have moved each is not looked up: all of the way from where it rests to the most that any
    part of the lung is moved by counts.
    """
    lenses, moved_m = state.patient.findings.lenses, state.farthest_lung_descent_m
    away = lenses[:, 0, :3].astype(np.float64) - np.asarray(placement.face_torso)
    across, radius = placement.rotation[:, 1], radius_m(lenses, moved_m)
    gap = _least(away @ across, away @ across - moved_m * across[2]) - radius
    met = np.flatnonzero(
        (gap < 0.0) & (np.linalg.norm(away, axis=-1) < reach_m + placement.compression_m + moved_m + radius)
    )
    return np.asarray(lenses[met[np.argsort(gap[met], kind="stable")]])


def _least(one: Array, other: Array) -> Array:
    """The least distance on the way from one signed distance to another (...)."""
    return np.where(one * other < 0.0, 0.0, np.minimum(np.abs(one), np.abs(other)))


def _met(
    lenses: Array, state: PatientState, placement: Placement, transducer: Transducer, settings: Settings, look: int
) -> npt.NDArray[np.bool_]:
    """Which lines (n, lines) of a look can meet each lens."""
    scan, angle = scan_lines(transducer, settings), LOOK_ANGLES_RAD[look]
    dx, dz = scan.directions[:, 0], scan.directions[:, 2]
    dx, dz = dx * np.cos(angle) + dz * np.sin(angle), dz * np.cos(angle) - dx * np.sin(angle)
    axes, moved_m = placement.rotation, state.farthest_lung_descent_m
    away = lenses[:, 0, :3].astype(np.float64) - np.asarray(placement.face_torso)
    sides = []
    for shift in (0.0, moved_m):
        at = (away - np.array([0.0, 0.0, shift])) @ axes
        x = at[:, :1] - scan.origins_m[:, 0]
        z = at[:, 2:] + placement.lift_m - scan.origins_m[:, 2]
        sides.append(x * dz - z * dx)
    return np.asarray(_least(*sides) < radius_m(lenses, moved_m)[:, None])
