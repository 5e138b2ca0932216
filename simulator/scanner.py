"""A probe on a patient without a window: joins the image and the truth. The library interface of the simulator."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import beam_table
from simulator.acoustics.display import grey_level, tgc_db
from simulator.anatomy.contact import place
from simulator.anatomy.windows import zone_pose
from simulator.anatomy.zones import ZONES
from simulator.assessment.plane import PlaneTruth, plane_truth
from simulator.errors import BadInputError
from simulator.geometry import Placement, Pose, shown_depth_m, uncompressed_depth_m
from simulator.patient import Patient
from simulator.physiology.requests import Requests
from simulator.probe import PRESETS, TRANSDUCERS, ScanLines, Settings, Transducer, bridged_limit_m, scan_lines
from simulator.render.context import headless_context
from simulator.render.renderer import UltrasoundRenderer
from simulator.render.sector import ImageGeometry, image_geometry
from simulator.scenario.build import build
from simulator.scenario.load import Scenario, load_scenario

MMODE_RATE_HZ = 200.0  # M-mode lines a second, at least (image-formation.md)
MMODE_MARGIN_LINES = 8  # beside those of its aperture that the M-mode line depends on, for blur


@dataclass(frozen=True)
class FrameGeometry:
    """Where a frame lies in the body.

    `line_origins_m` (lines, 3) and `line_directions` (lines, 3) are in the torso frame: points on the probe face (on
    the skin, uncompressed), and unit vectors. `sample_spacing_m` is the displayed depth between samples.
    """

    placement: Placement
    image: ImageGeometry
    line_origins_m: npt.NDArray[np.float64]
    line_directions: npt.NDArray[np.float64]
    sample_spacing_m: float

    def pixel_to_torso(self, pixels: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Torso points (..., 3), metres, shown at pixels (..., 2) given as (column, row)."""
        arc, depth = self.image.line_through(self.image.to_plane(pixels))
        flat = np.zeros(np.shape(arc))
        direction = np.insert(self.image.direction(arc), 1, 0.0, axis=-1)
        origin = np.insert(self.image.on_line(arc, flat), 1, 0.0, axis=-1)
        p = self.placement
        gap = self._bridged(direction[..., 2])
        s = np.asarray(uncompressed_depth_m(depth, p.compressible_m, p.compression_m, gap))
        probe = origin + direction * s[..., None] - np.array([0.0, 0.0, p.lift_m])
        return np.asarray(np.asarray(p.face_torso) + probe @ p.rotation.T)

    def torso_to_pixel(self, points_torso: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Pixels (..., 2) as (column, row) where torso points (..., 3) appear, projected onto the image plane."""
        p = self.placement
        probe = (np.asarray(points_torso) - np.asarray(p.face_torso)) @ p.rotation + np.array([0.0, 0.0, p.lift_m])
        arc, depth = self.image.line_through(probe[..., [0, 2]])
        gap = self._bridged(self.image.direction(arc)[..., 1])
        shown = shown_depth_m(depth, p.compressible_m, p.compression_m, gap)
        return self.image.to_pixel(self.image.on_line(arc, shown))

    def _bridged(self, cosine: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Gap bridged by skin on lines at this cosine to the central beam."""
        p, radius = self.placement, self.image.face_radius_m
        if np.isinf(radius) or p.lift_m > 0.0:
            return np.zeros_like(cosine)
        return np.minimum(radius * (1.0 / cosine - 1.0), bridged_limit_m(p))


@dataclass(frozen=True)
class Frame:
    """One ultrasound frame.

    `image` (H, W) uint8; `envelope` (lines, samples) float32, linear, before TGC and gain, re liver at the output
    power that is set.
    """

    image: npt.NDArray[np.uint8]
    envelope: npt.NDArray[np.float32]
    geometry: FrameGeometry
    patient: Patient
    scan: ScanLines
    time_s: float
    requests: Requests = ()

    @cached_property
    def truth(self) -> PlaneTruth:
        """What the fields say about this plane, never read from pixels; computed when first asked for."""
        return plane_truth(
            self.patient.at(self.time_s, self.requests), self.geometry.placement, self.scan, self.envelope.shape[1]
        )


class Scanner:
    """A probe on a patient, headless: makes its own GL context.

    `patient` is a Scenario, a Patient, or the path or id of a scenario. A frame depends on patient, pose, time,
    settings and frame index alone; there is no hidden history.
    """

    def __init__(
        self,
        patient: Scenario | Patient | str | Path,
        probe: str = "convex",
        size_px: tuple[int, int] = (640, 640),
        progress: Callable[[str, float], None] | None = None,
    ) -> None:
        if isinstance(patient, str | Path):
            patient = load_scenario(patient)
        self.patient: Patient = patient if isinstance(patient, Patient) else build(patient, progress)
        self.size_px = size_px
        block = self.patient.body.phantom
        self.pose = Pose(azimuth_rad=0.6, height_m=-0.08) if block is None else next(iter(block.views.values()))
        self.transducer: Transducer
        self.settings: Settings
        self.use_probe(probe)
        self._ctx = headless_context()
        self._renderer = UltrasoundRenderer(self._ctx)

    def use_probe(self, probe: str) -> None:
        """Take another transducer, with its lung preset."""
        if probe not in TRANSDUCERS:
            raise BadInputError(f"probe: unknown {probe!r}; there are {', '.join(TRANSDUCERS)}")
        self.transducer = TRANSDUCERS[probe]
        self.settings = PRESETS[probe]

    def place(self, zone: str, intercostal: bool = False) -> None:
        """Put the probe at the centre of a zone, over an intercostal window, longitudinal, square to the pleura.

        On a test block `zone` is one of its views, and the marker points along the block.
        """
        block = self.patient.body.phantom
        if block is not None:
            if zone not in block.views:
                raise BadInputError(f"view: unknown {zone!r}; the test block has {', '.join(block.views)}")
            self.pose = block.views[zone].rotated(90.0 if intercostal else 0.0)
            return
        if zone not in ZONES:
            raise BadInputError(f"zone: unknown {zone!r}; there are {', '.join(ZONES)}")
        self.pose = zone_pose(self.patient.body, zone, intercostal)

    def placement(self) -> Placement:
        """Where the present pose puts the probe on this body."""
        return place(self.patient.body, self.pose)

    def frame(self, time_s: float = 0.0, frame_index: int = 0, requests: Requests = ()) -> Frame:
        """The frame at a time; `requests` are what the patient was asked to do with the breath."""
        placement = self.placement()
        state = self.patient.at(time_s, requests)
        with self._ctx:  # there may be other contexts in this process
            self._renderer.draw(state, placement, self.transducer, self.settings, frame_index, self.size_px)
            image, envelope = self._renderer.read_image(), np.abs(self._renderer.read_iq())
        scan = scan_lines(self.transducer, self.settings)
        return Frame(image, envelope, self._geometry(placement), self.patient, scan, time_s, requests)

    def clip(
        self, seconds: float = 4.0, fps: float = 30.0, start_s: float = 0.0, requests: Requests = ()
    ) -> Iterator[Frame]:
        """Frames at `fps` over `seconds`, one after the other."""
        for index in range(round(seconds * fps)):
            yield self.frame(start_s + index / fps, index, requests)

    def mmode(
        self, line: int, seconds: float = 4.0, rate_hz: float = MMODE_RATE_HZ, requests: Requests = ()
    ) -> npt.NDArray[np.uint8]:
        """(samples, times) uint8: grey of one scan line over time, `rate_hz` columns a second."""
        if not 0 <= line < self.settings.lines:
            raise BadInputError(f"mmode: line is {line}, must be 0 to {self.settings.lines - 1}")
        placement = self.placement()
        depth = self.settings.sample_depths_m
        widest = float(beam_table(self.transducer, self.settings).receive_half_lines.max())
        margin = math.ceil(widest) + MMODE_MARGIN_LINES
        first = max(0, line - margin)
        count = min(self.settings.lines, line + margin + 1) - first
        gain = tgc_db(self.settings, depth)
        columns = []
        for index in range(round(seconds * rate_hz)):
            state = self.patient.at(index / rate_hz, requests)
            with self._ctx:
                self._renderer.draw(
                    state, placement, self.transducer, self.settings, index, self.size_px, only=(first, count)
                )
                echo = self._renderer.read_iq()[line]
            level = 20.0 * np.log10(np.maximum(np.abs(echo), 1e-9)) + gain
            grey = grey_level(level, self.settings.dynamic_range_db, self.settings.grey_map)
            columns.append(np.round(255.0 * grey).astype(np.uint8))
        return np.stack(columns, axis=1)

    def _geometry(self, placement: Placement) -> FrameGeometry:
        scan = scan_lines(self.transducer, self.settings)
        rotation = placement.rotation
        lifted = scan.origins_m - np.array([0.0, 0.0, placement.lift_m])
        return FrameGeometry(
            placement,
            image_geometry(self.transducer, self.settings, self.size_px),
            np.asarray(placement.face_torso) + lifted @ rotation.T,
            scan.directions @ rotation.T,
            scan.sample_spacing_m,
        )

    def close(self) -> None:
        """Free the GL context; the scanner draws no more."""
        with self._ctx:
            self._renderer.release()
        self._ctx.release()

    def __enter__(self) -> Scanner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
