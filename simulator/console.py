"""How does the command line look? Tables on standard output, progress on standard error.

Colour and width follow the terminal (NO_COLOR is respected); into a file or a pipe goes plain text, wide and unwrapped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

PIPE_WIDTH = 4000  # columns of a table that is read by another program: nothing is wrapped

Progress = Callable[[str, float], None]  # what is being done, and how much of it is done, 0 to 1


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table without frames, first column in bold."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, heading in enumerate(headings):
        table.add_column(heading, style="bold" if number == 0 else "", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))  # Text: what an author wrote is never markup
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Gives a callable (text, fraction): a bar on a terminal, elsewhere one line for each new text."""
    if not sys.stderr.isatty():
        yield _progress_lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TaskProgressColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=1.0)
        yield lambda text, fraction: bars.update(task, description=text, completed=fraction)


def _progress_lines() -> Progress:
    shown = ""

    def show(text: str, _fraction: float) -> None:
        nonlocal shown
        if text != shown:
            print(f"pleura: {text}", file=sys.stderr)
            shown = text

    return show
