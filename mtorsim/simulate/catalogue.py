"""Things of a model by id, printed as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Protocol, TypeVar

from mtorsim.errors import UnknownNameError


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its name."""


Item = TypeVar("Item", bound=HasId)
Columns = Mapping[str, Callable[[Any], Any]]


class Catalogue(Mapping[str, Item]):
    """An immutable mapping from id to item that prints as a table; a wrong id names the nearest.

    Parameters
    ----------
    kind : what an item is, for error lines
    items : in the order shown
    columns : heading -> what is shown of an item
    """

    __slots__ = ("_columns", "_items", "kind")

    def __init__(self, kind: str, items: Iterable[Item], columns: Columns) -> None:
        self.kind = kind
        self._items = {item.id: item for item in items}
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> Item:
        if name not in self._items:
            raise UnknownNameError(self.kind, str(name), self._items)
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def get(self, name: str, default: Any = None) -> Any:
        """The item of an id, or ``default``."""
        return self._items.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def header(self) -> tuple[str, ...]:
        """Headings of the table."""
        return tuple(self._columns)

    def rows(self) -> list[tuple[Any, ...]]:
        """What is shown of each item."""
        return [tuple(read(item) for read in self._columns.values()) for item in self.values()]

    def __repr__(self) -> str:
        cells = [self.header, *(tuple(map(_text, row)) for row in self.rows())]
        widths = [max(len(row[c]) for row in cells) for c in range(len(self.header))]
        return "\n".join(_line(row, widths) for row in cells)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.header)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_text(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _text(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
