"""Every function of shaders/lib against its NumPy twin, run over arrays through a float texture."""

from __future__ import annotations

from collections.abc import Callable

import moderngl
import numpy as np
import numpy.typing as npt
import pytest

from simulator.acoustics import display, hashing, reverberation
from simulator.anatomy import breast, muscles
from simulator.anatomy.body import above_dome_m
from simulator.geometry import uncompressed_depth_m
from simulator.pathology import lenses
from simulator.physiology.airways import from_hilum
from simulator.physiology.chest_wall import wall_shift_m
from simulator.physiology.floating import floating_share, sway_m
from simulator.physiology.heart import artery_now_m
from simulator.physiology.respiration import slide_m, sliding_fraction
from simulator.physiology.sliding import air_now_m, attached, fluid_now_m, lung_descent_m, pulse_m
from simulator.probe import PRESETS, TRANSDUCERS, Transducer, scan_lines
from simulator.render.sector import sector_shape
from simulator.render.shader_source import load_shader

COUNT = 512

RunGlsl = Callable[[str, str, npt.NDArray[np.float32]], npt.NDArray[np.float32]]


@pytest.fixture
def run_glsl(gl_context: moderngl.Context) -> RunGlsl:
    """Evaluate `expression` (a vec4 of vec4 `a`) from a library file over rows of four floats."""

    def run(library: str, expression: str, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        source = (
            f"#version 330 core\n{load_shader(library).text}\nuniform sampler2D data;\nout vec4 result;\n"
            f"void main() {{ vec4 a = texelFetch(data, ivec2(gl_FragCoord.xy), 0); result = {expression}; }}"
        )
        data = np.ascontiguousarray(rows, dtype="f4").tobytes()
        with gl_context:
            program = gl_context.program(vertex_shader=load_shader("pass/fullscreen.vert").text, fragment_shader=source)
            texture = gl_context.texture((len(rows), 1), 4, data, dtype="f4")
            target = gl_context.framebuffer([gl_context.texture((len(rows), 1), 4, dtype="f4")])
            target.use()
            texture.use(0)
            gl_context.vertex_array(program, []).render(moderngl.TRIANGLES, vertices=3)
            out = np.frombuffer(target.read(components=4, dtype="f4"), dtype=np.float32).reshape(-1, 4)
        assert np.isfinite(out).all()
        return out

    return run


def rows(*columns: npt.ArrayLike) -> npt.NDArray[np.float32]:
    out = np.zeros((COUNT, 4), dtype=np.float32)
    for index, column in enumerate(columns):
        out[:, index] = column
    return out


def test_hash_is_the_same_bit_for_bit(run_glsl: RunGlsl) -> None:
    rng = np.random.default_rng(1)
    cells = rng.integers(-5000, 5000, (COUNT, 3))
    out = run_glsl(
        "lib/hash.glsl",
        "vec4(unit_float(hash_cell(ivec3(a.xyz), 42u)), 0.0, 0.0, 0.0)",
        rows(*cells.T.astype(np.float32)),
    )
    np.testing.assert_array_equal(out[:, 0], hashing.unit_float(hashing.hash_cell(cells, 42)))


def test_complex_noise_has_unit_power(run_glsl: RunGlsl) -> None:
    out = run_glsl("lib/hash.glsl", "vec4(complex_noise(pcg(uint(a.x))), 0.0, 0.0)", rows(np.arange(COUNT)))
    assert np.mean(np.sum(out[:, :2] ** 2, axis=1)) == pytest.approx(1.0, abs=0.1)
    assert np.abs(out[:, :2].mean(axis=0)).max() < 0.1


def test_lenses(run_glsl: RunGlsl) -> None:
    rng = np.random.default_rng(8)
    points = rng.uniform(-0.02, 0.02, (COUNT, 3)).astype(np.float32)
    out = run_glsl("lib/lens.glsl", "vec4(shred(a.xyz), 0.0, 0.0, 0.0)", rows(*points.T))
    np.testing.assert_allclose(out[:, 0], lenses.shred(points), atol=2e-4)
    across, depth = rng.uniform(0.0, 0.012, COUNT), rng.uniform(-0.005, 0.012, COUNT)
    out = run_glsl("lib/lens.glsl", "vec4(half_ellipse_m(a.x, a.y, 0.002, 0.003), 0.0, 0.0, 0.0)", rows(across, depth))
    np.testing.assert_allclose(out[:, 0], lenses.half_ellipse_m(across, depth, 0.002, 0.003), atol=1e-7)
    for half_m, deep_m in ((0.002, 0.003), (0.007, 0.009), (0.015, 0.030)):
        inward = np.array([-0.6, 0.0, 0.8])
        one = lenses.lens(np.array([0.09, -0.05, -0.14]), inward, half_m, deep_m, (8,))
        size = 3.0 * max(half_m, deep_m)
        at = (one[0, :3] + rng.uniform(-size, size, (COUNT, 3))).astype(np.float32)
        depth = rng.uniform(-0.5 * size, size, COUNT).astype(np.float32)
        given = ", ".join(f"vec4({', '.join(f'{v:.9e}' for v in row)})" for row in one)
        out = run_glsl("lib/lens.glsl", f"vec4(lens_m({given}, a.xyz, a.w), 0.0, 0.0, 0.0)", rows(*at.T, depth))
        np.testing.assert_allclose(out[:, 0], lenses.lens_m(one, at, depth), atol=5e-6)


def test_sliding(run_glsl: RunGlsl) -> None:
    h = np.linspace(-0.3, 1.4, COUNT)
    out = run_glsl("lib/motion.glsl", "vec4(sliding_fraction(a.x), 0.0, 0.0, 0.0)", rows(h))
    np.testing.assert_allclose(out[:, 0], sliding_fraction(h), atol=1e-6)


def test_lung_motion(run_glsl: RunGlsl) -> None:
    heart_m = np.linspace(-0.03, 0.06, COUNT)
    wet = run_glsl("lib/motion.glsl", "vec4(fluid_now_m(a.x, a.y), 0.0, 0.0, 0.0)", rows(heart_m, 0.02))
    np.testing.assert_allclose(wet[:, 0], fluid_now_m(heart_m, 0.02), atol=1e-7)
    air_m = np.tile([-0.02, -4e-4, 0.0, 8e-4, 0.03], COUNT)[:COUNT]
    h, loss = np.linspace(-0.2, 1.2, COUNT), np.linspace(1.0, 0.0, COUNT)
    out = run_glsl(
        "lib/motion.glsl", "vec4(pulse_m(a.x, 0.7), lung_descent_m(0.017, 0.017, a.y, a.z, a.w, a.x, 0.7),"
        " attached(a.w), air_now_m(a.w, 0.017))",
        rows(heart_m, h, loss, air_m),
    )  # fmt: skip
    np.testing.assert_allclose(out[:, 0], pulse_m(heart_m, 0.7), atol=1e-8)
    np.testing.assert_allclose(out[:, 1], lung_descent_m(0.017, 0.017, h, loss, air_m, heart_m, 0.7), atol=1e-7)
    np.testing.assert_allclose(out[:, 2], attached(air_m), atol=1e-4)
    np.testing.assert_allclose(out[:, 3], air_now_m(air_m, 0.017), atol=1e-7)


def test_great_vessels(run_glsl: RunGlsl) -> None:
    shared_m, dome_m = np.linspace(-0.05, 0.05, COUNT), np.tile([-0.02, 0.0, 0.03], COUNT)[:COUNT]
    out = run_glsl(
        "lib/vessels.glsl", "vec4(above_dome_m(a.x, a.y), artery_now_m(a.x, 0.8), 0.0, 0.0)", rows(shared_m, dome_m)
    )
    np.testing.assert_allclose(out[:, 0], above_dome_m(shared_m, dome_m), atol=1e-8)
    np.testing.assert_allclose(out[:, 1], artery_now_m(shared_m, 0.8), atol=1e-7)


@pytest.mark.parametrize("descent_m", [0.0, 0.009, 0.018, 0.045, 0.070])
def test_motion_in_deep_breaths(run_glsl: RunGlsl, descent_m: float) -> None:
    h, distance_m = np.linspace(-0.2, 1.2, COUNT), np.linspace(-0.05, 0.05, COUNT)
    out = run_glsl(
        "lib/motion.glsl", f"vec4(slide_m({descent_m}, 0.018, a.x), fluid_now_m(a.y, {descent_m}),"
        f" air_now_m(a.y, {descent_m}), sway_m({descent_m}, 0.6))",
        rows(h, distance_m),
    )  # fmt: skip
    np.testing.assert_allclose(out[:, 0], slide_m(descent_m, 0.018, h), atol=1e-7)
    np.testing.assert_allclose(out[:, 1], fluid_now_m(distance_m, descent_m), atol=1e-7)
    np.testing.assert_allclose(out[:, 2], air_now_m(distance_m, descent_m), atol=1e-7)
    np.testing.assert_allclose(out[:, 3], sway_m(descent_m, 0.6), atol=1e-7)


def test_sway_of_floating_lung(run_glsl: RunGlsl) -> None:
    points = np.random.default_rng(5).uniform(-0.1, 0.1, (COUNT, 3))
    out = run_glsl(
        "lib/motion.glsl", "vec4(floating_share(a.xyz, vec3(0.03, -0.05, -0.02), 0.045), sway_m(a.w, 0.6), 0.0, 0.0)",
        rows(*points.T, 0.017),
    )  # fmt: skip
    np.testing.assert_allclose(out[:, 0], floating_share(points, (0.03, -0.05, -0.02), 0.045), atol=1e-5)
    np.testing.assert_allclose(out[:, 1], sway_m(0.017, 0.6), atol=1e-7)


def test_chest_wall(run_glsl: RunGlsl) -> None:
    points = np.random.default_rng(6).uniform((-0.2, -0.25, -0.7), (0.2, 0.05, 0.1), (COUNT, 3))
    out = run_glsl("lib/chest_wall.glsl", "vec4(wall_shift_m(a.xyz, 3.8, -0.09, 0.3), 0.0)", rows(*points.T))
    np.testing.assert_allclose(out[:, :3], wall_shift_m(points, 3.8, -0.09, 0.3), atol=1e-6)


def test_borders_of_muscles(run_glsl: RunGlsl) -> None:
    rng = np.random.default_rng(7)
    place = rng.uniform(0.0, 180.0, COUNT), rng.uniform(-0.2, 1.3, COUNT), rng.uniform(-4.0, 20.0, COUNT)
    out = run_glsl(
        "lib/muscles.glsl",
        "vec4(outer_muscles(a.x, a.y, a.z), inner_muscles(a.x, a.y, a.z), inner_share(a.x, a.y, a.z), 0.0)",
        rows(*place),
    )
    np.testing.assert_allclose(out[:, 0], np.minimum(muscles.outer_muscles(*place).sum(axis=0), 1.0), atol=1e-4)
    np.testing.assert_allclose(out[:, 1], muscles.inner_muscles(*place).sum(axis=0), atol=1e-4)
    np.testing.assert_allclose(out[:, 2], muscles.inner_share(*place), atol=1e-3)
    share, muscle_m, pleura_m = (
        rng.uniform(0.0, 1.0, COUNT),
        rng.uniform(-0.04, 0.01, COUNT),
        rng.uniform(0, 0.04, COUNT),
    )
    out = run_glsl(
        "lib/muscles.glsl", "vec4(muscle_borders_m(0.008, a.x, a.y, a.z), 0.0, 0.0)", rows(share, muscle_m, pleura_m)
    )
    np.testing.assert_allclose(out[:, :2].T, muscles.borders_m(0.008, share, muscle_m, pleura_m), atol=1e-7)


def test_glands_of_the_breast(run_glsl: RunGlsl) -> None:
    rng = np.random.default_rng(8)
    azimuth, z = rng.uniform(-1.5, 1.5, COUNT), rng.uniform(-0.25, 0.0, COUNT)
    fat_m, under_skin_m = rng.uniform(0.0, 0.04, COUNT), rng.uniform(0.0, 0.04, COUNT)
    out = run_glsl(
        "lib/breast.glsl", "vec4(gland_level(vec4(0.66, -0.12, 0.04, 0.6), a.x, a.y, a.z, a.w), 0.0, 0.0, 0.0)",
        rows(azimuth, z, fat_m, under_skin_m),
    )  # fmt: skip
    gland = breast.Gland(0.66, -0.12, 0.04, 0.6)
    np.testing.assert_allclose(out[:, 0], breast.gland_level(gland, azimuth, z, fat_m, under_skin_m), atol=2e-4)


def test_away_from_the_hilum(run_glsl: RunGlsl) -> None:
    points = np.random.default_rng(3).uniform(-0.15, 0.15, (COUNT, 3))
    out = run_glsl("lib/motion.glsl", "vec4(from_hilum(a.xyz, -0.08, 0.3), 0.0)", rows(*points.T))
    np.testing.assert_allclose(out[:, :3], from_hilum(points.astype(np.float32), -0.08, 0.3), atol=1e-5)


def test_depth_under_pressure(run_glsl: RunGlsl) -> None:
    depth = np.linspace(0.0, 0.1, COUNT)
    gap = np.tile([0.0, 0.002, 0.007, 0.01], COUNT // 4)
    out = run_glsl(
        "lib/motion.glsl", "vec4(uncompressed_depth_m(a.x, 0.02, 0.004, a.y), 0.0, 0.0, 0.0)", rows(depth, gap)
    )
    np.testing.assert_allclose(out[:, 0], uncompressed_depth_m(depth, 0.02, 0.004, gap), atol=1e-7)


def test_coherent_amplitude_and_acceptance(run_glsl: RunGlsl) -> None:
    height = np.linspace(0.0, 2e-4, COUNT)
    tilt = np.linspace(-0.3, 0.3, COUNT)
    out = run_glsl(
        "lib/reverberation.glsl",
        "vec4(coherent_amplitude(a.x, 4.4e-4), acceptance(2.0, a.y, 0.02, 0.157, 0.122), 0.0, 0.0)",
        rows(height, tilt),
    )
    np.testing.assert_allclose(out[:, 0], reverberation.coherent_amplitude(height, 4.4e-4), atol=1e-5)
    expected = np.exp(-((2 * tilt / 0.157) ** 2) - (2 * 0.02 / 0.122) ** 2)
    np.testing.assert_allclose(out[:, 1], expected, atol=1e-5)


def test_grey_level(run_glsl: RunGlsl) -> None:
    level_db = np.linspace(-80.0, 60.0, COUNT)
    out = run_glsl(
        "lib/display.glsl",
        f"vec4(grey_level(a.x, {display.WHITE_DB}, 60.0, 1.0),"
        f" grey_level(a.x, {display.WHITE_DB}, 60.0, 0.8), 0.0, 0.0)",
        rows(10.0 ** (level_db / 20.0)),
    )
    np.testing.assert_allclose(out[:, 0], display.grey_level(level_db, 60.0), atol=1e-4)
    np.testing.assert_allclose(out[:, 1], display.grey_level(level_db, 60.0, "soft"), atol=1e-4)


@pytest.mark.parametrize("probe", TRANSDUCERS.values(), ids=lambda t: t.key)
def test_scan_lines(run_glsl: RunGlsl, probe: Transducer) -> None:
    scan = scan_lines(probe, PRESETS[probe.key].replace(lines=COUNT))
    arc = (0.5 - (np.arange(COUNT) + 0.5) / COUNT) * probe.span_m
    curved = rows(arc, 1.0 / probe.apex_m, 1.0 / probe.radius_m)
    origin = run_glsl("lib/sector.glsl", "vec4(line_origin_m(a.x, a.y, a.z), 0.0)", curved)
    direction = run_glsl("lib/sector.glsl", "vec4(line_direction(a.x, a.y), 0.0)", curved)
    np.testing.assert_allclose(origin[:, :3], scan.origins_m, atol=2e-6)
    np.testing.assert_allclose(direction[:, :3], scan.directions, atol=1e-6)


@pytest.mark.parametrize("probe", TRANSDUCERS.values(), ids=lambda t: t.key)
@pytest.mark.parametrize("lean_deg", [0.0, -8.0, 8.0])
def test_line_through_a_point(run_glsl: RunGlsl, probe: Transducer, lean_deg: float) -> None:
    """A point on a steered line, given as a point of the plane, is found on that line again."""
    scan = scan_lines(probe, PRESETS[probe.key].replace(lines=COUNT))
    arc = (0.5 - (np.arange(COUNT) + 0.5) / COUNT) * probe.span_m
    depth = np.random.default_rng(5).uniform(0.002, 0.10, COUNT)
    angle = np.arctan2(scan.directions[:, 0], scan.directions[:, 2]) + np.radians(lean_deg)
    x = scan.origins_m[:, 0] + depth * np.sin(angle)
    z = scan.origins_m[:, 2] + depth * np.cos(angle)
    curves = f"{1.0 / probe.apex_m:.8e}, {1.0 / probe.radius_m:.8e}"
    sine = float(np.sin(np.radians(lean_deg)))
    one = f"line_through(a.xy, {curves})" if lean_deg == 0.0 else f"steered_line_through(a.xy, {sine:.8e}, {curves})"
    found = run_glsl("lib/sector.glsl", f"vec4({one}, 0.0, 0.0)", rows(x, z))
    np.testing.assert_allclose(found[:, 0], arc, atol=3e-6)
    np.testing.assert_allclose(found[:, 1], depth, atol=3e-6)
    if lean_deg == 0.0:
        twin = sector_shape(probe, 0.1, probe.span_m).line_through(np.stack([x, z], axis=-1))
        np.testing.assert_allclose(twin, (arc, depth), atol=1e-9)


def test_acceptance_fades_higher_orders_first() -> None:
    """-9 dB at 50 um rms and 3.5 MHz; gone beyond 15 degrees, higher orders first (image-formation.md)."""
    assert 20 * np.log10(float(reverberation.coherent_amplitude(50e-6, 4.4e-4))) == pytest.approx(-9.0, abs=0.5)
    tilt = np.radians(5.0)
    values = [float(reverberation.acceptance(k, tilt, 0.0)) for k in (1, 2, 3, 4)]
    assert values == sorted(values, reverse=True)
    assert 20 * np.log10(float(reverberation.acceptance(2, np.radians(15.0), 0.0))) < -40.0
