"""
What can go wrong in a way that a user can do something about.

Never: a traceback; each of these ends as one line on standard error, and exit code 2.
"""

from __future__ import annotations


class Contradiction(Exception):
    """Something that cannot be meant, as a sentence; nothing has been done."""


class Failure(Exception):
    """An input that could not be done, as a sentence part to stand behind its name."""


class OutputGone(Failure):
    """Standard output takes no more; there is nothing to go on with."""
