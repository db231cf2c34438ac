"""
The whole way: bytes or text in; correct text in one script out, with an account of every change.

Comes in: what a :class:`Normalizer` is given. Goes out: text, or a :class:`~hanfix.report.Report`.
The order of the stages is the core's (``pipeline.rs``); here are options, defaults and batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from hanfix import _core, _detect
from hanfix._clean import DEFAULT_STEPS, STEPS, in_order, strings
from hanfix._convert import target_of
from hanfix._decode import Decoded, bytes_of, decode, hint_of
from hanfix._detect import Profile
from hanfix._opencc import read_entries
from hanfix._repair import other_languages
from hanfix.report import Pooled, Report

# What the core takes as it is.
_READ = {str, type(None)}
# What it takes decoded.
_BYTES = bytes | bytearray | memoryview
_WANTED = "text is a str or bytes"

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs as much as the rest of the package
    from typing import Any

    from hanfix._opencc import Entries

STAGES = ("decode", "repair", "clean", "convert")

# Texts of a corpus that are looked at together.
_SHOWN_AT_ONCE = 4_096
_UNSHOWN = Pooled()


class Normalizer:
    """
    All stages with one set of options: frozen, hashable, picklable, safe in threads.

    Args:
        to: Target: ``hans``, ``hant``, ``hant-tw``, ``hant-hk``, a language tag (BCP 47) or a locale,
            ``auto`` (the script that most of the text is in), ``keep`` (no conversion).
        steps: Stages that run, of ``decode``, ``repair``, ``clean`` and ``convert``. They always
            run in this order.
        words: Whether regional vocabulary is changed too (软件 → 軟體).
        protect: Terms that clean and convert leave as they are.
        dictionary: Entries that take precedence in convert: a mapping, or the path of a text file
            in OpenCC's format (key, tab, value).
        clean: Steps of clean, which have one order likewise; ``None`` for those that are safe on any text.
        encoding: What bytes are likely encoded in; counts as evidence, no more.
        strict: Whether bytes that cannot be decoded raise.
        pooled: What the corpus that the texts are from has shown; :meth:`shown` finds it out.
        min_confidence: From 0 to 1: what convert is less sure of stays as it is.

    Raises:
        TypeError: An option is of another type.
        ValueError: An option has a value that is not known; the message names those that are, if they are few.
        OSError: The dictionary cannot be read.

    >>> n = Normalizer(to="hant-tw")
    >>> n("这个软件的皇后,很好")
    '這個軟件的皇后，很好'
    >>> n.batch(["发展", None])
    ['發展', None]
    """

    __slots__ = (
        "_plan", "clean", "dictionary", "encoding", "min_confidence", "pooled", "protect", "steps", "strict", "to",
        "words",
    )  # fmt: skip

    to: str
    steps: tuple[str, ...]
    words: bool
    protect: tuple[str, ...]
    dictionary: tuple[tuple[str, str], ...]
    clean: tuple[str, ...]
    encoding: str | None
    strict: bool
    pooled: Pooled
    min_confidence: float
    _plan: _core.Plan

    def __init__(
        self,
        to: str = "hant-tw",
        steps: Iterable[str] = STAGES,
        words: bool = False,
        protect: Iterable[str] = (),
        dictionary: Entries | None = None,
        clean: Iterable[str] | None = None,
        encoding: str | None = None,
        strict: bool = False,
        pooled: Pooled | tuple[str, bool] = _UNSHOWN,
        min_confidence: float = 0.0,
    ) -> None:
        if encoding is not None:
            # Refused here: bytes that need it may come much later.
            hint_of(encoding)
        options = {
            "to": _core.canonical_target(target_of(to)),
            "steps": in_order("stage", strings("steps", steps), STAGES),
            "words": bool(words),
            "protect": tuple(sorted(set(strings("protect", protect)))),
            "dictionary": read_entries(dictionary),
            "clean": DEFAULT_STEPS if clean is None else in_order("step", strings("clean", clean), STEPS),
            "encoding": encoding,
            "strict": bool(strict),
            "pooled": _pooled_of(pooled),
            "min_confidence": float(min_confidence),
        }
        for name, value in options.items():
            object.__setattr__(self, name, value)
        plan = _core.Plan(
            "repair" in self.steps,
            list(self.clean) if "clean" in self.steps else None,
            self.to if "convert" in self.steps else None,
            self.words,
            list(self.protect),
            list(self.dictionary),
            other_languages(),
            (self.pooled.glossed, self.pooled.doubled),
            self.min_confidence,
        )
        object.__setattr__(self, "_plan", plan)

    def __call__(self, text: str | bytes) -> str:
        """
        The text after all stages; the same object if nothing changed.

        Raises:
            TypeError: ``text`` is neither string nor bytes, or bytes without the stage ``decode``.
        """
        return self._plan.normalize(text if isinstance(text, str) else self._decode(text).text)

    def explain(self, text: str | bytes) -> Report:
        """
        The text after all stages, with every change at its place in what was given.

        Raises:
            TypeError: ``text`` is neither string nor bytes, or bytes without the stage ``decode``.
        """
        if isinstance(text, str):
            return self._explain(text, None)
        decoded = self._decode(text)
        return self._explain(decoded.text, decoded)

    def _explain(self, original: str, decoded: Decoded | None) -> Report:
        output, edits, losses, stages, kept = self._plan.explain(original)
        if decoded is not None:
            stages.insert(0, ("decode", decoded.edits))
        report = Report(
            original,
            output,
            edits,
            losses,
            tuple(stages),
            _detect.detect(output).script,
            kept=kept,
        )
        if decoded is not None:
            report.encoding, report.undecodable = decoded.encoding, decoded.losses
            report._byte_places = decoded.byte_places
        return report

    def batch(self, texts: Any) -> Any:
        """
        Many texts at once, on all cores; the answer is of the same kind.

        Args:
            texts: A list or tuple of ``str``, ``bytes`` (or what holds them) or ``None``; a pandas or polars
                Series; a pandas Index; a NumPy array; an Arrow array or chunked array
                (``pip install hanfix[arrow]``).

        Raises:
            TypeError: It is something else, or holds something else.
        """
        if isinstance(texts, list | tuple):
            if set(map(type, texts)) <= _READ:
                made = self._plan.batch(texts)
            else:
                made = self._plan.batch(list(map(self._read, texts)))
            if type(texts) is list:
                return made
            # A named tuple takes its fields one by one, but has this beside it.
            return getattr(type(texts), "_make", type(texts))(made)
        from hanfix.adapters import batch_like

        return batch_like(self, texts)

    def shown(self, texts: Iterable[str | bytes | bytearray | memoryview | None]) -> Normalizer:
        """
        The same normalizer, with what a corpus shows that its texts, being short, do not.

        Glosses of mirrors (發(fā)) are told from a teacher's by the document. Where the pieces of a corpus are too
        short for that, they are decided together: a character that the corpus glosses nearly wherever it stands
        is undone in a text that has no other gloss.

        Args:
            texts: The corpus, or a good part of it; read once, in constant memory.

        Raises:
            TypeError: It is one text, or something in it is none.

        >>> titles = ["城市的發(fā)展", "穩步推進(jìn)", "經濟發(fā)達"]
        >>> n = Normalizer(to="hant-tw")
        >>> n(titles[0]), n.shown(titles)(titles[0])
        ('城市的發(fā)展', '城市的發展')
        """
        if isinstance(texts, str | _BYTES):
            raise TypeError(f"texts are many, not one {type(texts).__name__}")
        pool = _core.Pool()
        remaining = iter(texts)
        while some := list(islice(remaining, _SHOWN_AT_ONCE)):
            pool.add(self._plan, list(map(self._read, some)))
        return _remade({**self._options(), "pooled": pool.pooled()})

    def _read(self, text: str | bytes | bytearray | memoryview | None) -> str | None:
        """One of many, as the core takes it."""
        if text is None or isinstance(text, str):
            return text
        if isinstance(text, _BYTES):
            return self._decode(text).text
        raise TypeError(f"a text is a str, bytes or None, not {type(text).__name__}: {text!r:.40}")

    def _decode(self, data: bytes | bytearray | memoryview) -> Decoded:
        data = bytes_of(data, _WANTED)
        if "decode" not in self.steps:
            raise TypeError("bytes need the stage decode, which is not among the steps")
        return decode(data, encoding=self.encoding, strict=self.strict)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Normalizer is frozen; make another one to change {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Normalizer is frozen")

    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "_plan"}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Normalizer) and self._options() == other._options()

    def __hash__(self) -> int:
        return hash(tuple(self._options().values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self._options(),)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._options().items())
        return f"Normalizer({shown})"


def _pooled_of(pooled: Pooled | tuple[str, bool]) -> Pooled:
    """In one form, whatever order its characters were given in."""
    if not isinstance(pooled, tuple) or len(pooled) != 2 or not isinstance(pooled[0], str):
        raise TypeError(f"pooled is what shown found out, or such a pair, not {pooled!r:.40}")
    return Pooled("".join(sorted(set(pooled[0]))), bool(pooled[1]))


def _remade(options: dict[str, Any]) -> Normalizer:
    return Normalizer(**{**options, "dictionary": dict(options["dictionary"])})


@lru_cache(maxsize=64)
def _cached(to: str, options: tuple[tuple[str, Any], ...]) -> Normalizer:
    return _remade({"to": to, **dict(options)})


def detect(text: str | bytes | bytearray | memoryview) -> Profile:
    """
    Find out which script a text is in; of bytes, in which encoding as well.

    Args:
        text: Any string, or bytes in any encoding.

    Returns:
        A profile: ``script``, ``shares``, ``off_script``, ``encoding``, ``confidence`` and
        ``runners_up``. Places count code points of the text.

    Raises:
        TypeError: ``text`` is neither string nor bytes.

    >>> detect("我們的学校").script
    'mixed'
    >>> detect("繁體中文網頁".encode("big5")).encoding
    'big5'
    """
    if isinstance(text, str):
        return _detect.detect(text)
    decoded = decode(bytes_of(text, _WANTED))
    return _detect.detect(decoded.text, decoded.encoding, decoded.confidence, decoded.runners_up)


def normalize(text: str | bytes, to: str = "hant-tw", **options: Any) -> str:
    """
    Decode, repair, clean and convert, in one call.

    Args:
        text: Any string, or bytes of any encoding.
        to: Target, as for :class:`Normalizer`.
        **options: Any other option of :class:`Normalizer`.

    Returns:
        The text after all stages.

    Raises:
        TypeError: ``text`` is neither string nor bytes, or an option is of another type.
        ValueError: An option has a value that is not known. No text raises.
        OSError: The dictionary cannot be read.

    >>> normalize("推進(jìn)實(shí)質(zhì)性的發(fā)展", to="hans")
    '推进实质性的发展'
    """
    # What a dictionary holds counts, not where it lies: its file may have been written since.
    options["dictionary"] = read_entries(options.get("dictionary"))
    try:
        normalizer = _cached(to, tuple(options.items()))
    except TypeError:  # a list among the options
        normalizer = _remade({"to": to, **options})
    return normalizer(text)
