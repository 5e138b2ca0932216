"""The uniform blocks, declared once: emitted as a numpy record and as GLSL (std140). No GL here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.acoustics import reverberation
from simulator.pathology.fields import BRONCHUS_REACH_M, FAR_M, SEPTA_AT, SEPTA_UNIT_M
from simulator.patient import HEART_INWARD_M, HEART_THICKENING, HEART_WALL_M
from simulator.probe import GEL_LIMIT_M
from simulator.tissue import Tissue


@dataclass(frozen=True)
class Block:
    """A std140 uniform block of vec4 and ivec4 and arrays of them ("vec4[96]"), so that layout rules cannot bite."""

    name: str
    binding: int
    members: tuple[tuple[str, str, str], ...]  # type, name, meaning

    @property
    def dtype(self) -> np.dtype[np.void]:
        """The matching numpy record."""
        kinds = {"vec4": np.float32, "ivec4": np.int32}
        out = []
        for kind, name, _ in self.members:
            element, _, count = kind.rstrip("]").partition("[")
            out.append((name, kinds[element], (int(count), 4) if count else (4,)))
        return np.dtype(out)

    def glsl(self) -> str:
        """The matching GLSL declaration."""
        lines = "\n".join(f"    {kind} {name};  // {meaning}" for kind, name, meaning in self.members)
        return f"layout(std140) uniform {self.name} {{\n{lines}\n}};\n"


FRAME = Block("Frame", 0, (
    ("vec4", "face_torso", "centre of the probe face, torso frame, m"),
    ("vec4", "axis_x", "probe x axis (towards the marker) in the torso frame"),
    ("vec4", "axis_y", "probe y axis (elevation)"),
    ("vec4", "axis_z", "probe z axis (into the body)"),
    ("vec4", "coupling", "compression m, compressible thickness m, lift m, widest gap that skin bridges m"),
    ("vec4", "motion", "diaphragm descent m, contraction 0..1, time s, shift of air in the bronchi m"),
    ("vec4", "look", "sine and cosine of the steering angle, number of the look, unused"),
    ("vec4", "lattice_u", "unit vector of the lattice of scatterers in the torso frame, in the image plane"),
    ("vec4", "lattice_v", "another, across it in the plane"),
    ("vec4", "lattice_across", "and across the plane; where it is counted from m"),
    ("ivec4", "indices", "seed, frame index, unused, unused"),
))  # fmt: skip

PROBE = Block("Probe", 1, (
    ("vec4", "array", "lines, arc they are spread over m, 1 / distance of their apex (0 none) 1/m, sample spacing m"),
    ("vec4", "beam_shape", "pulse length m, scatterer lattice pitch m, samples a block, lines either side for a tilt"),
    ("vec4", "pulse", "wavelength m, trap response at this frequency, axial sigma in samples, noise amplitude"),
    ("vec4", "display", "level of white dB re liver, dynamic range dB, exponent of grey, persistence"),
    ("vec4", "display_more", "reach of smoothing in sigmas of the point spread (0 off), unused, unused, unused"),
    ("vec4", "looks", "looks, sine of their steering (0, -, +), share of clutter that is left, strength of haze"),
    ("vec4", "sector", "metres a pixel, pixel of x = 0, z of the top row m, 1 / radius of the face (0 flat) 1/m"),
))  # fmt: skip

BODY = Block("Body", 2, (
    ("vec4", "body_origin", "where the texture coordinate of the body fields is 0, torso frame, m"),
    ("vec4", "body_scale", "texture coordinate a metre"),
    ("vec4", "lung_origin", "the same for the fields of the findings"),
    ("vec4", "lung_scale", "texture coordinate a metre"),
    ("vec4", "soft_origin", "the same for gas in the chest wall"),
    ("vec4", "soft_scale", "texture coordinate a metre; w: 1 where there is any such gas"),
    ("vec4", "bronchi_origin", "the same for bronchi"),
    ("vec4", "bronchi_scale", "texture coordinate a metre"),
    ("vec4", "floating_tip", "tip of lung that floats in an effusion, torso frame, m; w: reach of its sway m"),
    ("vec4", "floating_direction", "in which it sways"),
    ("vec4", "body_shape", "axis y m, notch to tenth rib m, skin thickness m, diaphragm thickness m"),
    ("vec4", "body_texture", "share of vessels of liver and spleen, of comet tails, quiet excursion m, intercostals m"),
    ("vec4", "gland", "of the breasts: |azimuth| rad, z m, radius m, share of the fat"),
    ("vec4", "scapulae", "how far back from where they are with the arms forward, degrees: right, left, two unused"),
))  # fmt: skip

MOST_TARGETS = 96  # of a test block
PHANTOM = Block("Phantom", 3, (
    ("ivec4", "phantom", "number of targets (0: no test block), unused, unused, unused"),
    (f"vec4[{MOST_TARGETS}]", "targets", "z m, depth below the top m, radius m (0 a pin), amplitude re background"),
))  # fmt: skip

LINES_A_STRIP = 8  # scan lines that the tissue pass draws to one depth
MOST_STRIPS = 64  # of these, at the most lines that there can be
MOST_LENSES = 32  # small airless lenses near one image plane
LENSES = Block("Lenses", 4, (
    (f"ivec4[{MOST_STRIPS}]", "lens_strips", "of each strip of lines: the first lens that it meets, one past the last"),
    (f"vec4[{3 * MOST_LENSES}]", "lenses", "of each: centre, half width; inward, depth; origin of waves, height; m"),
))  # fmt: skip

BLOCKS = (FRAME, PROBE, BODY, PHANTOM, LENSES)
NOISE_SIZE = 128  # edge of the wrapping noise volume, lattice points
STRIDE = 8  # samples between those that the coarse look at the tissue takes
DEPTH_BLOCKS = 64  # rows of the transmission texture
SPECULAR_GAIN = 85.0  # the pleural line before blur, re liver (D.3 +25..+35 dB on the screen [P])
TRAP_WET = 2.0  # excitation of one trap of a wet lung, re liver ([P], set by looking)
COMET = 22.0  # excitation of one comet tail, re liver ([P], set by looking)
TRAP_DRY = 3.6  # excitation of one thin septum of healthy lung ([P], set by looking)


def blocks_glsl() -> str:
    """Source of the virtual include "blocks.glsl": the three blocks and the constants shared with Python."""
    constants = {
        "NOISE_SIZE": float(NOISE_SIZE), "BLOCKS": float(DEPTH_BLOCKS), "GEL_LIMIT_M": GEL_LIMIT_M, "FAR_M": FAR_M,
        "SPECULAR_GAIN": SPECULAR_GAIN, "TRAP_WET": TRAP_WET, "TRAP_DRY": TRAP_DRY,
        "COMET": COMET,
        "SEPTA_AT": SEPTA_AT, "SEPTA_UNIT_M": SEPTA_UNIT_M, "FLUID_BRONCHUS_M": FAR_M + BRONCHUS_REACH_M,
        "HEART_WALL_M": HEART_WALL_M, "HEART_THICKENING": HEART_THICKENING, "HEART_INWARD_M": HEART_INWARD_M,
    }  # fmt: skip
    for name in ("R_PLEURA", "R_FACE", "ACCEPTANCE_IN_PLANE_RAD", "ACCEPTANCE_ELEVATION_RAD", "ROUGHNESS_HEALTHY_M",
                 "ROUGHNESS_DISEASED_M", "ROUGHNESS_WET_M"):  # fmt: skip
        constants[name] = getattr(reverberation, name)
    whole = f"const int LINES_A_STRIP = {LINES_A_STRIP};\n"
    return (
        whole
        + "".join(block.glsl() for block in BLOCKS)
        + "".join(f"const float {name} = {value!r};\n" for name, value in constants.items())
    )


def tissue_labels_glsl() -> str:
    """Source of the virtual include "tissue_labels.glsl"."""
    return "".join(f"const int TISSUE_{tissue.name} = {tissue.value};\n" for tissue in Tissue)


def empty_record(block: Block) -> npt.NDArray[np.void]:
    """A record of a block, all zero."""
    return np.zeros((), dtype=block.dtype)


def record(block: Block, out: npt.NDArray[np.void] | None = None, **values: npt.ArrayLike) -> npt.NDArray[np.void]:
    """One filled record of a block, or `out` filled; every member must be given, and none that it has not."""
    out = empty_record(block) if out is None else out
    names = {name for _, name, _ in block.members}
    if set(values) != names:
        raise ValueError(f"block {block.name}: members {sorted(names ^ set(values))} are missing or unknown")
    for name, value in values.items():
        flat = np.asarray(value).ravel()
        out[name].reshape(-1)[: flat.size] = flat
    return out
