"""A labelled frame for each sign and severity, with each probe, and a contact sheet: to look at beside real frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simulator.assessment.signs import SIGNS
from simulator.assessment.truth import Truth, truth
from simulator.geometry import Pose
from simulator.messages import _
from simulator.patient import Patient
from simulator.recording import write_png
from simulator.scanner import Scanner
from simulator.scenario.catalogue import list_scenarios

Image = npt.NDArray[np.uint8]

TILE_PX = (520, 440)
LABEL_PX = 52
COLUMNS = 4
TIME_S = 0.7  # about the middle of an inspiration at 16 a minute


@dataclass(frozen=True)
class Exhibit:
    """One view worth showing: signs or an aeration score that no view before had."""

    signs: tuple[str, ...]
    case: str
    zone: str
    score: int | None
    pose: Pose

    def label(self, probe: str) -> str:
        """What is new here, and where it is."""
        signs = ", ".join(_(SIGNS[sign].name) for sign in self.signs)
        score = "-" if self.score is None else self.score
        return f"{signs}\n{self.case} {self.zone}, score {score}, {probe}"


def exhibits(case: str, found: Truth, have: set[str]) -> list[Exhibit]:
    """Views of a case that show signs, or a score of this case, not in `have`, which is added to."""
    out = []
    for key, zone in found.zones.items():
        if zone.worst is None or zone.worst.pose is None:
            continue
        shown = {*zone.worst.signs, f"{case} {zone.score}"}
        if not shown <= have:
            signs = tuple(sign for sign in SIGNS if sign in zone.worst.signs - have)
            out.append(Exhibit(signs, case, key, zone.score, zone.worst.pose))
            have |= shown
    return out


def run_gallery(out: Path, progress: Callable[[str, float], None]) -> list[Path]:
    """Write the frames and `gallery.png` into `out`; returns what was written."""
    out.mkdir(parents=True, exist_ok=True)
    have: set[str] = set()
    tiles: list[Image] = []
    written: list[Path] = []
    cases = [found for entry in list_scenarios() if (found := entry.scenario) is not None and not found.is_phantom]
    for number, scenario in enumerate(cases):
        progress(scenario.id, number / len(cases))
        patient: Patient = scenario.build()
        for exhibit in exhibits(scenario.id, truth(patient), have):
            for probe in ("convex", "linear"):  # those that are on every ward
                with Scanner(patient, probe, size_px=TILE_PX) as scanner:
                    scanner.pose = exhibit.pose
                    tile = labelled(scanner.frame(TIME_S).image, exhibit.label(probe))
                written.append(write_png(tile, out / f"{exhibit.case}-{exhibit.zone}-{probe}.png"))
                tiles.append(tile)
    written.append(write_png(_sheet(tiles), out / "gallery.png"))
    return written


def labelled(image: Image, text: str) -> Image:
    """The image with two lines of text above it."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    height, width = image.shape
    tile = Pillow.new("L", (width, height + LABEL_PX))
    tile.paste(Pillow.fromarray(image), (0, LABEL_PX))
    ImageDraw.Draw(tile).text((8, 4), text, fill=210, font=ImageFont.load_default(size=17))
    return np.asarray(tile)


def _sheet(tiles: list[Image]) -> Image:
    rows = []
    for start in range(0, len(tiles), COLUMNS):
        row = tiles[start : start + COLUMNS]
        row += [np.zeros_like(row[0])] * (COLUMNS - len(row))
        rows.append(np.concatenate(row, axis=1))
    return np.concatenate(rows, axis=0)
