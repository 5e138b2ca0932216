"""Draw a gallery of bodies to look at, from in front, the right and behind: `python tools/people.py FOLDER`."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")

SIZE, DISTANCE_M, TARGET = (440, 560), 1.75, (0.0, -0.10, -0.13)
VIEWS_DEG = (0.0, 40.0, 90.0, 180.0)
PEOPLE = (  # sex, age in years, height in m, body mass index, posture
    ("female", 18, 1.50, 17, "supine"), ("female", 30, 1.65, 22, "sitting"), ("female", 45, 1.70, 30, "semi_recumbent"),
    ("female", 60, 1.60, 38, "supine"), ("female", 75, 1.55, 24, "lateral_left"), ("female", 90, 1.52, 19, "sitting"),
    ("female", 50, 1.65, 45, "supine"), ("male", 18, 1.80, 17, "sitting"), ("male", 30, 1.78, 24, "supine"),
    ("male", 45, 2.00, 27, "lateral_right"), ("male", 55, 1.75, 33, "semi_recumbent"),
    ("male", 60, 1.72, 45, "sitting"),
    ("male", 80, 1.68, 22, "supine"), ("male", 90, 1.70, 28, "semi_recumbent"),
)  # fmt: skip


def main() -> None:
    """One picture a body."""
    import numpy as np
    from PIL import Image, ImageDraw

    from simulator.anatomy.body import Habitus
    from simulator.anatomy.cache import load_body
    from simulator.anatomy.person import nipple_torso, person_mesh
    from simulator.probe import CONVEX
    from simulator.render.camera import Camera
    from simulator.render.context import headless_context
    from simulator.render.skin_tone import skin_linear
    from simulator.render.torso import TorsoView
    from simulator.render.torso_scene import TorsoScene

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    view = TorsoView(headless_context())
    for number, (sex, age, height, bmi, posture) in enumerate(PEOPLE, start=1):
        body = load_body(Habitus(sex, float(age), height, bmi * height**2), posture)
        mesh = person_mesh(body, posture)
        view.set_body(
            mesh.vertices, mesh.faces, mesh.normals, body.axis_y_m, body.notch_to_rib10_m,
            paint=mesh.paint, skin_linear=skin_linear(number), nipple_torso=nipple_torso(body),
        )  # fmt: skip
        row = []
        for yaw in VIEWS_DEG:
            camera = Camera(yaw_rad=math.radians(yaw), distance_m=DISTANCE_M, target_torso=TARGET)
            scene = TorsoScene(camera, None, CONVEX, 0.1, posture=posture, show_zones=yaw == 40.0)
            pixels = np.frombuffer(view.draw(scene, SIZE).read(), np.uint8)
            row.append(pixels.reshape(SIZE[1], SIZE[0], 4)[::-1, :, :3])
        image = Image.fromarray(np.concatenate(row, axis=1))
        title = f"{sex}, {age} years, {height:.2f} m, BMI {bmi}, {posture}"
        ImageDraw.Draw(image).text((12, 10), title, fill=(230, 235, 240))
        image.save(folder / f"{number:02d}_{sex}_{age}_{bmi}_{posture}.png")


if __name__ == "__main__":
    main()
