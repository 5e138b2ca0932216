"""Scenes with known answers: a probe on flat test bodies, and the echo that it gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.anatomy.phantom import Target, phantom_body
from simulator.anatomy.slab import slab_body
from simulator.bench.echoes import Echo
from simulator.geometry import Placement, rotation_matrix
from simulator.pathology.fields import FindingFields, healthy
from simulator.patient import Patient
from simulator.physiology.heart import Heart
from simulator.physiology.requests import Requests
from simulator.physiology.respiration import Respiration
from simulator.probe import PRESETS, TRANSDUCERS, Settings
from simulator.render.renderer import UltrasoundRenderer

Array = npt.NDArray[np.floating]
Change = Callable[[FindingFields, Array], FindingFields]

# A hand on the slab: the skin is the plane y = 0, the marker points to +z.
_X, _Z = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])
AXES = np.stack([_X, np.cross(_Z, _X), _Z], axis=1)
SIZE_PX = (320, 320)


def slab_placement(fan_deg: float = 0.0, along_m: float = 0.0, across_m: float = 0.0) -> Placement:
    """The probe on the slab, square to it unless fanned; shifted by metres along and across the array."""
    axes = rotation_matrix(AXES[:, 0], np.radians(fan_deg)) @ AXES
    x, y, z = along_m * AXES[:, 0] + across_m * AXES[:, 1]
    rows = tuple((float(a), float(b), float(c)) for a, b, c in axes)
    return Placement((float(x), float(y), float(z)), rows)


def slab_patient(change: Change | None = None, excursion_m: float = 0.0, seed: int = 11, **slab: Any) -> Patient:
    """A slab with findings made by `change(fields, points)`; it does not breathe unless told."""
    body = slab_body(**slab)
    findings = healthy(body.grid)
    if change is not None:
        findings = change(findings, body.grid.points_m().astype(np.float64))
    return Patient(body, findings, Respiration(excursion_m=excursion_m), seed=seed)


def with_traps(density: Callable[[Array], Array]) -> Change:
    """Findings whose trap density is a function of the points (..., 3)."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        lung = findings.lung.copy()
        lung[..., 0] = density(points)
        return replace(findings, lung=lung)

    return change


def strip(half_m: float = 0.002, centre_m: float = 0.0) -> Change:
    """Traps in a strip across the array, `half_m` to either side of `centre_m`."""
    return with_traps(lambda points: 0.95 * (np.abs(points[..., 2] - centre_m) <= half_m))


def flooded(depth_m: float = 1.0, pleura_m: float = 0.020) -> Change:
    """Pleural fluid down to `depth_m` below the pleura."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        space = findings.space.copy()
        space[..., 0] = np.clip(-points[..., 1] - pleura_m - depth_m, -0.05, 0.05)
        return replace(findings, space=space)

    return change


def block_patient(targets: tuple[Target, ...] | None = None) -> Patient:
    """A test block; `slab_placement` puts the probe on the middle of its top."""
    body = phantom_body(targets)
    return Patient(body, healthy(body.grid), Respiration(excursion_m=0.0), Heart(0.0), seed=11)


@dataclass
class EchoBench:
    """Draws scenes and returns their echo. Its GL context need not be the current one."""

    renderer: UltrasoundRenderer
    probe: str = "convex"

    @property
    def preset(self) -> Settings:
        """The probe's lung preset."""
        return PRESETS[self.probe]

    def iq(
        self,
        patient: Patient,
        placement: Placement | None = None,
        settings: Settings | None = None,
        time_s: float = 0.0,
        frame_index: int = 0,
        requests: Requests = (),
    ) -> Echo:
        """(lines, samples) complex echo before TGC."""
        with self.renderer.ctx:
            self.renderer.draw(
                patient.at(time_s, requests), placement or slab_placement(), TRANSDUCERS[self.probe],
                settings or self.preset, frame_index, SIZE_PX,
            )  # fmt: skip
            return self.renderer.read_iq()

    def noise(self, patient: Patient, placement: Placement | None = None, settings: Settings | None = None) -> Array:
        """(lines, samples) mean power of the electronic noise: half of what two frames of the same scene differ by."""
        one, other = (self.iq(patient, placement, settings, frame_index=index) for index in (101, 202))
        return np.asarray(0.5 * np.abs(one - other) ** 2)

    def blurred(self, echo: Echo, patient: Patient, settings: Settings) -> Echo:
        """(lines, samples) what the point spread makes of an echo that is given instead of a body's."""
        self.iq(patient, settings=settings)
        with self.renderer.ctx:
            return self.renderer.blur(echo)

    def target(self, name: str) -> npt.NDArray[np.float32]:
        """An intermediate target of the last frame, (lines, ..., components)."""
        with self.renderer.ctx:
            return self.renderer.read_target(name)
