"""Fixtures that all tests share: folders of their own, an OpenGL context, golden images."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

# Set before anything imports SDL, Mesa or the program: a software rasteriser, no window, no sound, no user settings.
os.environ["SDL_VIDEODRIVER"] = "offscreen"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
MOST_MEMORY_GB = 3.0  # of one process
Image = npt.NDArray[np.uint8]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--bless` rewrites golden images instead of comparing with them (`make bless`)."""
    parser.addoption("--bless", action="store_true", help="rewrite golden images from what is drawn now")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that open the window come last: SDL ends the EGL display with it, and with that every context there is."""
    items.sort(key=lambda item: item.path.name.startswith("test_window"))


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cache, data, settings and log of this run lie in its own temporary folder, never in the user's.

    The cache is shared by all tests of the run, so that a body is baked once. PLEURA_TEST_CACHE_DIR names a folder
    that outlives the run, for people who run the tests all day.
    """
    base = tmp_path_factory.mktemp("pleura")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CACHE", "DATA", "CONFIG", "LOG"):
            patch.setenv(f"PLEURA_{name}_DIR", str(base / name.lower()))
        if keep := os.environ.get("PLEURA_TEST_CACHE_DIR"):
            patch.setenv("PLEURA_CACHE_DIR", keep)
        patch.delenv("PLEURA_LANG", raising=False)
        patch.setenv("LANGUAGE", "en")
        yield


@pytest.fixture(scope="session", autouse=True)
def _little_memory() -> Iterator[None]:
    """A process of the suite stays small, so that two have room on a machine of 7 GB; checked at its end, on Linux.

    Whoever fails here keeps patients, 200 MB each, or scanners, 250 MB each: take one after the other.
    """
    yield
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    assert peak is None or int(peak[1]) < MOST_MEMORY_GB * 1e6, f"this process took {int(peak[1]) / 1e6:.1f} GB"


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty data, settings and log folders for one test (the cache stays shared); returns the data folder."""
    for name in ("DATA", "CONFIG", "LOG"):
        monkeypatch.setenv(f"PLEURA_{name}_DIR", str(tmp_path / name.lower()))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def gl_context() -> Iterator[object]:
    """A moderngl context without a window. Without OpenGL 3.3 this fails: a skipped renderer must not look green."""
    from simulator.render.context import headless_context

    context = headless_context()
    yield context
    context.release()


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path, gl_context: Any) -> Callable[..., None]:
    """`golden("name", image)` compares uint8 pixels with tests/golden/name.png, to within `tolerance` of 255.

    A share `outliers` of the pixels may differ by more: in the nulls of speckle a last bit of a float is many greys.
    The rasteriser that drew the pictures is recorded beside them; another one may round more pixels differently.
    """
    record = GOLDEN / "rasteriser.txt"
    with gl_context:
        rasteriser = str(gl_context.info["GL_RENDERER"])
    assert rasteriser

    def compare(name: str, image: Image, tolerance: int = 1, outliers: float = 0.002) -> None:
        from PIL import Image as Pillow

        path = GOLDEN / f"{name}.png"
        if request.config.getoption("--bless"):
            GOLDEN.mkdir(exist_ok=True)
            record.write_text(f"{rasteriser}\n", encoding="utf-8")
            Pillow.fromarray(image).save(path, optimize=True)
            return
        drawn = tmp_path / f"{name}.png"
        Pillow.fromarray(image).save(drawn)
        assert path.exists(), f"there is no {path.relative_to(ROOT)}; look at {drawn}, then `make bless`"
        expected = np.asarray(Pillow.open(path))
        assert expected.shape == image.shape, f"{name}: {image.shape} drawn, {expected.shape} expected ({drawn})"
        difference = np.abs(expected.astype(np.int16) - image.astype(np.int16))
        if record.read_text(encoding="utf-8").strip() != rasteriser:
            tolerance, outliers = 8, 0.05
        share = float(np.mean(difference > tolerance))
        assert share <= outliers, f"{name}: {100 * share:.2f} % of pixels differ by over {tolerance} of 255 ({drawn})"

    return compare
