"""What can go wrong, in words for a person: every error says where, what, and what would be right."""

from __future__ import annotations


class PleuraError(Exception):
    """An error that a user can act on; the command line prints it in one line and exits with `exit_status`."""

    exit_status = 1


class BadInputError(PleuraError):
    """A file, argument or answer that cannot be used as it is (exit status 2)."""

    exit_status = 2


class NoGraphicsError(PleuraError):
    """No OpenGL 3.3 context could be made; the message names the packages to install."""
