"""Where are the ribs, their cartilages and the sternum?

Each rib is where a tilted plane z = c + b y + g |x| cuts the inner cage [P, E.2], moved outwards by a rib's half
thickness. The plane goes through three levels of the reference man: at the spine, in the mid-axillary line and at the
costochondral junction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.anatomy.cage import Cage
from simulator.anatomy.polar import Array
from simulator.anatomy.tubes import Tube, make_tube
from simulator.units import MM

PLEURA_TO_RIB_M = 1.8 * MM  # endothoracic fascia and innermost intercostals, 1-3 mm [B]
APEX_CLAMP_MM = 18.0  # above it the wall closes over the apex, and ribs 1 and 2 keep the outline of this level [P]
START_AZIMUTH_DEG = 167.0  # head of the rib, beside the vertebral body
SPINE_RIB_HEIGHT = 0.72  # height of a rib at its neck, of that at the side [B]

# rib: z at the spine, z in the mid-axillary line, z and azimuth of its front end (mm, degrees) [P, levels after E.2].
RIB_LEVELS = {
    1: (37.0, 17.0, -12.0, 50.0),
    2: (17.0, -12.0, -60.0, 31.0),
    3: (-3.0, -47.0, -94.0, 33.0),
    4: (-25.0, -82.0, -128.0, 36.0),
    5: (-47.0, -116.0, -162.0, 39.0),
    6: (-70.0, -150.0, -197.0, 40.0),
    7: (-94.0, -183.6, -232.0, 43.2),
    8: (-118.0, -218.4, -266.0, 49.0),
    9: (-143.0, -254.0, -293.0, 60.0),
    10: (-169.0, -290.0, -317.0, 72.0),
    11: (-196.0, -316.0, -322.0, 97.0),  # floating: the middle level is not used
    12: (-224.0, -300.0, -317.0, 121.0),
}
# Where the cartilages of ribs 1-7 meet the sternum: z in mm of the reference man; 8-10 join the one above.
STERNAL_Z_MM = {1: -14.0, 2: -50.0, 3: -78.0, 4: -102.0, 5: -122.0, 6: -138.0, 7: -150.0}
STERNUM_M = {"male": 191.8 * MM, "female": 162.8 * MM}  # manubrium, body and xiphoid [V66a]
STERNUM_HALF_WIDTH_MM = ((0.0, 27.0), (30.0, 24.0), (52.0, 15.0), (110.0, 19.0), (150.0, 13.0), (192.0, 5.0))  # [B]
STERNUM_HALF_THICKNESS_M = 5.0 * MM  # [B]
CARTILAGE_HALF_M = (4.2 * MM, 6.2 * MM)  # half thickness, half height of a costal cartilage [B]


@dataclass(frozen=True)
class RibCage:
    """Bony ribs and cartilages by side and number ("R5"), and the sternum."""

    ribs: dict[str, Tube]
    cartilages: dict[str, Tube]
    sternum: Tube


def rib_line(cage: Cage, number: int, side: float, offset_m: float) -> tuple[Array, Array]:
    """Centre line (n, 3) and outward normals (n, 3) of a bony rib, from the spine forwards."""
    z_spine, z_side, z_front, end_deg = RIB_LEVELS[number]
    azimuth = np.radians(np.linspace(START_AZIMUTH_DEG, end_deg, 120))
    levels = np.array([z_spine, z_side, z_front]) * MM * cage.z_scale
    at = np.radians(np.array([START_AZIMUTH_DEG, 90.0, end_deg]))
    x, y, _ = cage.surface.points(at, np.minimum(levels, APEX_CLAMP_MM * MM * cage.z_scale)).T
    if number >= 11:  # floating: through two levels, as tilted sideways as forwards
        b = g = (z_front - z_spine) * MM * cage.z_scale / (y[2] - y[0] + x[2] - x[0])
        c = levels[0] - b * y[0] - g * x[0]
    else:
        c, b, g = np.linalg.solve(np.stack([np.ones(3), y, x], axis=1), levels)
    z = np.interp(-azimuth, -at[[0, 2]], levels[[0, 2]])
    top = APEX_CLAMP_MM * MM * cage.z_scale
    for _ in range(60):
        p = cage.surface.points(azimuth, np.minimum(z, top))
        z = 0.5 * z + 0.5 * (c + b * p[:, 1] + g * np.abs(p[:, 0]))
    normal = cage.surface.normals(azimuth, np.minimum(z, top))
    line = cage.surface.points(azimuth, np.minimum(z, top))
    line[:, 2] = z
    line = line + offset_m * normal
    return line * np.array([side, 1.0, 1.0]), normal * np.array([side, 1.0, 1.0])


def build_ribs(cage: Cage) -> RibCage:
    """Ribs, cartilages and sternum of a cage."""
    size = cage.dimensions
    thick, high = 0.5 * size.rib_thickness_m, 0.5 * size.rib_height_m
    sternum = build_sternum(cage)
    ribs: dict[str, Tube] = {}
    cartilages: dict[str, Tube] = {}
    for name, side in (("R", 1.0), ("L", -1.0)):
        ends: dict[int, tuple[Array, Array]] = {}
        for number in RIB_LEVELS:
            line, normal = rib_line(cage, number, side, PLEURA_TO_RIB_M + thick)
            share = np.linspace(0.0, 1.0, len(line))
            height = high * np.interp(share, [0.0, 0.25, 0.6, 1.0], [SPINE_RIB_HEIGHT, 0.92, 1.0, 0.9])
            if number >= 11:
                height = height * np.interp(share, [0.0, 0.7, 1.0], [0.85, 0.85, 0.5])
            ribs[f"{name}{number}"] = make_tube(line, normal, thick, height)
            ends[number] = (line[-1], line[-1] - line[-6])
        for number in range(1, 8):
            target = sternum_edge(cage, sternum, STERNAL_Z_MM[number] * MM * cage.z_scale, side)
            cartilages[f"{name}{number}"] = cartilage(cage, ends[number], target, side)
        for number in range(8, 11):  # each joins the cartilage above: the costal arch
            above = cartilages[f"{name}{number - 1}"].centre_m
            target = above[len(above) // (3 if number == 8 else 4)]
            cartilages[f"{name}{number}"] = cartilage(cage, ends[number], target, side)
    return RibCage(ribs, cartilages, sternum)


def build_sternum(cage: Cage) -> Tube:
    """The sternum as a flat rod on the inner wall, from the notch down, pieces' lengths of [V66a]."""
    sex = cage.habitus.sex
    total = STERNUM_M[sex] * cage.habitus.height_m / (1.756 if sex == "male" else 1.628)
    z = -np.linspace(0.004, 0.93 * total, 60)  # it slopes: 0.93 of its length is height
    offset = PLEURA_TO_RIB_M + STERNUM_HALF_THICKNESS_M
    line = cage.surface.points(np.zeros(60), z, offset)
    normal = cage.surface.normals(np.zeros(60), z)
    along = np.linspace(0.0, 192.0, 60)
    width = np.interp(along, *np.array(STERNUM_HALF_WIDTH_MM).T) * MM * cage.x_scale
    return make_tube(line, normal, STERNUM_HALF_THICKNESS_M, width)


def sternum_edge(cage: Cage, sternum: Tube, z_m: float, side: float) -> Array:
    """Point (3,) of the sternum's edge at a height."""
    z = max(z_m, float(sternum.centre_m[:, 2].min()) + 0.03)
    i = int(np.argmin(np.abs(sternum.centre_m[:, 2] - z)))
    edge = sternum.centre_m[i] + side * np.array([sternum.half_height_m[i] - 0.003, 0.0, 0.0])
    return np.asarray(edge)


def cartilage(cage: Cage, end: tuple[Array, Array], target_m: Array, side: float) -> Tube:
    """A cartilage from a rib's end, first in the rib's direction, bending to its target along the wall."""
    start, direction = end
    reach = float(np.linalg.norm(target_m - start))
    lead = start + direction / np.linalg.norm(direction) * 0.40 * reach
    t = np.linspace(0.0, 1.0, 40)[:, None]
    line = (1.0 - t) ** 2 * start + 2.0 * t * (1.0 - t) * lead + t**2 * target_m
    azimuth = np.arctan2(line[:, 0], line[:, 1] - cage.surface.axis_y_m)
    offset = PLEURA_TO_RIB_M + 0.5 * cage.dimensions.rib_thickness_m
    on_wall = cage.surface.points(azimuth, line[:, 2], offset)
    normal = cage.surface.normals(azimuth, line[:, 2])
    return make_tube(on_wall, normal, CARTILAGE_HALF_M[0], CARTILAGE_HALF_M[1] * cage.dimensions.z_scale)
