"""The core, as Python sees it: plain positional values; what they mean is documented where they are used."""

from collections.abc import Callable

VERSION: str

# --- repair ---

def repair(
    text: str, other: Callable[[str], str] | None
) -> tuple[str, list[tuple[int, int, str]], list[tuple[int, int, str]]] | None: ...
