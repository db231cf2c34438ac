"""
All exceptions. Wrong types are ``TypeError`` and wrong options ``ValueError``; these are for the rest.
"""

from __future__ import annotations


class HanfixError(Exception):
    """Base of every error that is ours."""


class UndecodableError(HanfixError, ValueError):
    """
    Strict decoding met bytes that the encoding does not have.

    Attributes:
        encoding: The encoding that the bytes were read in, by its canonical lower-case name.
        byte_offset: Where the first such byte stands in the input.

    >>> str(UndecodableError("gb18030", 7))
    'not valid gb18030 at byte 7'
    """

    def __init__(self, encoding: str, byte_offset: int) -> None:
        super().__init__(encoding, byte_offset)  # all arguments, so that pickle can make another
        self.encoding, self.byte_offset = encoding, byte_offset

    def __str__(self) -> str:
        return f"not valid {self.encoding} at byte {self.byte_offset}"
