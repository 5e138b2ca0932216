"""How well the probe was handled: coverage, dwell, beam angle, contact and knobs, from the track of an examination."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.anatomy.arms import Stance, stance
from simulator.anatomy.body import Body
from simulator.anatomy.contact import TOUCH_PRESSURE, place
from simulator.anatomy.zones import ZONES, zone_at
from simulator.assessment.plane import plane_truth
from simulator.assessment.pleural_line import SQUARE_DEG
from simulator.assessment.rubric import Rubric
from simulator.assessment.wording import Wording, wording
from simulator.geometry import Placement, Pose
from simulator.messages import N_
from simulator.patient import Patient
from simulator.probe import TRANSDUCERS, Settings, scan_lines
from simulator.units import CM, MM

DWELL_S = 6.0  # shorter clips miss B-lines [V15]
PLEURA_MM = 5.0  # visible pleura that makes a view worth counting [P]
CONTACT_SHARE = 0.5  # of the lines that must be coupled for the view to count as in contact [P]
FOCUS_CM = 1.5  # the focus may be this far from the pleural line; [V11] puts it there, the tolerance is [P]
FREQUENCY_MHZ = {
    "convex": (2.0, 5.0),
    "linear": (5.0, 13.0),
    "phased": (2.0, 5.0),
    "micro_convex": (3.0, 8.0),
}  # [V13c, V13d, P]
# Depth in cm: 6-8 anterior and lateral [V11], about 10 for the parenchyma [V13e]; deeper behind where consolidation or
# fluid may lie [V11], up to 15-20 at the bases [V13]; 3 and a little more for the linear probe [V13, P].
DEPTH_CM = {"anterior": (6.0, 10.0), "lateral": (6.0, 12.0), "posterior": (6.0, 16.0)}
DEPTH_BASE_CM = (6.0, 20.0)  # lateral and posterior lower zones
DEPTH_LINEAR_CM = (3.0, 6.0)
LOOK_S = 0.7  # a moving probe is looked at this often; what it shows in between is taken to be the same [P]
SHARE_WANTED = 0.8  # of the time for full points on a knob; less earns in proportion [P]
RADIUS_MM = 120.0  # of a chest, near enough to turn an azimuth into a distance on the skin [P]


@dataclass(frozen=True)
class TrackPoint:
    """Probe and knobs from `time_s` on, until the next point."""

    time_s: float
    pose: Pose
    probe: str
    settings: Settings
    frozen: bool = False
    posture: str | None = None  # None: as the case has it
    arms: str | None = None  # None: as usual in the posture


@dataclass(frozen=True)
class ZoneTechnique:
    """Seconds spent on one zone: with a usable view, and of those with the beam square to the pleura."""

    viewed_s: float = 0.0
    square_s: float = 0.0


@dataclass(frozen=True)
class Technique:
    """Acquisition metrics. Shares 0..1 are of the time on any zone (`on_zones_s`)."""

    zones: dict[str, ZoneTechnique] = field(default_factory=dict)
    total_s: float = 0.0
    on_zones_s: float = 0.0
    contact_share: float = 0.0
    depth_share: float = 0.0
    focus_share: float = 0.0
    frequency_share: float = 0.0

    def zone(self, key: str) -> ZoneTechnique:
        """Metrics of one zone; zeros where it was never touched."""
        return self.zones.get(key, ZoneTechnique())


@dataclass(frozen=True)
class _View:
    zone: str | None
    contact: bool
    pleura_mm: float
    incidence_deg: float
    pleura_cm: float  # depth of the pleural line, nan where it is not seen


def technique(
    track: Sequence[TrackPoint],
    patient: Patient,
    end_s: float | None = None,
    placer: Callable[[Body, Pose], Placement] = place,
    turned: Mapping[Stance, Patient] | None = None,
) -> Technique:
    """Metrics of a track, in time order; `end_s` ends the last point. Frozen time counts for nothing.

    `placer` resolves a pose on the body. `turned` has the patient in other stances: where the probe lies is found on
    the body of the moment; without it, or where a stance is missing, on `patient`.
    """
    seen: dict[tuple[float | str, ...], _View] = {}
    zones: dict[str, list[float]] = {}
    share = {"contact": 0.0, "depth": 0.0, "focus": 0.0, "frequency": 0.0}
    on_zones = total = seeing = 0.0
    view: _View | None = None
    looked_s: float = 0.0
    held: tuple[str, bool, Stance] = ("", False, ("", ""))
    ends = [*(point.time_s for point in track[1:]), end_s if end_s is not None else (track[-1].time_s if track else 0)]
    for point, end in zip(track, ends, strict=True):
        hold = max(0.0, end - point.time_s)
        total += hold
        if hold <= 0.0 or point.frozen:
            continue
        lifted = point.pose.pressure <= TOUCH_PRESSURE
        rests = hold >= LOOK_S
        now = (point.probe, lifted, stance(point.posture or patient.posture, point.arms or ""))
        if view is None or rests or point.time_s - looked_s >= LOOK_S or now != held:
            there = (turned or {}).get(now[2], patient)
            view, looked_s, held = _view(point, there, placer, seen), point.time_s, now
        if view.zone is None:
            continue
        on_zones += hold
        share["contact"] += hold * view.contact
        share["depth"] += hold * _within(point.settings.depth_cm, depth_range_cm(view.zone, point.probe))
        share["frequency"] += hold * _within(point.settings.frequency_mhz, FREQUENCY_MHZ[point.probe])
        if not (view.contact and view.pleura_mm >= PLEURA_MM):
            continue
        seeing += hold
        share["focus"] += hold * (abs(point.settings.focus_cm - view.pleura_cm) <= FOCUS_CM)
        spent = zones.setdefault(view.zone, [0.0, 0.0])
        spent[0] += hold
        spent[1] += hold * (view.incidence_deg <= SQUARE_DEG)

    def part(name: str, whole: float) -> float:
        return share[name] / whole if whole > 0.0 else 0.0

    return Technique(
        {key: ZoneTechnique(*zones[key]) for key in ZONES if key in zones},
        total, on_zones, part("contact", on_zones), part("depth", on_zones), part("focus", seeing),
        part("frequency", on_zones),
    )  # fmt: skip


def depth_range_cm(zone: str, probe: str) -> tuple[float, float]:
    """Sensible display depths for a zone and a probe, centimetres."""
    if probe == "linear":
        return DEPTH_LINEAR_CM
    where = ZONES[zone]
    return DEPTH_BASE_CM if where.level == "lower" and where.region != "anterior" else DEPTH_CM[where.region]


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] - 1e-6 <= value <= limits[1] + 1e-6


def _view(
    point: TrackPoint,
    patient: Patient,
    placer: Callable[[Body, Pose], Placement],
    seen: dict[tuple[float | str, ...], _View],
) -> _View:
    """What the plane at a point shows at end-expiration; poses within 2 mm and 1 degree share one answer."""
    p = point.pose
    angles = np.degrees([p.rotate_rad, p.fan_rad, p.rock_rad])
    skin_mm = (p.azimuth_rad * RADIUS_MM, p.height_m / MM, p.slide_along_m / MM, p.slide_across_m / MM)
    rounded = [float(round(v)) for v in (*angles, *(v / 2.0 for v in skin_mm), p.pressure * 10.0)]
    held = (patient.posture, patient.arms, point.probe)
    key: tuple[float | str, ...] = (*held, round(point.settings.depth_cm), *rounded)
    if key not in seen:
        placement = placer(patient.body, p)
        face = np.asarray(placement.face_torso)
        zone = zone_at(float(patient.body.azimuth_rad(face)), float(patient.body.height_fraction(face)))
        settings = point.settings.replace(lines=48)
        plane = plane_truth(
            patient.at(0.0), placement, scan_lines(TRANSDUCERS[point.probe], settings), settings.samples, labels=False
        )
        visible = plane.pleural_line.visible
        depth = float(np.median(plane.pleura_depth_m[visible])) / CM if visible.any() else float("nan")
        contact = float(plane.coupled.mean()) >= CONTACT_SHARE
        seen[key] = _View(zone, contact, plane.findings.pleura_visible_mm, plane.findings.incidence_deg, depth)
    return seen[key]


@dataclass(frozen=True)
class TechniqueItem:
    """One line of the acquisition marks, before points: `fraction` 0..1 of `max_points`."""

    key: str
    zone: str | None
    title: str
    expected: tuple[str, ...]
    given: tuple[str, ...]
    fraction: float
    max_points: float
    reasons: tuple[Wording, ...]


def technique_items(found: Technique, rubric: Rubric) -> list[TechniqueItem]:
    """The acquisition marks of all twelve zones and of the knobs."""
    items: list[TechniqueItem] = []
    for key in ZONES:
        spent = found.zone(key)
        items.append(TechniqueItem(
            f"{key}.dwell", key, N_("Time on the zone"), (f"≥ {DWELL_S:g} s",), (f"{spent.viewed_s:.1f} s",),
            min(1.0, spent.viewed_s / DWELL_S), rubric.dwell_points,
            (wording(N_("A clip of at least {seconds} s with pleura in view; shorter ones miss B-lines."),
                     seconds=DWELL_S),)))  # fmt: skip
        items.append(TechniqueItem(
            f"{key}.square", key, N_("Beam square to the pleura"), (f"≥ {DWELL_S:g} s, ±{SQUARE_DEG:g}°",),
            (f"{spent.square_s:.1f} s",), min(1.0, spent.square_s / DWELL_S), rubric.square_points,
            (wording(N_("Off the perpendicular the pleural line blurs and A-lines fade; at least {seconds} s square to "
                        "it earn full points."), seconds=DWELL_S),)))  # fmt: skip
    knobs = (
        ("depth", N_("Depth"), found.depth_share, rubric.depth_points,
         N_("6-10 cm in front, more at the back and the bases; 3-6 cm with the linear probe.")),
        ("focus", N_("Focus"), found.focus_share, rubric.focus_points, N_("One focal zone at the pleural line.")),
        ("frequency", N_("Frequency"), found.frequency_share, rubric.frequency_points,
         N_("2-5 MHz with the convex probe, 5-13 MHz with the linear one.")),
        ("contact", N_("Contact"), found.contact_share, rubric.contact_points,
         N_("The whole face on the skin, with gel and a steady hand.")),
    )  # fmt: skip
    for name, title, share, points, rule in knobs:
        items.append(TechniqueItem(
            name, None, title, (f"≥ {100 * SHARE_WANTED:.0f} %",), (f"{100 * share:.0f} %",),
            min(1.0, share / SHARE_WANTED), points,
            (wording(rule), wording(N_("Shown: share of the time on the zones.")))))  # fmt: skip
    return items
