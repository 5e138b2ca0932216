"""Tables and progress."""

from __future__ import annotations

import pytest

from simulator.console import print_table, progress_shown


def test_a_table_into_a_pipe_is_plain_and_unwrapped(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["id", "title"], [["covid", "[bold]not markup[/bold]"], ["long", "word " * 30]])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "[bold]not markup[/bold]" in lines[1]
    assert "\x1b" not in "".join(lines)


def test_progress_without_a_terminal_is_a_line_for_each_new_text(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_shown() as progress:
        for text, fraction in (("body", 0.0), ("body", 0.5), ("findings", 0.9)):
            progress(text, fraction)
    assert capsys.readouterr().err.splitlines() == ["pleura: body", "pleura: findings"]
