"""A GL context without a window, or a clear word about what is missing."""

from __future__ import annotations

import sys
from typing import Any

import moderngl

from simulator.errors import NoGraphicsError

PACKAGES = "libegl1 libgl1 libgl1-mesa-dri"


def headless_context() -> moderngl.Context:
    """An OpenGL 3.3 context without a window: EGL on Linux, the platform's own elsewhere.

    Raises NoGraphicsError that names the packages to install.
    """
    backends: tuple[dict[str, Any], ...] = ({"backend": "egl"}, {}) if sys.platform.startswith("linux") else ({},)
    problems: list[str] = []
    for options in backends:
        try:
            return moderngl.create_context(standalone=True, require=330, **options)
        except Exception as error:  # the drivers raise what they like
            problems.append(str(error).strip() or type(error).__name__)
    raise NoGraphicsError(
        f"no OpenGL 3.3 context could be made ({'; '.join(dict.fromkeys(problems))}). On Debian or Ubuntu install: "
        f"apt-get install --no-install-recommends {PACKAGES}"
    )
