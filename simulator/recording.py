"""How are frames kept as files? PNG stills, animated WebP clips, and NumPy archives with envelopes and truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from simulator.errors import BadInputError, PleuraError

Image = npt.NDArray[np.uint8]
FORMATS = ("png", "webp", "npz")
_WEBP_QUALITY = 80


class FrameLike(Protocol):
    """What a frame must have to be kept; `simulator.scanner.Frame` has it."""

    @property
    def image(self) -> Image:
        """(H, W) uint8, the displayed sector."""
        ...

    @property
    def envelope(self) -> npt.NDArray[np.float32]:
        """(lines, samples) float32, linear."""
        ...

    @property
    def geometry(self) -> Any:
        """Has `line_origins_m`, `line_directions` and `sample_spacing_m`."""
        ...

    @property
    def truth(self) -> Any:
        """Has `gas_depth_m`, `rib` and `tissue`."""
        ...


def write_png(image: Image, path: Path) -> Path:
    """One still; (H, W) or (H, W, 3) uint8."""
    from PIL import Image as Pillow

    Pillow.fromarray(image).save(path)
    return path


def write_webp(images: Sequence[Image], path: Path, fps: float) -> Path:
    """An endless animated clip of uint8 images at `fps` frames a second."""
    from PIL import Image as Pillow

    first, *rest = [Pillow.fromarray(image).convert("RGB") for image in images]
    first.save(
        path, save_all=True, append_images=rest, duration=round(1000.0 / fps), loop=0, quality=_WEBP_QUALITY, method=2
    )
    return path


def write_npz(frames: Sequence[FrameLike], path: Path, fps: float) -> Path:
    """Everything that a program wants of a clip, one array a name, the frames along the first axis.

    image, envelope, gas_depth_m, rib, tissue, time_s (from the start of the clip); and once: line_origins_m,
    line_directions, sample_spacing_m.
    """
    geometry = frames[0].geometry
    np.savez_compressed(
        path,
        image=np.stack([frame.image for frame in frames]),
        envelope=np.stack([frame.envelope for frame in frames]),
        gas_depth_m=np.stack([frame.truth.gas_depth_m for frame in frames]),
        rib=np.stack([frame.truth.rib for frame in frames]),
        tissue=np.stack([frame.truth.tissue for frame in frames]),
        time_s=np.arange(len(frames)) / fps,
        line_origins_m=geometry.line_origins_m,
        line_directions=geometry.line_directions,
        sample_spacing_m=geometry.sample_spacing_m,
    )
    return path


def write_frames(frames: Iterable[FrameLike], folder: Path, stem: str, file_format: str, fps: float) -> list[Path]:
    """Write frames as `file_format` (see FORMATS) into `folder`, made if need be; returns the files written."""
    if file_format not in FORMATS:
        raise BadInputError(f"format {file_format!r} is unknown; known are {', '.join(FORMATS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file_format == "png":
            return [write_png(frame.image, folder / f"{stem}-{number:04d}.png") for number, frame in enumerate(frames)]
        if file_format == "webp":
            return [write_webp([frame.image for frame in frames], folder / f"{stem}.webp", fps)]
        return [write_npz(list(frames), folder / f"{stem}.npz", fps)]
    except OSError as error:
        raise PleuraError(f"{folder}: cannot write there: {error.strerror or error}") from error
