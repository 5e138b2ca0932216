"""Scenes with known answers for the tests of assessment: a slab of chest wall over lung, painted findings."""

from __future__ import annotations

import numpy as np

from simulator.anatomy.slab import slab_body
from simulator.anatomy.zones import ZONES
from simulator.assessment.pleural_line import PlaneFindings
from simulator.assessment.truth import Truth, View, ZoneTruth
from simulator.geometry import Placement, rotation_matrix
from simulator.pathology.fields import FAR_M, FindingFields, empty_space
from simulator.patient import Patient
from simulator.physiology.respiration import Respiration

PLEURA_M = 0.020
# The probe looks along -y; marker (x) cranial, so z cross x leaves y to the patient's left.
UPRIGHT = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])


def placement(fan_deg=0.0, along_m=0.0, compression_m=0.0, lift_m=0.0, out_m=0.0):
    """The probe on the slab at z = `along_m`, fanned about its array, `out_m` above the skin."""
    rotation = UPRIGHT @ rotation_matrix((1.0, 0.0, 0.0), np.radians(fan_deg))
    return Placement(
        (0.0, out_m, along_m),
        tuple(map(tuple, rotation)),
        compression_m=compression_m,
        compressible_m=0.010,
        lift_m=lift_m,
    )


def slab_patient(
    *, bands_mm=(), density=0.9, lens_mm=None, fluid_mm=0.0, bronchus_mm=None, rough=0.0, rate=15.0, **slab
):
    """A slab patient. `bands_mm` are (low, high) ranges of z with traps; `lens_mm` (half width, depth) of airless lung
    below the pleura; `fluid_mm` a layer of fluid behind the pleura; `bronchus_mm` (low, high) depths of air."""
    body = slab_body(pleura_m=PLEURA_M, spacing_m=0.001 if bands_mm else 0.002, half_width_m=0.05, depth_m=0.12, **slab)
    grid = body.grid
    _x, y, z = grid.axes_m()
    lung = np.zeros((*grid.shape, 4), dtype=np.float32)
    for low, high in bands_mm:
        inside = np.minimum(z - low * 1e-3, high * 1e-3 - z) / grid.spacing_m + 0.5
        np.maximum(lung[..., 0], density * np.clip(inside, 0.0, 1.0)[:, None, None] / 0.9, out=lung[..., 0])
    lung[..., 1] = FAR_M
    if lens_mm is not None:
        half, deep = lens_mm[0] * 1e-3, lens_mm[1] * 1e-3
        box = np.maximum(np.abs(z)[:, None, None] - half, (-y - PLEURA_M - deep)[None, :, None])
        lung[..., 1] = np.clip(np.broadcast_to(box, grid.shape), -FAR_M, FAR_M)
    lung[..., 2] = rough
    lung[..., 3] = FAR_M
    if bronchus_mm is not None:
        air = np.maximum(-y - bronchus_mm[1] * 1e-3, bronchus_mm[0] * 1e-3 + y)  # between two depths, everywhere
        lung[..., 3] = np.clip(air, -FAR_M, FAR_M)[None, :, None]
    space = empty_space(grid)
    if fluid_mm:
        space[..., 0] = np.clip(-y - PLEURA_M - fluid_mm * 1e-3, -FAR_M, FAR_M)[None, :, None]
    fields = FindingFields(grid, lung.astype(np.float16), space)
    return Patient(body, fields, Respiration(rate_per_min=rate))


def made_truth(scores=None, signs=None):
    """A truth over all zones without a patient."""
    zones = {}
    for key in ZONES:
        value = (scores or {}).get(key, 0)
        shown = frozenset((signs or {}).get(key, {"a_lines"} if value == 0 else {"b_lines_separate"}))
        findings = PlaneFindings(pleura_visible_mm=30.0, n_b_lines=3 if value else 0)
        view = None if value is None else View(None, findings, value, shown)
        zones[key] = ZoneTruth(key, value, shown, frozenset(), view, 5)
    return Truth(zones)
