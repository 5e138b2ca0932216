"""Pictures to look at beside real frames: a labelled tile for each sign and Covid severity, on sheets, indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from simulator.assessment.truth import Truth, truth
from simulator.bench.signs import CATALOGUE, SignEntry
from simulator.bench.views import GRID, Shot, View, shoot
from simulator.patient import Patient
from simulator.probe import PRESETS
from simulator.recording import write_png
from simulator.scanner import Scanner
from simulator.scenario.build import build
from simulator.scenario.load import Scenario, load_scenario
from simulator.scenario.schema import CovidSpec, Grade

Image = npt.NDArray[np.uint8]

TILE_PX = (480, 440)
LABEL_PX = 62
COLUMNS, ROWS = 3, 4  # tiles of a sheet: at most twelve, so that each is big enough to judge
TIME_S = 0.7  # about the middle of an inspiration at 16 a minute
MMODE_S, MMODE_RATE_HZ = 4.2, 60.0  # of a tile
SCORED = ("covid_moderate", "covid_severe")  # where views of each aeration score are taken from
SEVERITIES: tuple[tuple[Grade, int], ...] = (("mild", 4), ("moderate", 7), ("severe", 10))  # day of each [V46]
PROBES = ("convex", "linear")


@dataclass(frozen=True)
class Tile:
    """One labelled picture; `value` and `verdict` are words, empty where nothing is measured."""

    key: str
    title: str
    look: str
    where: str
    value: str
    verdict: str
    image: Image

    @property
    def labelled(self) -> Image:
        """The picture with three lines of text above it."""
        measured = f"{self.value} {self.verdict}".strip()
        return labelled(self.image, f"{self.title}: {self.look}\n{self.where}\n{measured}")


def run_gallery(out: Path, progress: Callable[[str, float], None]) -> list[Path]:
    """Write tiles, sheets `gallery-1.png` ... and the index `gallery.md` into `out`; returns what was written."""
    out.mkdir(parents=True, exist_ok=True)
    tiles: list[Tile] = []
    patients: dict[str, Patient] = {}
    for number, entry in enumerate(CATALOGUE.values()):
        progress(entry.term, 0.8 * number / len(CATALOGUE))
        if entry.case not in patients:
            patients[entry.case] = load_scenario(entry.case).build()
        tiles += sign_tiles(entry, patients[entry.case])
    progress("Covid-19", 0.8)
    tiles += covid_tiles(patients)
    written = [write_png(tile.labelled, out / f"{tile.key}.png") for tile in tiles]
    sheets = _sheets([tile.labelled for tile in tiles])
    written += [write_png(sheet, out / f"gallery-{k + 1}.png") for k, sheet in enumerate(sheets)]
    index = out / "gallery.md"
    index.write_text(index_text(tiles), encoding="utf-8")
    return [*written, index]


def sign_tiles(entry: SignEntry, patient: Patient) -> Iterator[Tile]:
    """A sign with the probe of its measure, and with the others that show it."""
    for probe in (entry.probe, *entry.also):
        with Scanner(patient, probe, size_px=TILE_PX) as scanner:
            view = entry.view if probe == entry.probe else _without_depth(entry.view)
            shot = shoot(scanner, view)
            value = verdict = ""
            pose = shot.pose
            if probe == entry.probe:
                measured = entry.measure(shot)
                value = f"{entry.what}: {measured:.2f} {entry.unit}".strip()
                verdict = f"(wanted {entry.target}){'' if entry.holds(measured) else ' MISSED'}"
            image = (
                _mmode(shot, entry)
                if entry.tile == "mmode"
                else _drawn(scanner, replace(view, pose=pose, along_mm=0.0, fan_deg=0.0, rock_deg=0.0))
            )
        where = f"{entry.case} {entry.view.zone}, {probe}"
        yield Tile(f"{entry.key}-{probe}", entry.term, entry.look, where, value, verdict, image)


def covid_tiles(patients: dict[str, Patient]) -> Iterator[Tile]:
    """A view of each aeration score, and the worst zone of a generated patient of each severity."""
    wanted = {0, 1, 2, 3}
    for case in SCORED:
        patient = patients.setdefault(case, load_scenario(case).build())
        for key, zone in truth(patient).zones.items():
            if zone.score in wanted and zone.worst is not None and zone.worst.pose is not None:
                wanted.discard(zone.score)
                view = View(key, pose=zone.worst.pose)
                yield from _views(f"score-{zone.score}", f"aeration score {zone.score}", patient, view, f"{case} {key}")
    scenario = load_scenario(SCORED[0])
    for severity, day in SEVERITIES:
        patient = build(generated(scenario, severity, day))
        found: Truth = truth(patient)
        zone = max(found.zones.values(), key=lambda z: (z.score or 0, z.zone))
        if zone.worst is None or zone.worst.pose is None:
            continue
        where = f"day {day}, zone {zone.zone} of score {zone.score}, total {found.total} of 36"
        yield from _views(
            f"covid-{severity}", f"{severity} Covid-19", patient, View(zone.zone, pose=zone.worst.pose), where
        )


def generated(scenario: Scenario, severity: Grade, day: int) -> Scenario:
    """The scenario's patient with a Covid pneumonia drawn at random instead of what the file says."""
    finding = CovidSpec(kind="covid", day=day, severity=severity, seed=3)
    return replace(scenario, spec=scenario.spec.model_copy(update={"findings": [finding]}))


def _views(key: str, title: str, patient: Patient, view: View, where: str) -> Iterator[Tile]:
    for probe in PROBES:
        with Scanner(patient, probe, size_px=TILE_PX) as scanner:
            yield Tile(
                f"{key}-{probe}", title, "worst view of the zone", f"{where}, {probe}", "", "", _drawn(scanner, view)
            )


def _without_depth(view: View) -> View:
    """The view with the other probe's own depth and focus."""
    return replace(view, knobs={k: v for k, v in view.knobs.items() if k not in ("depth_cm", "focus_cm")})


def _drawn(scanner: Scanner, view: View) -> Image:
    """The picture at the full grid of the preset."""
    pose = view.held(scanner.patient)
    scanner.settings = PRESETS[scanner.transducer.key].replace(**view.knobs)
    scanner.pose = pose
    return scanner.frame(TIME_S).image


def _mmode(shot: Shot, entry: SignEntry) -> Image:
    """The M-mode of the line that the measure takes, as large as a tile."""
    from PIL import Image as Pillow

    shot.scanner.settings, shot.scanner.pose = shot.picture.settings, shot.pose
    line = shot.border_line if entry.term == "lung point" else shot.square_line
    grey = shot.scanner.mmode(line, MMODE_S, MMODE_RATE_HZ)
    return np.asarray(Pillow.fromarray(grey).resize(TILE_PX, Pillow.Resampling.BILINEAR))


def labelled(image: Image, text: str) -> Image:
    """The image with lines of text above it."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    height, width = image.shape
    tile = Pillow.new("L", (width, height + LABEL_PX))
    tile.paste(Pillow.fromarray(image), (0, LABEL_PX))
    ImageDraw.Draw(tile).text((6, 3), text, fill=210, font=ImageFont.load_default(size=14))
    return np.asarray(tile)


def _sheets(tiles: list[Image]) -> list[Image]:
    """Sheets of at most COLUMNS x ROWS tiles."""
    out = []
    for start in range(0, len(tiles), COLUMNS * ROWS):
        part = tiles[start : start + COLUMNS * ROWS]
        part += [np.zeros_like(part[0])] * (-len(part) % COLUMNS)
        rows = [np.concatenate(part[k : k + COLUMNS], axis=1) for k in range(0, len(part), COLUMNS)]
        out.append(np.concatenate(rows, axis=0))
    return out


def index_text(tiles: list[Tile]) -> str:
    """The index, a Markdown table: each tile with what it shows and its measured value."""
    lines = [
        "# Gallery of signs",
        "",
        f"Measured at {GRID['lines']} lines x {GRID['samples']} samples; drawn at the preset's grid; twelve a sheet.",
        "",
        "| sheet | tile | sign | what to look at | where | measured | wanted |",
        "|---|---|---|---|---|---|---|",
    ]
    for number, tile in enumerate(tiles):
        sheet = number // (COLUMNS * ROWS) + 1
        lines.append(
            f"| [{sheet}](gallery-{sheet}.png) | [{tile.key}]({tile.key}.png) | {tile.title} | {tile.look} "
            f"| {tile.where} | {tile.value} | {tile.verdict} |"
        )
    return "\n".join(lines) + "\n"
