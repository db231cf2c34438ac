"""The core, as Python sees it: plain positional values; what they mean is documented where they are used."""

from collections.abc import Callable

VERSION: str

# --- decode ---

def decode_bytes(
    data: bytes, hint: str | None
) -> tuple[str, list[tuple[int, int, str, int]], list[tuple[int, int, str]], str, float, bool]: ...
def decode_utf8(data: bytes) -> str | None: ...
def knows_encoding(name: str) -> bool: ...

# --- repair ---

def repair(
    text: str, other: Callable[[str], str] | None
) -> tuple[str, list[tuple[int, int, str, str, str, str]], list[tuple[int, int, str]]] | None: ...
