"""Where is the spine: vertebral bodies with discs between, arches, transverse and spinous processes."""

from __future__ import annotations

import numpy as np

from simulator.anatomy.cage import Cage
from simulator.anatomy.polar import Array
from simulator.units import MM

LUMBAR_M = 34.0 * MM  # from one lumbar vertebra to the next, of a man of mean stature [B]
BODY_RADIUS_M = 15.5 * MM  # half width of a thoracic vertebral body, 26-36 mm wide [B]
BODY_BEFORE_GUTTER_M = 25.0 * MM  # centre of the body in front of the depth of the gutters [B]
COVER_M = 3.5 * MM  # pleura to vertebral body [B]
DISC_HALF_M = 2.5 * MM  # half height of a disc [B]
TRANSVERSE_HALF_SPAN_M = 32.0 * MM  # tips of the transverse processes 30-50 mm from the midline (A.1) [B]
TRANSVERSE_RADIUS_M = 5.0 * MM  # [B]
ARCH_RADIUS_M = 13.0 * MM  # laminae around the canal, taken as solid: sound never gets in [P]
SPINOUS_HALF_M = 3.5 * MM  # [B]
SPINOUS_UNDER_SKIN_M = 9.0 * MM  # [B]
# Lower end plates of C7, T1 ... L4 of the reference man, mm: notch at T2/T3 [V66b], heights 19-33 mm with disc [B]
END_PLATES_MM = (40.0, 20.0, 0.0, -21.0, -42.5, -64.5, -87.5, -111.5, -136.5, -162.5, -189.5, -217.5, -246.5, -277.0,
                 -309.0, -342.0, -375.0, -410.0)  # fmt: skip


def body_centre_y_m(cage: Cage, height_m: Array | float) -> Array:
    """y of the vertebral bodies' centres at heights, metres."""
    return np.asarray(cage.back(height_m) + BODY_BEFORE_GUTTER_M * cage.y_scale)


def bulge_distance(cage: Cage, x: Array, y: Array, z: Array) -> Array:
    """Signed distance to what the spine takes from the chest: a column on the bodies and all behind it, metres."""
    centre = body_centre_y_m(cage, z)
    return np.asarray(np.hypot(x, np.maximum(y - centre, 0.0)) - (BODY_RADIUS_M * cage.x_scale + COVER_M))


def spine_distance(cage: Cage, x: Array, y: Array, z: Array, skin_back_y: Array) -> Array:
    """Signed distance to the bone of the spine at broadcastable x, y, z; `skin_back_y` as z, metres.

    Bodies are upright cylinders between discs; every vertebra has two transverse processes and a spinous one.
    """
    plates = np.array(END_PLATES_MM) * MM * cage.z_scale
    index = np.clip(np.searchsorted(-plates, -z, side="left"), 1, len(plates) - 1)
    upper, lower = plates[index - 1], plates[index]
    middle, half = 0.5 * (upper + lower), 0.5 * (upper - lower)
    centre = body_centre_y_m(cage, z)
    radius = BODY_RADIUS_M * cage.x_scale
    side = np.hypot(x, y - centre) - radius
    top = np.abs(z - middle) - (half - DISC_HALF_M)
    body = np.maximum(side, top)
    arch_y = centre - radius - 6.0 * MM
    arch = np.hypot(x, y - arch_y) - ARCH_RADIUS_M * cage.x_scale
    arch = np.maximum(arch, np.abs(z - middle + 3.0 * MM) - (half - 1.0 * MM))
    span = TRANSVERSE_HALF_SPAN_M * cage.x_scale
    # transverse processes: rods from the arch out- and backwards
    along = np.clip(np.abs(x) / span, 0.0, 1.0)
    rod_y = arch_y - 12.0 * MM * along
    rod_z = middle + 0.35 * half
    beyond = np.maximum(np.abs(x) - span, 0.0)
    rods = np.sqrt(beyond**2 + (y - rod_y) ** 2 + (z - rod_z) ** 2) - TRANSVERSE_RADIUS_M
    tip = skin_back_y + SPINOUS_UNDER_SKIN_M
    blade = np.maximum(np.abs(x) - SPINOUS_HALF_M, tip - y)
    blade = np.maximum(np.maximum(blade, y - arch_y), np.abs(z - middle + 0.6 * half) - 0.6 * half)
    return np.asarray(np.minimum(np.minimum(body, arch), np.minimum(rods, blade)))
