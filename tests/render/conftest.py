"""A probe on a flat test body, and what is measured in its echo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import moderngl
import numpy as np
import numpy.typing as npt
import pytest

from simulator.anatomy.slab import slab_body
from simulator.geometry import Placement, rotation_matrix
from simulator.pathology.fields import FindingFields, healthy
from simulator.patient import Patient
from simulator.physiology.respiration import Respiration
from simulator.probe import PRESETS, TRANSDUCERS, Settings
from simulator.render.renderer import UltrasoundRenderer

Array = npt.NDArray[np.float64]
# A hand on the slab: the skin is the plane y = 0, the marker points to +z.
X, Z = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])
AXES = np.stack([X, np.cross(Z, X), Z], axis=1)


def slab_placement(fan_deg: float = 0.0, along_m: float = 0.0, across_m: float = 0.0) -> Placement:
    """The probe on the slab, square to it unless fanned."""
    axes = rotation_matrix(AXES[:, 0], np.radians(fan_deg)) @ AXES
    face = along_m * AXES[:, 0] + across_m * AXES[:, 1]
    return Placement(tuple(face), tuple(map(tuple, axes)))


def slab_patient(
    change: Callable[[FindingFields, Array], FindingFields] | None = None, excursion_m: float = 0.0, **slab: object
) -> Patient:
    """A slab with findings made by `change(fields, points)`; it does not breathe unless told."""
    body = slab_body(**slab)  # type: ignore[arg-type]
    findings = healthy(body.grid)
    if change is not None:
        findings = change(findings, body.grid.points_m().astype(np.float64))
    return Patient(body, findings, Respiration(excursion_m=excursion_m), seed=11)


def with_traps(density: Callable[[Array], Array]) -> Callable[[FindingFields, Array], FindingFields]:
    """Findings whose trap density is a function of the points (..., 3)."""

    def change(findings: FindingFields, points: Array) -> FindingFields:
        lung = findings.lung.copy()
        lung[..., 0] = density(points)
        return replace(findings, lung=lung)

    return change


@dataclass
class Bench:
    """Draws slabs and returns their echo."""

    renderer: UltrasoundRenderer
    probe: str = "convex"

    def iq(
        self,
        patient: Patient,
        placement: Placement | None = None,
        settings: Settings | None = None,
        time_s: float = 0.0,
        frame_index: int = 0,
    ) -> npt.NDArray[np.complex64]:
        """(lines, samples) complex echo."""
        with self.renderer.ctx:
            self.renderer.draw(
                patient.at(time_s), placement or slab_placement(), TRANSDUCERS[self.probe],
                settings or PRESETS[self.probe], frame_index, (320, 320),
            )  # fmt: skip
            return self.renderer.read_iq()

    def target(self, name: str) -> npt.NDArray[np.float32]:
        """An intermediate target of the last frame."""
        with self.renderer.ctx:
            return self.renderer.read_target(name)


@pytest.fixture(scope="session")
def bench(gl_context: moderngl.Context) -> Bench:
    with gl_context:
        return Bench(UltrasoundRenderer(gl_context))


@pytest.fixture(scope="session")
def linear_bench(bench: Bench) -> Bench:
    return Bench(bench.renderer, "linear")


def level_db(iq: npt.NDArray[np.complex64]) -> float:
    """Mean power in dB."""
    return float(10.0 * np.log10(np.mean(np.abs(iq) ** 2) + 1e-30))
