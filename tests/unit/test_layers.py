"""The layers of the 3D view: all there, small, closed, facing outwards, and where the fields say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.anatomy.body import Body
from simulator.anatomy.layers import GROUPS, MOST_FACES, Layer, body_layers
from simulator.anatomy.lobes import LOBES, lobe_at
from simulator.anatomy.mesh import organ_distance
from simulator.anatomy.palette import PALETTE, Part
from simulator.pathology.bake import bake_findings
from simulator.pathology.consolidation import Consolidation
from simulator.pathology.effusion import Effusion
from simulator.pathology.fields import healthy
from simulator.pathology.interstitial import Interstitial
from simulator.pathology.layers import disease_layers
from simulator.pathology.region import Region

BodyOf = Callable[[str], Body]
ML = 1e-6
EXPECTED = {
    "Muscle", "Ribs", "Costal cartilages", "Sternum", "Clavicles", "Scapulae", "Spine", "Right upper lobe",
    "Middle lobe", "Right lower lobe", "Left upper lobe", "Left lower lobe", "Heart", "Liver", "Spleen", "Kidneys",
    "Stomach gas", "Diaphragm", "Great arteries", "Great veins", "Trachea",
}  # fmt: skip


def volume_l(layer: Layer) -> float:
    """Signed volume of a closed mesh, litres."""
    a, b, c = (layer.mesh.vertices[layer.mesh.faces[:, i]].astype(float) for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6.0 * 1e3


@pytest.fixture(scope="module")
def layers(body_of: BodyOf) -> dict[str, Layer]:
    """The layers of the woman, by name."""
    return {layer.name: layer for layer in body_layers(body_of("woman"))}


def test_every_layer_is_there_and_small(layers: dict[str, Layer]) -> None:
    """Names, groups, sizes, types; colours of the palette."""
    assert set(layers) == EXPECTED
    for layer in layers.values():
        mesh = layer.mesh
        assert layer.group in GROUPS
        assert 0 < len(mesh.faces) <= MOST_FACES, layer.name
        assert mesh.faces.max() == len(mesh.vertices) - 1
        assert (mesh.vertices.dtype, mesh.faces.dtype, mesh.normals.dtype) == (np.float32, np.int32, np.float32)
        assert layer.colours.shape == mesh.vertices.shape
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=0.02)
    assert np.allclose(layers["Liver"].colours[0] * 255.0, PALETTE[Part.LIVER].rgb)


def test_solids_are_closed_and_face_outwards(layers: dict[str, Layer]) -> None:
    """Every edge has two sides but for the diaphragm's sheet; volumes are positive; normals agree with the faces."""
    for name, layer in layers.items():
        mesh = layer.mesh
        corners = mesh.vertices[mesh.faces].astype(float)
        faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        agree = np.einsum("ij,ij->i", faces, mesh.normals[mesh.faces].mean(axis=1)) > 0.0
        assert agree.mean() > 0.9, name
        if name == "Diaphragm":
            continue
        edges = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
        _, counts = np.unique(edges, axis=0, return_counts=True)
        assert (counts % 2 == 0).all(), name
        assert volume_l(layer) > 0.0, name


def test_the_lobes_are_the_lungs(body_of: BodyOf, layers: dict[str, Layer]) -> None:
    """Their volumes add up to the lungs', and the middle of each lobe's mesh is in that lobe."""
    body = body_of("woman")
    lobes = [layers[PALETTE[Part[name]].name] for name in LOBES]
    voxels = float((organ_distance(body, "lung") < 0.0).sum()) * body.grid.spacing_m**3 * 1e3
    assert sum(map(volume_l, lobes)) == pytest.approx(voxels, rel=0.05)
    middles = np.array([layer.mesh.vertices.mean(axis=0) for layer in lobes])
    assert lobe_at(body, middles) == list(LOBES)


def test_rods_lie_on_the_surface_of_their_bone(body_of: BodyOf, layers: dict[str, Layer]) -> None:
    """Corners of the swept tubes are where the field is zero, but where a neighbour is joined and at the caps."""
    body = body_of("woman")
    for name, channel in (("Ribs", "bone"), ("Costal cartilages", "cartilage"), ("Sternum", "bone")):
        distance = np.abs(body.sample(channel, layers[name].mesh.vertices))
        assert np.percentile(distance, 80) < 0.0008, name


def test_a_healthy_body_has_no_disease(body_of: BodyOf) -> None:
    """No finding, no layer."""
    body = body_of("woman")
    assert disease_layers(body, healthy(body.grid)) == ()


def test_disease_is_where_it_was_put(body_of: BodyOf) -> None:
    """A consolidation in its lobe, fluid of its volume on its side, the wet surface coloured where traps are."""
    body = body_of("woman")
    findings = bake_findings(
        body,
        [
            Effusion(-1.0, volume_m3=300.0 * ML), Consolidation(Region(lobes=("RUL",)), bronchograms="none"),
            Interstitial(Region(zones=("R4",)), "white_lung"),
        ],
        use_cache=False,
    )  # fmt: skip
    found = {layer.name: layer for layer in disease_layers(body, findings)}
    assert set(found) == {"Consolidation", "Pleural effusion", "Interstitial syndrome"}
    assert all(layer.group == "disease" and len(layer.mesh.faces) <= MOST_FACES for layer in found.values())
    assert volume_l(found["Pleural effusion"]) == pytest.approx(0.300, rel=0.15)
    assert found["Pleural effusion"].mesh.vertices[:, 0].max() < 0.0
    airless = found["Consolidation"].mesh.vertices
    assert set(lobe_at(body, airless[:: max(1, len(airless) // 200)])) <= {"RUL", "RML", "RLL"}
    assert airless[:, 0].min() > 0.0
    wet = found["Interstitial syndrome"]
    assert np.abs(body.sample("pleura", wet.mesh.vertices)).max() < 0.006
    yellow = np.array(PALETTE[Part.INTERSTITIAL].rgb) / 255.0
    assert np.percentile(np.abs(wet.colours - yellow).max(axis=1), 50) < 0.15
