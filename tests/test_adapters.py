"""
Columns of other libraries: the same kind comes back, with the texts that a list would have given.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix import Normalizer

HANS = Normalizer(to="hans")
TEXTS = st.lists(st.none() | st.text(st.sampled_from("這個問題發展,a😀\n"), max_size=6), max_size=9)


@given(TEXTS)
def test_an_arrow_array_comes_back_with_its_type_and_nulls(texts: list[str | None]) -> None:
    """Each of the types that hold text; whole, sliced and in chunks."""
    pa = pytest.importorskip("pyarrow")
    want = HANS.batch(texts)
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        array = pa.array(texts, kind)
        done = HANS.batch(array)
        assert (done.type, done.to_pylist()) == (kind, want)
        chunks = pa.chunked_array([array, array[1:]], type=kind)
        done = HANS.batch(chunks)
        assert (done.type, done.num_chunks, done.to_pylist()) == (kind, 2, want + want[1:])


@given(TEXTS)
def test_a_pandas_series_comes_back_with_index_name_and_missing_values(texts: list[str | None]) -> None:
    """Of both dtypes that hold text."""
    pd = pytest.importorskip("pandas")
    want = HANS.batch(texts)
    for dtype in ("object", "string"):
        series = pd.Series(texts, index=range(5, 5 + len(texts)), name="正文", dtype=dtype)
        done = HANS.batch(series)
        assert (done.name, str(done.dtype), list(done.index)) == ("正文", str(series.dtype), list(series.index))
        assert [None if pd.isna(one) else one for one in done] == want
        assert [None if pd.isna(one) else one for one in series] == texts


@given(TEXTS)
def test_a_polars_series_comes_back_with_name_and_nulls(texts: list[str | None]) -> None:
    """As it was, but for the texts."""
    pl = pytest.importorskip("polars")
    series = pl.Series("正文", texts, dtype=pl.String)
    done = HANS.batch(series)
    assert (done.name, done.dtype, done.to_list()) == ("正文", pl.String, HANS.batch(texts))


def test_a_type_of_one_s_own_that_speaks_arrow_is_understood() -> None:
    """Through the PyCapsule interface alone."""
    pa = pytest.importorskip("pyarrow")

    class Column:
        """Nothing but the interface."""

        def __init__(self, array: Any) -> None:
            self.array = array

        def __arrow_c_array__(self, requested_schema: object = None) -> Any:
            return self.array.__arrow_c_array__(requested_schema)

    assert HANS.batch(Column(pa.array(["問題", None]))).to_pylist() == ["问题", None]


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars"])
def test_a_column_of_something_else_is_refused(library: str) -> None:
    """A number is no text."""
    module = pytest.importorskip(library)
    column = module.array([1, 2]) if library == "pyarrow" else module.Series([1, 2])
    with pytest.raises(TypeError):
        HANS.batch(column)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_refused_with_what_to_do(library: str) -> None:
    """One column has to be named."""
    module = pytest.importorskip(library)
    with pytest.raises(TypeError, match="Series"):
        HANS.batch(module.DataFrame({"a": ["問題"]}))
