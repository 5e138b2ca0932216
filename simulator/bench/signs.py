"""Every sign of the lung: where it is seen, what to look at, and the measure that says that the picture shows it.

The tests demand each entry, the gallery draws it. Passing ranges are proposals [P] unless a source is named: numbers of
the picture that a person would call the sign. A sign's term is its line in GLOSSARY.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulator.bench import measures
from simulator.bench.views import Shot, View
from simulator.geometry import Pose
from simulator.reading import border, comets, fine_lines, mmode, organs, pleural_line, solid, wall

Measure = Callable[[Shot], float]

DEEP = {"depth_cm": 16.0, "focus_cm": 5.0}  # the bases: 15-20 cm to begin with [V13]
MANY = math.inf
HEART = Pose(azimuth_rad=-0.25, height_m=-0.11)  # beside the sternum on the left, where no lung covers the heart
PARASTERNAL = Pose(azimuth_rad=0.30, height_m=-0.11)  # over the right costal cartilages


@dataclass(frozen=True)
class SignEntry:
    """One sign. It is there where `low <= measure(shot) <= high`."""

    key: str
    term: str  # the English term of GLOSSARY.md
    look: str  # what to look at
    case: str
    view: View
    what: str  # what is measured
    measure: Measure
    unit: str
    low: float
    high: float
    probe: str = "convex"
    also: tuple[str, ...] = ()  # other probes with which the gallery shows it
    tile: str = "image"  # or "mmode": what the gallery shows
    unlike: tuple[tuple[str, View], ...] = ()  # cases and views that look alike and must not show the sign

    @property
    def control(self) -> str | None:
        """The case in which the same view must not show the sign; None for the signs of a normal body."""
        return None if self.case == NORMAL or self.term in OF_ANY_BODY else NORMAL

    def holds(self, value: float) -> bool:
        """Whether a measured value is the sign's."""
        return self.low <= value <= self.high

    @property
    def target(self) -> str:
        """The passing range in words."""
        if self.high == math.inf:
            return f">= {self.low:g}"
        return f"<= {self.high:g}" if self.low == -math.inf else f"{self.low:g} to {self.high:g}"


def _entry(key: str, term: str, look: str, case: str, view: View, what: str, measure: Measure, unit: str,
           low: float, high: float = MANY, probe: str = "convex", also: tuple[str, ...] = (), tile: str = "image",
           unlike: tuple[tuple[str, View], ...] = ()) -> SignEntry:  # fmt: skip
    return SignEntry(key, term, look, case, view, what, measure, unit, low, high, probe, also, tile, unlike)


OF_ANY_BODY = ("diaphragm", "Z-line", "lung sliding")
NORMAL, COVID, SEVERE = "normal_young_woman", "covid_moderate", "covid_severe"
BLOCKED, PUS, TRAUMA = "atelectasis_left", "empyema", "emphysema_trauma"
OEDEMA, LOBAR, FLUID, AIR = "cardiogenic_oedema", "lobar_pneumonia", "pleural_effusion", "pneumothorax_right"
EARLY, FIBROSIS = "covid_early", "pulmonary_fibrosis"
BOTH = ("linear",)
DEEPER = {"depth_cm": 12.0}
SOLID_LOBE, BLOCKED_LOBE = View("R6", worst=True, knobs=DEEPER), View("L6", worst=True, knobs=DEEPER)
POOL = View("R6", most="effusion_depth_mm", knobs=DEEPER)  # where clear fluid lies deepest

_ENTRIES = (
    # Normal lung
    _entry("bat_sign", "bat sign", "two rib arcs with shadows, the pleural line between and below them", NORMAL,
           View("R1"), "pleural line below the ribs", lambda s: wall.bat_mm(s.picture, s.lung), "mm", 2.0, 12.0),
    _entry("pleural_line", "pleural line", "a bright line between the ribs", NORMAL, View("R1"),
           "level over the tissue above", measures.line_rise_db, "dB", 12.0, also=BOTH),
    _entry("natural_irregularity", "pleural line", "the line is uneven along its length", NORMAL, View("R2"),
           "rms of its brightness", measures.unevenness_db, "dB", 0.5, 6.0),
    _entry("a_lines", "A-lines", "horizontal repeats at multiples of the pleura's depth", NORMAL, View("L2"),
           "error of the first one's depth", measures.second_a_line_mm, "mm", 0.0, 0.8),
    _entry("a_line_contrast", "A-lines", "horizontal repeats that stand out from the haze", NORMAL, View("R2"),
           "first A-line over its surroundings", measures.a_line_db, "dB", 5.0),
    _entry("lung_sliding", "lung sliding", "the line and all below it shimmer with the breath", NORMAL, View("R4"),
           "readable pleura that slides", lambda s: measures.share(s, s.motion.sliding), "%", 70.0, also=BOTH),
    _entry("sliding_apex", "lung sliding", "at the top the lung slides by a few millimetres", NORMAL, View("R1"),
           "way of the grain in an inspiration", measures.travel_mm, "mm", 2.0, 4.5, probe="linear",
           unlike=((AIR, View("R1")), (NORMAL, View("R4")))),
    _entry("sliding_side", "lung sliding", "at the side, low, it slides most", NORMAL, View("R4"),
           "way of the grain in an inspiration", measures.travel_mm, "mm", 6.5, 15.0, probe="linear",
           unlike=((NORMAL, View("R1")),)),
    _entry("sliding_base", "lung sliding", "behind, at the base, it slides more than above", NORMAL, View("R6"),
           "way of the grain in an inspiration", measures.travel_mm, "mm", 6.0, 18.0, probe="linear",
           unlike=((NORMAL, View("R5")),)),
    _entry("seashore", "seashore sign", "still lines above the pleura, grain below", NORMAL, View("R2"),
           "likeness over time, wall less lung", lambda s: mmode.contrast(s.mmode), "", 0.4, tile="mmode"),
    _entry("rib_shadow", "shadow", "dark behind the ribs", NORMAL, View("R1"), "behind ribs less between them",
           lambda s: wall.rib_shadow_db(s.picture, s.lung), "dB", 15.0, also=BOTH),
    _entry("cartilage_shadow", "cartilage shadow", "the pleura goes on, dimmer, under the dark ovals of cartilage",
           NORMAL,
           View("R2", pose=PARASTERNAL), "under cartilage less beside it",
           lambda s: wall.partial_shadow_db(s.picture, s.lung), "dB", 1.0, 22.0),
    _entry("intercostal_view", "intercostal view", "no shadows, about twice the pleura", NORMAL,
           View("R4", intercostal=True), "pleura without a shadow",
           lambda s: wall.open_mm(s.picture, s.lung), "mm", 35.0),
    _entry("curtain", "curtain sign", "the lung's edge comes down over the liver on inspiration", NORMAL,
           View("R4", along_mm=-30.0, knobs={"depth_cm": 12.0}), "liver that the lung covers",
           lambda s: organs.covered_mm(s.picture, s.reached_m), "mm", 4.0),
    _entry("mirror_image", "mirror image", "liver seen again above the diaphragm", NORMAL,
           View("R6", along_mm=-70.0, rock_deg=25.0, knobs=DEEP), "beyond the diaphragm less before it",
           lambda s: organs.mirror_db(s.picture), "dB", -8.0, 8.0,
           unlike=((OEDEMA, View("R6", knobs=DEEP)),)),
    _entry("mirror_spleen", "mirror image", "spleen seen again above the diaphragm", NORMAL,
           View("L6", along_mm=-40.0, rock_deg=10.0, knobs=DEEP), "beyond the diaphragm less before it",
           lambda s: organs.mirror_db(s.picture), "dB", -8.0, 8.0,
           unlike=((OEDEMA, View("L6", along_mm=15.0, knobs=DEEP)),)),
    _entry("diaphragm", "diaphragm", "a bright curved line between liver and fluid", FLUID,
           View("R6", knobs=DEEP), "line over its surroundings", measures.diaphragm_db, "dB", 8.0),
    _entry("liver", "liver", "even and grey behind the curved line of the diaphragm", FLUID,
           View("R4", swept=2, knobs=DEEP), "diaphragm with an organ behind it",
           lambda s: organs.organ_mm(s.picture, s.lung), "mm", 14.0),
    _entry("spleen", "spleen", "even and grey behind the diaphragm, on the left", OEDEMA,
           View("L6", swept=5, knobs=DEEP), "diaphragm with an organ behind it",
           lambda s: organs.organ_mm(s.picture, s.lung), "mm", 14.0),
    _entry("kidney", "kidney", "a round, bright edge deep to the spleen", NORMAL,
           View("L6", along_mm=-55.0, intercostal=True, knobs=DEEP), "radius of its edge",
           lambda s: organs.arch_mm(s.picture), "mm", 10.0, 50.0,
           unlike=((NORMAL, View("L6", knobs=DEEP)), (NORMAL, View("R4", knobs=DEEP)))),
    _entry("heart", "heart", "walls that beat, a dark chamber", NORMAL,
           View("L2", pose=HEART, knobs={"depth_cm": 14.0}),
           "area that beats", lambda s: organs.beating_mm2(s.picture, 0, 2), "mm2", 100.0),
    # B-lines
    _entry("b_line", "isolated B-lines", "one or two, from the pleura to the bottom", EARLY, View("L6"),
           "B-lines in a rib space", lambda s: float(s.view.b_lines), "", 1.0, 2.0, also=BOTH,
           unlike=((FIBROSIS, View("L1", worst=True)),)),
    _entry("b7", "septal B-lines (B7)", "three or more, about 7 mm apart, dark between", FIBROSIS,
           View("L1", worst=True),
           "distance between them", lambda s: s.view.spacing_mm, "mm", 4.5, 11.0, also=BOTH),
    _entry("b3", "ground-glass B-lines (B3)", "fine lines 3 mm apart and less, within a band", EARLY,
           View("R4", worst=True), "distance between them", lambda s: fine_lines.spacing_mm(s.picture, s.lung), "mm",
           1.0, 3.1, probe="linear",
           unlike=((FIBROSIS, View("R4", worst=True)), (SEVERE, View("L4", most="percent_white")))),
    _entry("coalescent", "coalescent B-lines", "lines fused into a band", COVID, View("R5", swept=5),
           "share of the readable pleura", lambda s: s.view.percent_coalescent, "%", 30.0, also=BOTH),
    _entry("white_lung", "white lung", "the whole field below the pleura is white", SEVERE,
           View("R3", swept=8),
           "share of the readable pleura", lambda s: s.view.percent_vertical, "%", 75.0),
    _entry("light_beam", "light beam", "one broad band from a regular line, lung at its sides", COVID,
           View("R2", worst=True),
           "width of the band", lambda s: s.view.widest_band_mm, "mm", 8.0, 25.0),
    # Pleural line
    _entry("irregular_pleura", "irregular pleural line", "indented, broken, thick", FIBROSIS, View("R6", worst=True),
           "mean step from line to line", lambda s: s.view.step_mm, "mm", 0.2, also=BOTH),
    # Over 2 mm with a linear probe is called thick [B]; a healthy line is 0.4 to 0.5 mm here.
    _entry("thick_pleura", "thickened pleural line", "a thick, uneven line", FIBROSIS, View("R6", worst=True),
           "thickness", lambda s: pleural_line.thickness_mm(s.picture, s.lung), "mm", 1.5, 4.0, probe="linear",
           unlike=((OEDEMA, View("R2", worst=True)),)),
    # Consolidation
    _entry("subpleural", "subpleural consolidation", "a dark notch with a ragged bright deep edge", COVID,
           View("R6", worst=True), "depth of the notch", lambda s: s.view.airless_mm, "mm", 3.0, 15.0, also=BOTH),
    _entry("consolidation", "tissue-like consolidation", "lung that looks like liver", LOBAR,
           View("R5", worst=True, knobs={"depth_cm": 12.0}), "depth of the solid area",
           lambda s: s.view.airless_mm, "mm", 15.0),
    _entry("air_bronchogram", "air bronchogram", "bright points and branches in solid lung", LOBAR,
           View("R6", worst=True, knobs={"depth_cm": 12.0}), "bright spots", measures.bronchogram_count, "", 2.0),
    _entry("dynamic_bronchogram", "dynamic air bronchogram", "the bright points move out with inspiration", LOBAR,
           SOLID_LOBE, "spots that move by 1 to 6 mm", measures.moving_bronchograms_percent, "%", 40.0,
           unlike=((BLOCKED, BLOCKED_LOBE),)),
    _entry("shred", "shred sign", "a ragged border to aerated lung", SEVERE, View("L6", swept=0),
           "deviation of the border from its course", lambda s: border.ragged_mm(s.picture, s.lung), "mm", 0.7, 4.0,
           also=BOTH, unlike=((LOBAR, View("R5", swept=7, knobs=DEEPER)), (LOBAR, View("R5", swept=3, knobs=DEEPER)))),
    _entry("static_bronchogram", "air bronchogram", "bright points that stand still: the bronchus is blocked", BLOCKED,
           BLOCKED_LOBE, "spots that have not moved",
           lambda s: solid.still_percent(s.picture, solid.spots(s.picture, s.lung), 0, 1), "%", 40.0,
           unlike=((LOBAR, SOLID_LOBE),)),
    _entry("fluid_bronchogram", "fluid bronchogram", "black branching tubes in solid lung", PUS,
           View("R5", worst=True), "dark spots",
           lambda s: float(len(solid.spots(s.picture, s.lung, -1.0))), "", 3.0),
    # Fluid
    _entry("effusion", "pleural effusion", "dark between wall and lung", OEDEMA, View("L6", worst=True),
           "depth of the fluid", lambda s: s.view.fluid_mm, "mm", 5.0),
    _entry("quad", "quad sign", "fluid between pleural line, lung line and two shadows", OEDEMA,
           View("L6", swept=4, posture="supine", knobs=DEEPER), "tilt of the lung line against the wall",
           lambda s: solid.quad_deg(s.picture, s.lung), "deg", 0.0, 25.0,
           unlike=((OEDEMA, View("L6", swept=2, knobs=DEEPER)),)),
    _entry("gravity_supine", "gravity", "fluid lies behind in a patient on the back", FLUID,
           View("R5", posture="supine", knobs=DEEPER), "depth of the fluid", lambda s: s.view.fluid_mm, "mm", 15.0,
           unlike=((FLUID, View("R5", posture="sitting", knobs=DEEPER)),)),
    _entry("gravity_sitting", "gravity", "the same fluid lies at the base in a patient who sits", FLUID,
           View("R6", swept=4, posture="sitting", knobs=DEEPER), "depth of the fluid", lambda s: s.view.fluid_mm,
           "mm", 20.0, unlike=((FLUID, View("R6", swept=4, posture="supine", knobs=DEEPER)),)),
    _entry("sinusoid", "sinusoid sign", "the lung line nears the wall with each inspiration", OEDEMA,
           View("L6", worst=True), "way of the lung line", lambda s: mmode.approach_mm(s.mmode), "mm", 3.0, 25.0,
           tile="mmode"),
    _entry("swirling", "swirling echoes", "echoes in the fluid that swirl", FLUID, View("R6", worst=True, knobs=DEEP),
           "likeness over a breath, wall less fluid", lambda s: solid.swirl(s.picture, s.lung, 0, 1), "", 0.4),
    _entry("spine", "spine sign", "vertebrae seen above the diaphragm, through fluid", FLUID,
           View("R6", along_mm=20.0, fan_deg=40.0, knobs=DEEP), "deep bright border with a shadow",
           lambda s: organs.spine_db(s.picture), "dB", 15.0),
    _entry("atelectasis", "compressive atelectasis", "a tongue of airless lung in the fluid", FLUID,
           View("R4", swept=7, knobs={"depth_cm": 14.0}), "area of what floats",
           lambda s: solid.floating_mm2(s.picture, s.lung), "mm2", 60.0, unlike=((OEDEMA, POOL),)),
    _entry("septa", "septa", "thin membranes across the fluid", PUS,
           View("R5", swept=6, knobs=DEEPER), "width with a membrane",
           lambda s: solid.septa_mm(s.picture, s.lung), "mm", 10.0, unlike=((OEDEMA, POOL), (FLUID, POOL))),
    _entry("jellyfish", "jellyfish sign", "the tongue of lung sways in the fluid", FLUID,
           View("R4", swept=7, knobs={"depth_cm": 14.0}), "its way over a breath",
           lambda s: solid.sway_mm(s.picture, s.lung, s.lung_inspired), "mm", 3.0, 30.0, unlike=((OEDEMA, POOL),)),
    # No sliding
    _entry("no_sliding", "no lung sliding", "nothing shimmers with the breath", AIR, View("R1"),
           "readable pleura that stands still", lambda s: measures.share(s, s.motion.still), "%", 80.0, also=BOTH),
    _entry("a_prime", "A'-lines", "A-lines, and nothing moves: neither with breath nor heart", AIR, View("R1"),
           "pleura with still A-lines", measures.still_a_lines_mm, "mm", 5.0),
    _entry("barcode", "barcode sign", "still lines above and below the pleura", AIR, View("R1"),
           "likeness over time below the pleura", lambda s: mmode.still(s.mmode), "", 0.8, tile="mmode"),
    _entry("lung_point", "lung point", "sliding and still pleura meet in one view", AIR, View("R3", worst=True),
           "the lesser of the two", lambda s: min(s.view.still_mm, s.view.sliding_mm), "mm", 5.0),
    _entry("lung_point_mmode", "lung point", "seashore and barcode alternate with the breath", AIR,
           View("R3", worst=True), "share of the time that stands still",
           lambda s: mmode.still_share(s.mmode_at_border), "", 0.3, 0.95, tile="mmode"),
    _entry("lung_point_moves", "lung point", "the place moves as the lung fills", AIR, View("R3", worst=True),
           "its way in an inspiration", measures.point_travel_mm, "mm", 3.0, 30.0,
           unlike=((LOBAR, View("R5", worst=True)),)),
    _entry("lung_pulse", "lung pulse", "the line beats with the heart where nothing slides", LOBAR,
           View("R5", worst=True),
           "pleura that beats", lambda s: s.view.beating_mm, "mm", 5.0),
    _entry("lung_pulse_mmode", "lung pulse", "ticks at the rate of the heart, 106 a minute", LOBAR,
           View("R5", worst=True),
           "rate of the ticks", lambda s: mmode.beats_per_min(s.mmode), "/min", 95.0, 117.0, tile="mmode"),
    # Comet tails and the chest wall
    _entry("i_lines", "comet tail, I-line", "short tails from the line that slide and fade", NORMAL,
           View("R4", intercostal=True), "tails that move away",
           lambda s: float(comets.counts(s.picture, s.lung)[0]), "", 1.0,
           also=BOTH),
    _entry("z_lines", "Z-line", "short, ill-defined tails that stay while nothing else would", AIR, View("R1"),
           "tails that stay", lambda s: float(comets.counts(s.picture, s.lung)[1]), "", 1.0, also=BOTH),
    _entry("e_lines", "E-line", "verticals that start above the pleura and hide it", TRAUMA,
           View("R3", most="wall_gas_mm"),
           "wall in which gas hides the pleura", lambda s: s.view.wall_gas_mm, "mm", 10.0, also=BOTH),
    _entry("subcutaneous_emphysema", "subcutaneous emphysema", "bright spots in the wall; no bat sign", TRAUMA,
           View("R3", most="wall_gas_mm"), "wall in which gas hides the pleura",
           lambda s: s.view.wall_gas_mm, "mm", 10.0),
    # Contact
    _entry("bare_probe", "bare probe", "the probe's own rings, then black", NORMAL, View("R1", pressure=0.0),
           "picture that is not black", lambda s: wall.lit_percent(s.picture), "%", 0.0, 3.0, also=BOTH),
    _entry("lost_contact", "coupling", "one side has no gel: black from the face on", NORMAL, View("R1", rock_deg=25.0),
           "lines with contact", lambda s: wall.contact_percent(s.picture), "%", 40.0, 92.0),
    _entry("gel", "gel", "the skin's bright line slopes away under a wedge of gel", NORMAL, View("R1", rock_deg=10.0),
           "how much deeper the skin lies at one end", lambda s: wall.gel_mm(s.picture), "mm", 2.5, 8.0, probe="linear",
           unlike=((NORMAL, View("R1")),)),
)  # fmt: skip

CATALOGUE: dict[str, SignEntry] = {entry.key: entry for entry in _ENTRIES}
