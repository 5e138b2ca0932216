"""Everything that a frame depends on, packed into uniform records. No GL here."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulator.acoustics.beam import axial_width_m, beam_table, wavelength_m
from simulator.acoustics.display import GREY_EXPONENTS, HARMONIC_CLUTTER, SMOOTHING_SIGMAS, WHITE_DB, noise_amplitude
from simulator.acoustics.traps import HARMONIC_HAZE, HARMONIC_TRAPS, frequency_response
from simulator.anatomy.breast import gland_of
from simulator.anatomy.muscles import intercostal_m, scapulae_back_deg
from simulator.anatomy.phantom import level_of
from simulator.geometry import Grid, Placement
from simulator.patient import Patient, PatientState
from simulator.probe import LOOK_ANGLES_RAD, Settings, Transducer, bridged_limit_m, scanned_span_m
from simulator.render.blocks import BODY, DEPTH_BLOCKS, FRAME, MOST_TARGETS, PHANTOM, PROBE, record
from simulator.render.lattice import lattice_axes
from simulator.render.sector import ImageGeometry
from simulator.units import MHZ

TILT_REACH_M = 0.0015  # a surface's tilt is measured over twice this along the array..
PLEURA_M = 0.025  # ..and at this depth where lines fan out so fast that those of the face say nothing (D.4 [B])


def samples_per_block(settings: Settings) -> int:
    """Samples in one row of the transmission texture."""
    return max(1, math.ceil(settings.samples / DEPTH_BLOCKS))


def frame_record(
    state: PatientState, placement: Placement, frame_index: int, look: int = 0, out: npt.NDArray[np.void] | None = None
) -> npt.NDArray[np.void]:
    """What changes with every frame and look; written into `out` where that is given."""
    steering_rad = LOOK_ANGLES_RAD[look]
    axes = placement.rotation
    u, v, across, base_m = lattice_axes(axes[:, 1], np.asarray(placement.face_torso))
    return record(
        FRAME,
        out,
        face_torso=placement.face_torso,
        axis_x=axes[:, 0],
        axis_y=axes[:, 1],
        axis_z=axes[:, 2],
        coupling=(placement.compression_m, placement.compressible_m, placement.lift_m, bridged_limit_m(placement)),
        motion=(state.diaphragm_descent_m, state.contraction, state.time_s, state.bronchi_shift_m),
        look=(math.sin(steering_rad), math.cos(steering_rad), look),
        lattice_u=u,
        lattice_v=v,
        lattice_across=(*across, base_m),
        indices=(state.patient.seed & 0x7FFFFFFF, frame_index),
    )


def probe_record(transducer: Transducer, settings: Settings, geometry: ImageGeometry) -> npt.NDArray[np.void]:
    """What changes when a knob moves."""
    beam = beam_table(transducer, settings)
    frequency_hz = settings.frequency_mhz * MHZ
    span = scanned_span_m(transducer, settings)
    fanned = 1.0 + PLEURA_M / transducer.apex_m if transducer.apex_m < PLEURA_M else 1.0
    return record(
        PROBE,
        array=(settings.lines, span, 1.0 / transducer.apex_m, settings.sample_spacing_m),
        beam_shape=(
            axial_width_m(frequency_hz),
            beam.lattice_m,
            samples_per_block(settings),
            max(1, round(TILT_REACH_M * settings.lines / (span * fanned))),
        ),
        pulse=(
            wavelength_m(frequency_hz),
            frequency_response(frequency_hz) * (HARMONIC_TRAPS if settings.harmonics else 1.0),
            beam.axial_sigma_samples,
            noise_amplitude(settings),
        ),
        display=(WHITE_DB, settings.dynamic_range_db, GREY_EXPONENTS[settings.grey_map], settings.persistence),
        looks=(
            settings.looks,
            math.sin(LOOK_ANGLES_RAD[2]),
            HARMONIC_CLUTTER if settings.harmonics else 1.0,
            frequency_response(frequency_hz) * (HARMONIC_HAZE if settings.harmonics else 1.0),
        ),
        display_more=(SMOOTHING_SIGMAS[settings.smoothing], 0.0, 0.0, 0.0),
        sector=(geometry.metres_per_pixel, geometry.centre_x_px, geometry.top_z_m, 1.0 / transducer.radius_m),
    )


def body_record(patient: Patient) -> npt.NDArray[np.void]:
    """What is constant for a patient."""
    body = patient.body
    origin, scale = _texture_frame(body.grid)
    lung_origin, lung_scale = _texture_frame(patient.findings.grid)
    soft, floating = patient.findings.soft, patient.findings.floating
    soft_origin, soft_scale = _texture_frame(soft.grid)
    bronchi_origin, bronchi_scale = _texture_frame(patient.findings.bronchi.grid)
    gland = gland_of(body)
    return record(
        BODY,
        body_origin=origin,
        body_scale=scale,
        lung_origin=lung_origin,
        lung_scale=lung_scale,
        soft_origin=soft_origin,
        soft_scale=(*soft_scale, float(soft.present)),
        bronchi_origin=bronchi_origin,
        bronchi_scale=bronchi_scale,
        floating_tip=(*floating.tip_m, floating.reach_m),
        floating_direction=floating.direction,
        body_shape=(body.axis_y_m, body.notch_to_rib10_m, body.skin_thickness_m, body.diaphragm_thickness_m),
        body_texture=(body.vessels, body.comets, patient.respiration.excursion_m, intercostal_m(body)),
        gland=(gland.azimuth_rad, gland.z_m, gland.radius_m, gland.share),
        scapulae=scapulae_back_deg(body),
    )


def phantom_record(patient: Patient) -> npt.NDArray[np.void]:
    """The targets of a test block; none for a person."""
    targets = () if patient.body.phantom is None else patient.body.phantom.targets
    if len(targets) > MOST_TARGETS:
        raise ValueError(f"a test block has at most {MOST_TARGETS} targets, not {len(targets)}")
    rows = [(target.z_m, target.depth_m, target.radius_m, level_of(target)) for target in targets]
    return record(PHANTOM, phantom=(len(rows),), targets=np.array(rows, dtype=np.float32))


def features(patient: Patient, transducer: Transducer, settings: Settings) -> frozenset[str]:
    """What of this patient, probe and console is compiled into the passes: macros of the shaders."""
    findings = patient.findings
    has = {
        "SOFT_GAS": findings.soft.present,
        "FLOATING": findings.floating.reach_m > 0.0,
        "OPEN_BRONCHI": findings.bronchi_shift_m != 0.0,
        "FINE_BRONCHI": findings.bronchi.present,
        "LENSES": len(findings.lenses) > 0,
        "PARALLEL_LINES": transducer.apex_m == math.inf,
        "FLAT_FACE": transducer.radius_m == math.inf,
        "PERSISTENCE": settings.persistence > 0.0,
        "SMOOTHING": settings.smoothing != "off",
        "BENT_GREYS": GREY_EXPONENTS[settings.grey_map] != 1.0,
        "GLANDS": gland_of(patient.body).radius_m > 0.0,
        "PHANTOM": patient.body.phantom is not None,
    }
    return frozenset(name for name, there in has.items() if there)


def _texture_frame(grid: Grid) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where the texture coordinate is 0, and coordinate per metre."""
    origin = np.asarray(grid.origin_m) - 0.5 * grid.spacing_m
    return origin, 1.0 / np.asarray(grid.size_m())
