"""
Columns of other libraries: the same kind comes back, with the texts that a list would have given.
"""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix import Normalizer
from hanfix.adapters import Columns

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


@given(TEXTS, st.booleans())
def test_an_arrow_array_with_a_dictionary_keeps_it(texts: list[str | None], is_ordered: bool) -> None:
    """Its type, and each text in it once; whole, sliced and in chunks."""
    pa = pytest.importorskip("pyarrow")
    texts, want = [*texts, "問題", "问题"], [*HANS.batch(texts), "问题", "问题"]
    for indices, values in ((pa.int32(), pa.string()), (pa.int8(), pa.large_string())):
        kind = pa.dictionary(indices, values, ordered=is_ordered)
        encoded = pa.array(texts, values).dictionary_encode()
        array = pa.DictionaryArray.from_arrays(encoded.indices.cast(indices), encoded.dictionary, ordered=is_ordered)
        for start in (0, 1, len(texts)):
            done = HANS.batch(array[start:])
            done.validate(full=True)
            assert (done.type, done.to_pylist()) == (kind, want[start:])
            assert len(set(done.dictionary.to_pylist())) == len(done.dictionary)
        chunks = HANS.batch(pa.chunked_array([array, array[1:]], type=kind))
        assert (chunks.type, chunks.num_chunks, chunks.to_pylist()) == (kind, 2, want + want[1:])
    done = HANS.batch(pa.DictionaryArray.from_arrays([0, 1, None, 2], pa.array(["問題", None, "问题"])))
    assert done.to_pylist() == ["问题", None, None, "问题"]
    with pytest.raises(TypeError, match="dictionary<values=int64"):
        HANS.batch(pa.array([1, 2]).dictionary_encode())


def test_an_arrow_array_of_nulls_stays() -> None:
    """What has no text has no text to normalize, alone and in a table."""
    pa = pytest.importorskip("pyarrow")
    assert HANS.batch(pa.nulls(2)).equals(pa.nulls(2))
    assert HANS.batch(pa.chunked_array([pa.nulls(2), pa.nulls(1)])).to_pylist() == [None] * 3
    table = pa.table({"id": [1, 2], "text": pa.nulls(2)})
    assert Columns(HANS, "text")(table).equals(table)
    assert Columns(HANS, "text")(table.to_batches()[0]).equals(table.to_batches()[0])


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


@given(TEXTS, st.booleans())
def test_categories_of_a_pandas_series_are_normalized(texts: list[str | None], is_ordered: bool) -> None:
    """Each once, in their order, those that nothing is of among them."""
    pd = pytest.importorskip("pandas")
    kind = pd.CategoricalDtype(list(dict.fromkeys(["問題", "问题", *filter(None, texts)])), is_ordered)
    series = pd.Series([text or None for text in texts], index=range(5, 5 + len(texts)), name="正文", dtype=kind)
    done = HANS.batch(series)
    assert (done.name, list(done.index), done.dtype.ordered) == ("正文", list(series.index), is_ordered)
    assert done.dtype.categories.dtype == kind.categories.dtype
    assert list(done.dtype.categories) == list(dict.fromkeys(map(HANS, kind.categories)))
    assert [None if pd.isna(one) else one for one in done] == HANS.batch([text or None for text in texts])
    with pytest.raises(TypeError, match="int"):
        HANS.batch(pd.Series([1, 2], dtype="category"))


@given(TEXTS)
def test_a_pandas_index_comes_back_with_its_name(texts: list[str | None]) -> None:
    """Of each dtype that holds text."""
    pd = pytest.importorskip("pandas")
    for dtype in ("object", "string", "category"):
        index = pd.Index([text or None for text in texts], dtype=dtype, name="正文")
        done = HANS.batch(index)
        assert (type(done), done.name) == (type(index), "正文")
        assert dtype == "category" or done.dtype == index.dtype
        assert [None if pd.isna(one) else one for one in done] == HANS.batch([text or None for text in texts])


@given(TEXTS)
def test_a_pandas_series_of_arrow_comes_back_as_it_was(texts: list[str | None]) -> None:
    """With its type, its index and its nulls where they were; with a dictionary too."""
    pa, pd = pytest.importorskip("pyarrow"), pytest.importorskip("pandas")
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        values = pd.arrays.ArrowExtensionArray(pa.array(texts, kind))
        series = pd.Series(values, index=range(5, 5 + len(texts)), name="正文")
        series.attrs["source"] = "page"
        for given_column in (series, pd.Index(series, name="正文")):
            done = HANS.batch(given_column)
            assert (type(done), done.name, done.dtype) == (type(given_column), "正文", series.dtype)
            assert [None if pd.isna(one) else one for one in done] == HANS.batch(texts)
        done = HANS.batch(series)
        assert (list(done.index), done.attrs) == (list(series.index), series.attrs)
        assert [None if pd.isna(one) else one for one in series] == texts


def test_what_is_derived_from_a_column_or_a_table_is_one() -> None:
    """A frame with places on a map is a class of another package's."""
    pd, pl, np = (pytest.importorskip(name) for name in ("pandas", "polars", "numpy"))

    class Column(pd.Series):  # type: ignore[name-defined, misc]
        """As the packages derive it that have frames of their own."""

        @property
        def _constructor(self) -> Any:
            return Column

    class Table(pd.DataFrame):  # type: ignore[name-defined, misc]
        """The same."""

        @property
        def _constructor(self) -> Any:
            return Table

    for dtype in ("object", "string", "category"):
        done = HANS.batch(Column(["問題", None], index=[5, 6], name="正文", dtype=dtype))
        assert (type(done), done.name, list(done.index), done[5]) == (Column, "正文", [5, 6], "问题")
    table = Columns(HANS, "text")(Table({"text": ["問題"], "id": [1]}))
    assert (type(table), table.to_dict("list")) == (Table, {"text": ["问题"], "id": [1]})

    class Texts(pl.DataFrame):  # type: ignore[name-defined, misc]
        """Of another library."""

    class Array(np.ndarray):  # type: ignore[name-defined, misc]
        """Of a third."""

    assert Columns(HANS, "text")(Texts({"text": ["問題"]}))["text"].to_list() == ["问题"]
    assert HANS.batch(np.array(["問題"], dtype=object).view(Array)).tolist() == ["问题"]


def test_bytes_of_a_column_are_decoded() -> None:
    """Each by itself; the column is one of text then, and so is that of its table."""
    pa = pytest.importorskip("pyarrow")
    raw = ["這個問題很複雜".encode("big5"), None, "這個問題".encode()]
    want = ["这个问题很复杂", None, "这个问题"]
    kinds = {pa.binary(): pa.string(), pa.large_binary(): pa.large_string(), pa.binary_view(): pa.string_view()}
    for kind, text in kinds.items():
        array = pa.array(raw, kind)
        done = HANS.batch(array)
        assert (done.type, done.to_pylist()) == (text, want)
        done = HANS.batch(pa.chunked_array([array, array[:0]], type=kind))
        assert (done.type, done.num_chunks, done.to_pylist()) == (text, 2, want)
    table = Columns(HANS, "text")(pa.table({"text": pa.array(raw, pa.binary()), "id": [1, 2, 3]}))
    assert (table.schema.field("text").type, table.column("text").to_pylist()) == (pa.string(), want)
    encoded = HANS.batch(pa.array(raw, pa.binary()).dictionary_encode())
    assert (encoded.type, encoded.to_pylist()) == (pa.dictionary(pa.int32(), pa.string()), want)


def test_a_list_may_hold_bytes_of_any_type() -> None:
    """All that a single call takes."""
    raw = "這個問題".encode()
    given_bytes = [raw, bytearray(raw), memoryview(raw), None]
    assert HANS.batch(given_bytes) == ["这个问题"] * 3 + [None]
    assert HANS.shown(given_bytes) == HANS.shown([raw])


def test_what_else_pandas_has_is_refused() -> None:
    """Several levels are several columns, and what is inside a Series is none."""
    pd = pytest.importorskip("pandas")
    for wrong in (pd.MultiIndex.from_tuples([("問題", "發展")]), pd.Series(["問題"]).array, pd.Categorical(["問題"])):
        with pytest.raises(TypeError, match="batch takes a Series or an Index"):
            HANS.batch(wrong)


@given(TEXTS)
def test_a_polars_series_comes_back_with_name_and_nulls(texts: list[str | None]) -> None:
    """As it was, but for the texts."""
    pl = pytest.importorskip("polars")
    series = pl.Series("正文", texts, dtype=pl.String)
    done = HANS.batch(series)
    assert (done.name, done.dtype, done.to_list()) == ("正文", pl.String, HANS.batch(texts))


@given(TEXTS)
def test_a_numpy_array_comes_back_with_its_kind(texts: list[str | None]) -> None:
    """Of objects, with what is missing; and of text of a fixed width, as wide as it now is."""
    np = pytest.importorskip("numpy")
    given_objects = np.array([*texts, ""], dtype=object)[:-1]
    done = HANS.batch(given_objects)
    assert (done.dtype, done.tolist()) == (given_objects.dtype, HANS.batch(texts))
    present = [text for text in texts if text is not None]
    done = HANS.batch(np.array(present, dtype=str))
    assert (done.dtype.kind, done.tolist()) == ("U", HANS.batch(present))


def test_a_polars_series_without_room_for_any_text_is_refused() -> None:
    """With its type, and what to do."""
    pl = pytest.importorskip("polars")
    for kind, text in ((pl.Enum(["問題"]), "問題"), (pl.Binary, "問題".encode()), (pl.Int64, 1)):
        with pytest.raises(TypeError, match=r"Series of String, not of (Enum|Binary|Int64): cast it"):
            HANS.batch(pl.Series([text], dtype=kind))
    for kind in (pl.String, pl.Categorical, pl.Object):
        done = HANS.batch(pl.Series(["問題", None], dtype=kind))
        assert (done.dtype, done.to_list()) == (kind, ["问题", None])
    assert HANS.batch(pl.Series([None, None])).to_list() == [None, None]


def test_what_is_missing_stays_in_a_numpy_array() -> None:
    """Whatever stands for it: nothing, NaN of several kinds, pandas' NA."""
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    missing = [None, float("nan"), np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT, Decimal("nan")]
    given_objects = np.array(["問題", *missing, "問題".encode()], dtype=object)
    done = HANS.batch(given_objects)
    assert done.dtype == object
    assert done[0] == done[-1] == "问题"
    assert all(one is other for one, other in zip(done[1:-1], missing, strict=True))
    for wrong in (5, 1.5, ["問題"], np.array([1, 2])):
        texts = np.empty(2, dtype=object)
        texts[:] = ["問題", wrong]
        with pytest.raises(TypeError, match="str"):
            HANS.batch(texts)
    if not hasattr(getattr(np, "dtypes", None), "StringDType"):  # before NumPy 2
        return
    for nothing in (float("nan"), pd.NA, None):
        kind = np.dtypes.StringDType(na_object=nothing)
        done = HANS.batch(np.array(["問題", nothing], dtype=kind))
        assert done.dtype == kind
        assert done[0] == "问题" and done[1] is nothing


@given(st.lists(st.tuples(st.text(st.sampled_from("這個問題發展ab"), max_size=4), st.booleans()), max_size=6))
def test_what_a_mask_hides_stays_in_a_numpy_array(pairs: list[tuple[str, bool]]) -> None:
    """The mask, what is behind it, and what it is filled with."""
    np = pytest.importorskip("numpy")
    texts, mask = [text for text, _ in pairs], [is_hidden for _, is_hidden in pairs]
    for dtype in (str, object):
        given_masked = np.ma.array(texts, mask=mask, dtype=dtype, fill_value="無")
        done = HANS.batch(given_masked)
        assert isinstance(done, np.ma.MaskedArray) and done.dtype.kind == given_masked.dtype.kind
        assert np.ma.getmaskarray(done).tolist() == mask
        assert done.data.tolist() == [text if hidden else HANS(text) for text, hidden in pairs]
        assert done.fill_value == "無"
        assert given_masked.data.tolist() == texts
    assert HANS.batch(np.ma.array(["問題", 5], mask=[False, True], dtype=object)).data.tolist() == ["问题", 5]


def tables(texts: list[str | None]) -> dict[str, Any]:
    """The same table, as each kind that Columns takes."""
    pa, pd, pl = (pytest.importorskip(name) for name in ("pyarrow", "pandas", "polars"))
    columns = {"id": list(range(len(texts))), "text": texts, "title": texts[::-1]}
    arrow = pa.table({**columns, "text": pa.array(texts, pa.string()), "title": pa.array(texts[::-1], pa.string())})
    return {
        "mapping": columns,
        "arrow table": arrow,
        "record batch": pa.RecordBatch.from_arrays(
            [column.combine_chunks() for column in arrow.columns], arrow.schema.names
        ),
        "pandas": pd.DataFrame(columns, dtype=object),
        "polars": pl.DataFrame(columns, schema={"id": pl.Int64, "text": pl.String, "title": pl.String}),
    }


def plain(table: Any) -> dict[str, list[Any]]:
    """A table as a mapping of names to lists."""
    if hasattr(table, "to_pydict"):
        table = table.to_pydict()
    elif hasattr(table, "to_dict"):
        table = table.to_dict("list") if type(table).__module__.startswith("pandas") else table.to_dict(as_series=False)
    return {name: list(column) for name, column in table.items()}


@given(TEXTS)
def test_named_columns_of_a_table_are_normalized_and_the_others_stay(texts: list[str | None]) -> None:
    """In every kind of table; and what came in is as it was."""
    columns = pickle.loads(pickle.dumps(Columns(HANS, "text")))
    for kind, table in tables(texts).items():
        before = plain(table)
        done = columns(table)
        assert type(done) is type(table), kind
        assert plain(done) == {**before, "text": HANS.batch(texts)}, kind
        assert plain(table) == before, kind


def test_columns_have_the_names_that_their_table_has() -> None:
    """Numbers in a frame that was made of rows, tuples where names have levels."""
    pd = pytest.importorskip("pandas")
    rows = [["問題", "問題", 1], [None, None, 2]]
    for names in ([0, 1, 2], [("a", "b"), ("a", "c"), ("d", "e")], ["a", 1, None]):
        table = pd.DataFrame(rows, dtype=object)
        table.columns = pd.Index(names)
        done = Columns(HANS, names[1])(table)
        assert list(done.columns) == names
        assert done.to_numpy().tolist() == [["問題", "问题", 1], [None, None, 2]]
        assert table.to_numpy().tolist() == rows
    assert Columns(HANS, 0)({0: ["問題"], 1: ["問題"]}) == {0: ["问题"], 1: ["問題"]}


@pytest.mark.parametrize("kind", ["mapping", "arrow table", "record batch", "pandas", "polars"])
def test_a_table_without_the_column_is_refused_by_its_name(kind: str) -> None:
    """Nobody wants a column that is not there to be skipped."""
    for name in ("body", 0):
        with pytest.raises(KeyError, match=str(name)):
            Columns(HANS, name)(tables(["問題"])[kind])


@pytest.mark.parametrize("kind", ["table", "record_batch"])
def test_arrow_columns_of_one_name_are_all_normalized(kind: str) -> None:
    """Who names it cannot mean one of them."""
    pa = pytest.importorskip("pyarrow")
    columns = [pa.array(["問題"]), pa.array([1]), pa.array(["問題", None][:1])]
    table = getattr(pa, kind)(columns, names=["x", "n", "x"])
    done = Columns(HANS, "x")(table)
    assert (done.schema, [column.to_pylist() for column in done.columns]) == (table.schema, [["问题"], [1], ["问题"]])


def test_columns_need_a_name_and_a_table() -> None:
    """A list of texts is for batch."""
    with pytest.raises(ValueError, match="column"):
        Columns(HANS)
    with pytest.raises(TypeError, match="list"):
        Columns(HANS, "text")(["問題"])


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


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars", "numpy"])
def test_a_column_of_something_else_is_refused(library: str) -> None:
    """A number is no text."""
    module = pytest.importorskip(library)
    column = module.array([1, 2]) if library in ("pyarrow", "numpy") else module.Series([1, 2])
    with pytest.raises(TypeError):
        HANS.batch(column)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_refused_with_what_to_do(library: str) -> None:
    """One column has to be named."""
    module = pytest.importorskip(library)
    with pytest.raises(TypeError, match="Series"):
        HANS.batch(module.DataFrame({"a": ["問題"]}))
