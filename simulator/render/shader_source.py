"""Shader sources with `#include` resolved: once each, cycles are errors, `#line` keeps driver messages readable."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import PleuraError
from simulator.render.blocks import blocks_glsl, tissue_labels_glsl
from simulator.resources import resource_dir

_INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"\s*$')
_DRIVER_LINE = re.compile(r"\b(\d+)[:(](\d+)\)?")


class ShaderError(PleuraError):
    """A shader that cannot be read or compiled; the message names file and line."""


@dataclass(frozen=True)
class ShaderSource:
    """Resolved text and the files that its `#line` numbers refer to."""

    text: str
    files: tuple[str, ...]

    def explain(self, message: str) -> str:
        """A driver's message with its source numbers replaced by file names."""

        def named(match: re.Match[str]) -> str:
            index = int(match.group(1))
            return f"{self.files[index]}:{match.group(2)}" if index < len(self.files) else match.group(0)

        return _DRIVER_LINE.sub(named, message)


def load_shader(name: str, root: Path | None = None, defines: Collection[str] = ()) -> ShaderSource:
    """Shader `name` (relative to shaders/) with its includes, each looked up beside the file, then there.

    `defines` are macros without a value, set after the first line (`#version`).
    """
    root = root or resource_dir("shaders")
    generated = {"blocks.glsl": blocks_glsl(), "tissue_labels.glsl": tissue_labels_glsl()}
    files: list[str] = []
    done: set[str] = set()

    def resolve(path: str, stack: tuple[str, ...]) -> str:
        if path in stack:
            raise ShaderError(f"shaders: include cycle {' -> '.join([*stack, path])}")
        if path in done:
            return ""
        done.add(path)
        index = len(files)
        files.append(path)
        if path in generated:
            text = generated[path]
        else:
            try:
                text = (root / path).read_text(encoding="utf-8")
            except OSError as error:
                raise ShaderError(
                    f"shaders: cannot read {path}, included from {' -> '.join(stack)}: {error}"
                ) from error
        out: list[str] = [] if index == 0 else [f"#line 1 {index}"]
        for number, line in enumerate(text.splitlines(), start=1):
            match = _INCLUDE.match(line)
            if match is None:
                out.append(line)
                continue
            beside = str((Path(path).parent / match.group(1)).as_posix())
            target = match.group(1)
            if target not in generated and (root / beside).is_file():
                target = beside
            out.append(resolve(target, (*stack, path)))
            out.append(f"#line {number + 1} {index}")
        return "\n".join(out)

    version, _, rest = resolve(name, ()).partition("\n")
    macros = "".join(f"#define {define}\n" for define in sorted(defines))
    return ShaderSource(f"{version}\n{macros}#line 2 0\n{rest}", tuple(files))
