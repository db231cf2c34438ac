# The core, as Python sees it: plain positional values; what they mean is documented where they are used.

from collections.abc import Callable
from typing import TypeAlias, final

from typing_extensions import Buffer

from hanfix.report import Edit, Loss

__all__ = [
    "VERSION",
    "Converter",
    "DecodeStream",
    "Files",
    "Made",
    "OpenCC",
    "Plan",
    "Pool",
    "byte_places",
    "canonical_target",
    "clean",
    "decode_bytes",
    "decode_utf8",
    "detect",
    "json_places",
    "json_read",
    "json_write",
    "keep_memory",
    "knows_encoding",
    "likelihood",
    "line_ends",
    "markdown_runs",
    "opencc_names",
    "parse_dictionary",
    "register_encoding",
    "repair",
    "rewrite",
    "rewrite_json",
    "utf8_is_ascii",
]

VERSION: str

# --- decode ---

# Text; spans (start, end, encoding, length of text); losses (start, end, cause).
_Piece: TypeAlias = tuple[str, list[tuple[int, int, str, int]], list[tuple[int, int, str]]]
# Encoding, confidence, and the next best of both.
_Decision: TypeAlias = tuple[str, float, list[tuple[str, float]]]
_Others: TypeAlias = Callable[[bytes], tuple[str, str] | None]

def decode_bytes(data: bytes, hint: str | None, keeps: bool, others: _Others) -> tuple[_Piece, _Decision]: ...

@final
class DecodeStream:
    def __new__(cls, hint: str | None, keeps: bool, others: _Others) -> DecodeStream: ...
    def feed(self, data: bytes) -> _Piece: ...
    def finish(self) -> _Piece: ...
    def decision(self) -> _Decision | None: ...

def register_encoding(name: str, upper: str) -> None: ...
def decode_utf8(data: bytes) -> str | None: ...
def utf8_is_ascii(data: bytes) -> bool | None: ...
def knows_encoding(name: str) -> bool: ...
def likelihood(text: str) -> float: ...

# --- repair ---

def repair(text: str, other: Callable[[str], str] | None) -> tuple[str, tuple[Edit, ...], tuple[Loss, ...]] | None: ...

# --- clean ---

def clean(text: str, steps: list[str], protect: list[str]) -> tuple[str, tuple[Edit, ...], tuple[Loss, ...]]: ...

# --- convert ---

def canonical_target(name: str) -> str: ...
def opencc_names() -> list[str]: ...
def parse_dictionary(text: str) -> list[tuple[str, str]]: ...

@final
class OpenCC:
    @staticmethod
    def named(name: str, entries: list[tuple[str, str]]) -> OpenCC | None: ...
    @staticmethod
    def compiled(
        plan: str, dictionaries: list[tuple[str, str]], longest: bool, entries: list[tuple[str, str]]
    ) -> OpenCC: ...
    def convert(self, text: str) -> str: ...

@final
class Converter:
    def __new__(
        cls, to: str, words: bool, protect: list[str], entries: list[tuple[str, str]], min_confidence: float
    ) -> Converter: ...
    def convert(self, text: str) -> str: ...
    def explain(self, text: str) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]: ...

# --- detect ---

def detect(text: str) -> tuple[str, tuple[int, int, int, int, int], list[int]]: ...

# --- pipeline ---

def byte_places(
    data: bytes,
    text: str,
    spans: list[tuple[int, int, str, int]],
    losses: list[tuple[int, int]],
    points: list[int],
) -> list[int]: ...

@final
class Plan:
    def __new__(
        cls,
        repair: bool,
        steps: list[str] | None,
        to: str | None,
        words: bool,
        protect: list[str],
        entries: list[tuple[str, str]],
        other: Callable[[str], str] | None,
        pooled: tuple[str, bool],
        min_confidence: float,
    ) -> Plan: ...
    def normalize(self, text: str) -> str: ...
    def explain(
        self, text: str
    ) -> tuple[str, tuple[Edit, ...], tuple[Loss, ...], list[tuple[str, tuple[Edit, ...]]], tuple[Edit, ...]]: ...
    def batch(self, texts: list[str | None] | tuple[str | None, ...]) -> list[str | None]: ...

@final
class Pool:
    def __new__(cls) -> Pool: ...
    def add(self, plan: Plan, texts: list[str | None]) -> None: ...
    def pooled(self) -> tuple[str, bool]: ...

# --- files, for the command ---

@final
class Files:
    def __new__(cls, root: str, globs: list[str], no_ignore: bool, without: str | None) -> Files: ...
    def next(self, most: int) -> list[tuple[str, str | None]]: ...

def json_places(line: bytes, fields: list[str]) -> list[tuple[int, int]] | None: ...
def json_read(string: bytes) -> tuple[str, bool]: ...
def json_write(text: str, in_ascii: bool) -> bytes: ...
def keep_memory() -> None: ...
def line_ends(data: bytes) -> int: ...
def markdown_runs(text: str) -> list[list[tuple[int, int, str | None, bool]]]: ...

# Bytes that the core has made: they are read through the buffer protocol, without a copy.
@final
class Made(Buffer):
    def __len__(self) -> int: ...

def rewrite(
    plan: Plan, files: list[bytes], hint: str | None, is_utf8: bool
) -> list[tuple[bytes | Made | None, str, int] | None]: ...
def rewrite_json(
    plan: Plan, pieces: list[bytes], fields: list[str]
) -> list[tuple[Made | None, list[int], int, int]]: ...
