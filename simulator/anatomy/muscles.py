"""Which muscle lies at a point of the chest wall, between the fat and the pleura?

Three layers from the pleura out, told apart by two borders. Intercostals fill the spaces between the ribs and are about
as thick as these (5-10 mm in three sheets, clinical.md D.4 [B]). What lies outside them is one or two muscles, an inner
and an outer one, by azimuth and height: pectoralis minor under major in front (major 5-20 mm, D.4 [B]), serratus
anterior at the side and under the scapula (with latissimus 5-15 mm, D.4 [B]), erector spinae (20-40 mm beside the
spine, D.4 [B]) and rhomboids under the trapezius behind, latissimus dorsi behind and below, the muscles of the shoulder
about the scapula, and from the costal margin down those of the belly. A muscle's share of the thickness falls to
nothing at its edge, so that the border runs out into fat or intercostals as the edge of a real muscle does.

How sure: which muscle lies over which, and from which rib or vertebra to which, is textbook anatomy [B]; the courses of
the edges in azimuth and height are laid through these levels of the body's own ribs and the relative thicknesses are
estimates [P]. All are analytic and the same on both sides, but that the edges of those about the scapula go with it:
`back_deg` is how far each lies back, in degrees of azimuth, from where it is with the arms forward. Twin of the
borders: shaders/lib/muscles.glsl.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.anatomy.body import Body
from simulator.anatomy.dimensions import dimensions
from simulator.anatomy.girdle import INFERIOR_ANGLE, SUPERIOR_ANGLE
from simulator.anatomy.palette import Part
from simulator.anatomy.ribs import PLEURA_TO_RIB_M
from simulator.geometry import FloatArray, smooth_step

INTERCOSTAL_OF_RIB = 0.8  # of a rib's thickness: they end at its edges, a little inside its most prominent line [P]
UNDIVIDED_M = 1.0  # where test bodies have one muscle: thicker than any wall

# Relative thickness of an inner muscle under an outer of 1 [P].
MINOR, SERRATUS, RHOMBOID, ERECTOR = 0.55, 0.8, 0.9, 2.6
NONE = 1e-3  # of a muscle everywhere, so that shares are defined where there is no other
THINNEST = 0.06  # of the thickness outside the intercostals: a thinner edge of a muscle is not named [P]

OUTER = (Part.PECTORALIS_MAJOR, Part.LATISSIMUS, Part.TRAPEZIUS, Part.SHOULDER, Part.OBLIQUE)
INNER = (Part.PECTORALIS_MINOR, Part.SERRATUS, Part.RHOMBOIDS, Part.ERECTOR_SPINAE)
SEEN = (*OUTER, Part.BELLY, *INNER)
SOFTNESS = 4.0  # of the edges between colours where muscles are seen from outside: higher is sharper
RECTUS_SOFT_DEG = 5.0  # likewise
NECK_H = -0.035  # height fraction from which the front is neck, whose muscles are not told apart: over the clavicle [B]
RECTUS_DEG = 26.0  # the sheath's outer edge [B]
# Height fraction of the costal margin where it leaves the xiphoid, and its fall for each degree to the side, as `ribs`.
BORDER_DEG = 0.5 * (SUPERIOR_ANGLE[0] + INFERIOR_ANGLE[0])  # middle of the scapula's inner edge, arms forward
# Line along which the trapezius ends: from the scapula's spine down to the twelfth thoracic spine [B], whose height is
# this part of the way to the tenth rib [P].
TRAPEZIUS_DEG, TRAPEZIUS_ENDS_H = 128.0, 52.0 / 60.0
MARGIN_H, MARGIN_PER_DEG, MARGIN_LOWEST_H = 0.45, 0.0077, 1.02


def intercostal_m(body: Body) -> float:
    """Distance from the pleura to the outer border of the intercostals, metres; UNDIVIDED_M in test bodies."""
    if body.one_muscle:
        return UNDIVIDED_M
    return PLEURA_TO_RIB_M + INTERCOSTAL_OF_RIB * dimensions(body.habitus).rib_thickness_m


def scapulae_back_deg(body: Body) -> tuple[float, float]:
    """How far back the right and the left scapula lie from where they are with the arms forward, degrees."""

    def back(side: str) -> float:
        point = body.landmarks.get(f"scapula_border_{side}")
        return 0.0 if point is None else abs(math.degrees(float(body.azimuth_rad(np.array(point))))) - BORDER_DEG

    return back("R"), back("L")


def _back_at(body: Body, azimuth_rad: FloatArray) -> FloatArray:
    """The same (...) on the side of each azimuth."""
    right, left = scapulae_back_deg(body)
    return np.where(azimuth_rad >= 0.0, right, left)


def outer_muscles(azimuth_deg: FloatArray, height: FloatArray, back_deg: FloatArray | float = 0.0) -> FloatArray:
    """(5, ...) how much there is of each of OUTER, 0..1, at |azimuth| in degrees and a height fraction.

    Pectoralis major from clavicle and sternum to the sixth cartilage and the anterior axillary fold; latissimus from
    the posterior fold and the seventh thoracic spine down; trapezius a triangle from the scapula's spine to the twelfth
    thoracic spine; the shoulder about the scapula; external oblique (and rectus) below its slips on ribs 5-10.
    """
    a, h, back = azimuth_deg, height, back_deg
    spine = TRAPEZIUS_DEG + back
    return np.stack([
        smooth_step(a, 72.0, 60.0) * smooth_step(h + 0.0036 * a - 0.70, 0.08, -0.08),
        smooth_step(a, 96.0, 112.0) * smooth_step(h + 0.002 * (130.0 - a), 0.24, 0.40),
        smooth_step(a - spine - (180.0 - spine) / TRAPEZIUS_ENDS_H * h, -7.0, 7.0),
        smooth_step(a, 70.0, 84.0) * smooth_step(a - back, 150.0, 134.0) * smooth_step(h, 0.36, 0.22),
        smooth_step(a, 126.0, 108.0) * smooth_step(h - 0.40 - 0.004 * a, -0.09, 0.09),
    ])  # fmt: skip


def inner_muscles(azimuth_deg: FloatArray, height: FloatArray, back_deg: FloatArray | float = 0.0) -> FloatArray:
    """(4, ...) relative thickness of each of INNER, at |azimuth| in degrees and a height fraction.

    Pectoralis minor on ribs 3-5; serratus anterior from its slips on ribs 1-9 back to the scapula; rhomboids from the
    scapula's inner edge to the first thoracic spines; erector spinae a hand's half beside the spine.
    """
    a, h, back = azimuth_deg, height, back_deg
    return np.stack([
        MINOR * smooth_step(a, 20.0, 32.0) * smooth_step(a, 64.0, 52.0) * smooth_step(h, 0.46, 0.34),
        SERRATUS * smooth_step(a, 46.0, 62.0) * smooth_step(a - back + 30.0 * h, 152.0, 134.0)
        * smooth_step(h - 0.40 - 0.004 * a, 0.09, -0.09),
        RHOMBOID * smooth_step(a - back, 134.0, 144.0) * smooth_step(h, 0.40, 0.28),
        ERECTOR * smooth_step(a, 154.0, 166.0),
    ])  # fmt: skip


def inner_share(azimuth_deg: FloatArray, height: FloatArray, back_deg: FloatArray | float = 0.0) -> FloatArray:
    """Share (...) of the inner muscle in what covers the intercostals: 0 where that is missing, 1 where it is alone."""
    inner = inner_muscles(azimuth_deg, height, back_deg).sum(axis=0)
    outer = np.minimum(outer_muscles(azimuth_deg, height, back_deg).sum(axis=0), 1.0)
    return np.asarray(inner / (inner + outer + NONE))


def borders_m(intercostal: float, share: FloatArray, muscle_m: FloatArray, pleura_m: FloatArray) -> FloatArray:
    """(2, ...) signed distances, negative deeper: to the outer border of the intercostals, and of the inner muscle.

    `muscle_m` and `pleura_m` (...) are the body's channels, `intercostal` the body's `intercostal_m`, all in metres.
    """
    ribs = pleura_m - intercostal
    return np.stack([ribs, ribs + (muscle_m - ribs) * share])


def muscle_at(
    body: Body, points_torso: FloatArray, muscle_m: FloatArray, pleura_m: FloatArray
) -> npt.NDArray[np.uint8]:
    """`Part` (n,) of the muscle at points (n, 3) that lie in muscle, with the body's channels (n,) there, metres."""
    if body.one_muscle:
        return np.full(len(points_torso), Part.MUSCLE, dtype=np.uint8)
    azimuth, h = body.azimuth_rad(points_torso), body.height_fraction(points_torso)
    a, back = np.abs(np.degrees(azimuth)), _back_at(body, azimuth)
    share = inner_share(a, h, back)
    share = np.where(share < THINNEST, 0.0, np.where(share > 1.0 - THINNEST, 1.0, share))
    ribs, between = borders_m(intercostal_m(body), share, muscle_m, pleura_m)
    out: npt.NDArray[np.uint8] = _OUTER_CODES[np.argmax(outer_muscles(a, h, back), axis=0)]
    np.copyto(out, _INNER_CODES[np.argmax(inner_muscles(a, h, back), axis=0)], where=between < 0.0)
    np.copyto(out, np.uint8(Part.INTERCOSTALS), where=ribs < 0.0)
    margin = np.minimum(MARGIN_H + MARGIN_PER_DEG * a, MARGIN_LOWEST_H)
    belly = (out == Part.OBLIQUE) & (a < RECTUS_DEG) | (out == Part.INTERCOSTALS) & (h > margin)
    np.copyto(out, np.uint8(Part.BELLY), where=belly)
    np.copyto(out, np.uint8(Part.MUSCLE), where=(h < NECK_H) & (out != Part.TRAPEZIUS))
    return out


def seen_shares(body: Body, points_torso: FloatArray) -> FloatArray:
    """(n, 10) how much of each of SEEN lies under the fat at points (n, 3), sum 1: soft where muscles meet."""
    azimuth, h = body.azimuth_rad(points_torso), body.height_fraction(points_torso)
    a, back = np.abs(np.degrees(azimuth)), _back_at(body, azimuth)
    inner, outer = inner_muscles(a, h, back), outer_muscles(a, h, back) ** SOFTNESS + NONE
    alone = smooth_step(inner_share(a, h, back), 1.0 - 3.0 * THINNEST, 1.0)
    rectus = smooth_step(a, RECTUS_DEG + RECTUS_SOFT_DEG, RECTUS_DEG - RECTUS_SOFT_DEG)
    outer *= (1.0 - alone) / outer.sum(axis=0)
    inner *= alone / np.maximum(inner.sum(axis=0), NONE)
    outer = np.concatenate([outer, (outer[-1] * rectus)[None]])
    outer[-2] *= 1.0 - rectus
    return np.concatenate([outer, inner]).T


_OUTER_CODES = np.array(OUTER, dtype=np.uint8)
_INNER_CODES = np.array(INNER, dtype=np.uint8)
