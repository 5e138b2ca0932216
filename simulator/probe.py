"""The machine: transducer models, console settings and presets, and the scan lines that they make."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.errors import BadInputError
from simulator.geometry import Placement
from simulator.units import CM, MHZ, MM, SPEED_OF_SOUND_M_S

SKIN_YIELDS_M = 5.0 * MM  # how far skin is drawn to a curved face that is held against it ([P])
GEL_LIMIT_M = 8.0 * MM  # gel fills gaps between face and skin up to this; beyond, no contact ([P])


@dataclass(frozen=True)
class Transducer:
    """One probe. Geometry after real element tables (clinical.md D.5)."""

    key: str
    kind: str  # "convex", "linear" or "phased"
    frequency_hz: float  # centre frequency of the lung preset
    frequency_range_hz: tuple[float, float]
    bandwidth_fraction: float  # -6 dB, two-way
    elements: int
    pitch_m: float
    radius_m: float  # inf for a flat face
    elevation_aperture_m: float
    elevation_focus_m: float
    steered_rad: float = 0.0  # sector over which a flat face steers its beams
    behind_face_m: float = math.inf  # from which they seem to fan out behind the middle of that face

    @property
    def arc_m(self) -> float:
        """Length of the active face along the array."""
        return self.elements * self.pitch_m

    @property
    def apex_m(self) -> float:
        """How far behind the middle of the face the scan lines meet; inf where they are parallel."""
        return self.behind_face_m if self.steered_rad > 0.0 else self.radius_m

    @property
    def field_of_view_rad(self) -> float:
        """Opening angle of the full sector; 0 where the lines are parallel."""
        return self.steered_rad if math.isinf(self.radius_m) else self.arc_m / self.radius_m

    @property
    def span_m(self) -> float:
        """Length that the lines of the full sector are spread over, counted `apex_m` from where they meet."""
        return self.arc_m if math.isinf(self.apex_m) else self.field_of_view_rad * self.apex_m


# Convex: C5-2v class, 3.5 MHz, radius 49.57 mm, 128 x 0.508 mm [V55]. Bandwidth 75 % as psf_reference.json.
CONVEX = Transducer("convex", "convex", 3.5 * MHZ, (2.0 * MHZ, 5.0 * MHZ), 0.75, 128, 0.508 * MM, 49.57 * MM,
                    13.5 * MM, 60.0 * MM)  # fmt: skip
# Linear: L12-3v class, 192 x 0.2 mm [V55]; 8 MHz for the lung, bandwidth 75 % as psf_reference.json.
LINEAR = Transducer("linear", "linear", 8.0 * MHZ, (5.0 * MHZ, 12.0 * MHZ), 0.75, 192, 0.2 * MM, math.inf,
                    5.0 * MM, 20.0 * MM)  # fmt: skip
# Micro-convex: radius of 10-15 mm and a footprint of 1 x 2 cm [V2]; the numbers within that are [P].
MICRO_CONVEX = Transducer("micro_convex", "convex", 5.0 * MHZ, (3.0 * MHZ, 8.0 * MHZ), 0.75, 128, 0.18 * MM, 13.0 * MM,
                          8.0 * MM, 40.0 * MM)  # fmt: skip
# Phased: P4-2v class, 64 x 0.3 mm at 2.72 MHz, bandwidth 74 % [V55]; sector of 90 degrees, lines from 4 mm behind [P].
PHASED = Transducer("phased", "phased", 2.72 * MHZ, (2.0 * MHZ, 4.0 * MHZ), 0.74, 64, 0.3 * MM, math.inf,
                    14.0 * MM, 60.0 * MM, math.radians(90.0), 4.0 * MM)  # fmt: skip

TRANSDUCERS: dict[str, Transducer] = {t.key: t for t in (CONVEX, LINEAR, MICRO_CONVEX, PHASED)}


GREY_MAPS = ("linear", "soft", "hard")
SMOOTHINGS = ("off", "low", "high")
TRANSMIT_LINES = {"low": 96, "medium": 128, "high": 192}  # over the full sector; 128 as in clinical.md D.6, else [P]
LOOK_ANGLES_RAD = (0.0, -math.radians(8.0), math.radians(8.0))  # of spatial compounding ([P])


@dataclass(frozen=True)
class Settings:
    """The console, in clinical units because a person turns these knobs. `replace` checks ranges."""

    depth_cm: float = 10.0
    frequency_mhz: float = 3.5
    gain_db: float = 0.0
    tgc_db: tuple[float, ...] = (0.0,) * 8  # eight sliders, shallow to deep
    focus_cm: float = 2.5
    focal_zones: int = 1  # transmits a line, each with its own focus; more are slower and distort vertical artefacts
    power_db: float = 0.0  # output power re full: lowers the echo and not the electronic noise
    sector_percent: float = 100.0  # share of the sector, or of a flat face, that is scanned
    line_density: str = "medium"
    dynamic_range_db: float = 60.0
    lines: int = 192  # of the computed picture, its quality; how many are transmitted says `line_density`
    samples: int = 640
    compounding: bool = False  # three steered looks averaged: smoother, slower, and hard on vertical artefacts
    harmonics: bool = False  # image with the second harmonic: less clutter, weaker B-lines
    grey_map: str = "linear"
    smoothing: str = "low"  # speckle reduction on the screen; off shows the grain as it was detected
    persistence: float = 0.0  # share of the last image that stays; the picture then has a history

    @property
    def looks(self) -> int:
        """Transmissions a line: one for each steered look."""
        return len(LOOK_ANGLES_RAD) if self.compounding else 1

    @property
    def focus_depths_cm(self) -> tuple[float, ...]:
        """Depths of the focal zones, shallow to deep: spread evenly about the focus, which is their mean."""
        n = self.focal_zones
        return tuple(2.0 * self.focus_cm * (i + 1) / (n + 1) for i in range(n))

    @property
    def transmit_lines(self) -> float:
        """Scan lines that are transmitted in a look: those of the density, over the share of the sector."""
        return TRANSMIT_LINES[self.line_density] * self.sector_percent / 100.0

    @property
    def sample_spacing_m(self) -> float:
        """Distance between neighbouring samples of a scan line."""
        return self.depth_cm * CM / self.samples

    @property
    def sample_depths_m(self) -> npt.NDArray[np.float64]:
        """(samples,) depth of each sample below the face."""
        return np.asarray((np.arange(self.samples) + 0.5) * self.sample_spacing_m)

    def replace(self, **changes: Any) -> Settings:
        """These settings with some changed; a value out of range is a BadInputError that names the range."""
        known = {f.name for f in fields(self)}
        if unknown := set(changes) - known:
            raise BadInputError(f"settings: unknown {sorted(unknown)}; known are {sorted(known)}")
        for name, value in changes.items():
            if name in ("compounding", "harmonics"):
                changes[name] = bool(value)
                continue
            if name in SETTING_CHOICES:
                if value not in SETTING_CHOICES[name]:
                    choices = ", ".join(SETTING_CHOICES[name])
                    raise BadInputError(f"settings: {name} is {value!r}, must be one of {choices}")
                continue
            if name == "tgc_db":
                if len(value) != 8 or any(not -20.0 <= v <= 20.0 for v in value):
                    raise BadInputError("settings: tgc_db must be eight values of -20 to 20 dB")
                changes[name] = tuple(float(v) for v in value)
                continue
            low, high = SETTING_RANGES[name]
            if not low <= value <= high:
                raise BadInputError(f"settings: {name} is {value}, must be {low:g} to {high:g}")
            if name == "focal_zones" and value != int(value):
                raise BadInputError(f"settings: focal_zones is {value}, must be a whole number")
        return replace(self, **changes)


SETTING_RANGES: dict[str, tuple[float, float]] = {
    "depth_cm": (3.0, 24.0),
    "frequency_mhz": (2.0, 12.0),
    "gain_db": (-30.0, 30.0),
    "focus_cm": (0.5, 20.0),
    "focal_zones": (1, 4),
    "power_db": (-20.0, 0.0),
    "sector_percent": (30.0, 100.0),
    "dynamic_range_db": (30.0, 90.0),
    "lines": (32, 512),
    "samples": (64, 2048),
    "persistence": (0.0, 0.9),
}
SETTING_CHOICES: dict[str, tuple[str, ...]] = {
    "grey_map": GREY_MAPS,
    "line_density": tuple(TRANSMIT_LINES),
    "smoothing": SMOOTHINGS,
}

# Wrong for the lung on purpose: compounding and harmonics blur and weaken B-lines, the focus lies deep ([V11], [V12]).
ABDOMEN = Settings(depth_cm=14.0, focus_cm=7.0, compounding=True, harmonics=True, persistence=0.4)
BASE = Settings(depth_cm=16.0, focus_cm=5.0)  # diaphragm and effusion: 15-20 cm to begin with [V13]

# Lung presets: 3.5 MHz, 10 cm, focus at the pleura, 60 dB (clinical.md A.5 [P]); reference preset of the truth.
PRESETS: dict[str, Settings] = {
    "convex": Settings(),
    "linear": Settings(depth_cm=5.0, frequency_mhz=8.0, focus_cm=2.0),
    "micro_convex": Settings(frequency_mhz=5.0),
    "phased": Settings(depth_cm=12.0, frequency_mhz=2.72),
}

# What the console offers by name (clinical.md A.5 [P]): the probe and its knobs.
NAMED_PRESETS: dict[str, tuple[str, Settings]] = {
    "Lung-convex": ("convex", PRESETS["convex"]),
    "Lung-linear": ("linear", PRESETS["linear"]),
    "Lung-micro-convex": ("micro_convex", PRESETS["micro_convex"]),
    "Lung-phased": ("phased", PRESETS["phased"]),
    "Abdomen": ("convex", ABDOMEN),
    "Base": ("convex", BASE),
}


@dataclass(frozen=True)
class ScanLines:
    """The scan lines in the probe frame: `origins_m` (lines, 3) on the face, `directions` (lines, 3) unit vectors.

    Line 0 is at the marker's side (+x), which is the left of the screen. `gap_m` (lines,) is how far, along each line,
    the face stands off a flat skin that its middle touches.
    """

    origins_m: npt.NDArray[np.float64]
    directions: npt.NDArray[np.float64]
    sample_spacing_m: float
    gap_m: npt.NDArray[np.float64]

    def bridged_gap_m(self, placement: Placement) -> npt.NDArray[np.float64]:
        """(lines,) the part of `gap_m` that skin bridges when the probe is held like this; none when it is lifted."""
        return np.minimum(self.gap_m, 0.0 if placement.lift_m > 0.0 else bridged_limit_m(placement))


def bridged_limit_m(placement: Placement) -> float:
    """The widest gap to a curved face that skin bridges: it yields, and it is drawn as the probe sinks in."""
    return min(placement.compression_m + SKIN_YIELDS_M, 0.7 * placement.compressible_m)


def scanned_span_m(transducer: Transducer, settings: Settings) -> float:
    """Length that the scan lines are spread over, counted as `Transducer.span_m`."""
    return transducer.span_m * settings.sector_percent / 100.0


def scan_lines(transducer: Transducer, settings: Settings) -> ScanLines:
    """Scan lines of a transducer; the middle of its face is at the probe frame's origin."""
    n, apex = settings.lines, transducer.apex_m
    s = (0.5 - (np.arange(n) + 0.5) / n) * scanned_span_m(transducer, settings)  # marker side positive
    zero = np.zeros(n)
    if math.isinf(apex):
        origins = np.stack([s, zero, zero], axis=-1)
        directions = np.stack([zero, zero, np.ones(n)], axis=-1)
    else:
        phi = s / apex
        directions = np.stack([np.sin(phi), zero, np.cos(phi)], axis=-1)
        if math.isinf(transducer.radius_m):  # steered from a flat face
            origins = np.stack([apex * np.tan(phi), zero, zero], axis=-1)
        else:
            origins = transducer.radius_m * (directions - np.array([0.0, 0.0, 1.0]))
    gap = -origins[:, 2] / directions[:, 2]
    return ScanLines(origins, directions, settings.sample_spacing_m, gap)


def frame_rate_hz(settings: Settings) -> float:
    """Frame rate that sound allows: c / (2 depth) for each line, look and focal zone, no overhead (clinical.md D.6)."""
    transmits = settings.transmit_lines * settings.looks * settings.focal_zones
    return SPEED_OF_SOUND_M_S / (2.0 * settings.depth_cm * CM * transmits)
