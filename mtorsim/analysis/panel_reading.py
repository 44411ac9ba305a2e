"""Panel files: read with every mistake named by file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mtorsim.analysis.panel import (
    BASES,
    MEASURES,
    SETS,
    WINDOWED,
    Arm,
    Change,
    Check,
    PanelRow,
    Quantity,
    Series,
)
from mtorsim.errors import ModelError, MtorsimError, UnknownNameError, suggestion
from mtorsim.modelfiles.document import Document, Problems, Table, read_document
from mtorsim.modelfiles.library import label_of, load_sources, models_folder
from mtorsim.modelfiles.schema import NUMBER, TABLE, TABLES, TEXT, TEXT_TABLE, TEXTS, Schema
from mtorsim.network.quantity import Dimension, parse_quantity, parse_unit

PANEL_FOLDER = "panel"

_FILE = Schema("a panel file", {"panel": TABLE, "row": TABLES}, ("panel", "row"))
_HEAD = Schema("[panel]", {"title": TEXT}, ("title",))
_ROW_KEYS = {
    **dict.fromkeys(("id", "topic", "what", "value_basis", "set", "duration", "note"), TEXT),
    **dict.fromkeys(("sources", "contexts"), TEXTS),
    "arms": TABLE,
    "check": TABLES,
}
_ROW_REQUIRED = ("id", "what", "sources", "value_basis", "set", "duration", "check")
_ROW = Schema("[[row]]", _ROW_KEYS, _ROW_REQUIRED)
_ARM_KEYS = {
    **dict.fromkeys(("contexts", "without"), TEXTS),
    **dict.fromkeys(("drugs", "inputs"), TEXT_TABLE),
    "then": TABLES,
    "series": TABLE,
}
_ARM = Schema("an arm", _ARM_KEYS)
_THEN = Schema("'then'", {"at": TEXT, "drugs": TEXT_TABLE, "inputs": TEXT_TABLE}, ("at",))
_SERIES = Schema(
    "'series'",
    {"name": TEXT, "low": TEXT, "high": TEXT, "count": NUMBER},
    ("name", "low", "high", "count"),
)
_QUANTITY_KEYS = {
    **dict.fromkeys(("readout", "measure", "arm", "at", "from", "until"), TEXT),
    "arms": TEXTS,
}
_OTHER = Schema("'over' or 'minus'", _QUANTITY_KEYS)
_CHECK_KEYS = {
    **_QUANTITY_KEYS,
    "what": TEXT,
    "unit": TEXT,
    "low": NUMBER,
    "high": NUMBER,
    "over": TABLE,
    "minus": TABLE,
}
_CHECK = Schema("[[row.check]]", _CHECK_KEYS, ("readout", "low", "high"))


def panel_files() -> tuple[Path, ...]:
    """The shipped panel files."""
    folder = models_folder() / PANEL_FOLDER
    return tuple(path for path in sorted(folder.glob("*.toml")) if path.stem != "baseline")


def read_panel(files: Sequence[Path] | None = None) -> tuple[PanelRow, ...]:
    """The rows of panel files, by id.

    Parameters
    ----------
    files : None for the shipped ones

    Raises
    ------
    ModelError : everything that is wrong with the files, one line each
    """
    problems = Problems()
    rows: dict[str, PanelRow] = {}
    for path in panel_files() if files is None else files:
        document = read_document(path, label=label_of(path), problems=problems)
        for row in _Reader(document, problems).rows() if document else ():
            if row.id in rows:
                problems.add(row.origin, f"row {row.id} is given at {rows[row.id].origin} too")
            rows[row.id] = row
    problems.raise_if_any()
    return tuple(rows[name] for name in sorted(rows))


def select_rows(rows: Sequence[PanelRow], ids: Sequence[str]) -> tuple[PanelRow, ...]:
    """The rows of these ids; all where there are none.

    Raises
    ------
    UnknownNameError : there is no row of that id
    """
    known = {row.id: row for row in rows}
    for name in ids:
        if name not in known:
            raise UnknownNameError("panel row", name, known)
    return tuple(known[name] for name in ids) if ids else tuple(rows)


class _Reader:
    """Reads one file; what is wrong is noted, and the row left out."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self.document, self.problems = document, problems
        self.sources = load_sources()

    def rows(self) -> list[PanelRow]:
        """The rows that can be read."""
        document, problems = self.document, self.problems
        if not _FILE.check(document.data, where=document.where, problems=problems):
            return []
        head = document.table("panel")
        if not _HEAD.check(head, where=document.places("panel"), problems=problems):
            return []
        tables = enumerate(document.array("row"))
        rows = [self.row(i, table, head["title"]) for i, table in tables]
        return [row for row in rows if row is not None]

    def row(self, i: int, table: Table, topic: str) -> PanelRow | None:
        """A row; None where it is wrong."""
        place = ("row", i)
        if not _ROW.check(table, where=self.document.places(*place), problems=self.problems):
            return None
        before = len(self.problems.lines)
        duration = self.time(table["duration"], (*place, "duration"))
        arms = self.arms(table, place)
        checks = [
            self.check(check, arms, duration, (*place, "check", j))
            for j, check in enumerate(table["check"])
        ]
        self.check_words(table, place)
        if len(self.problems.lines) > before:
            return None
        return PanelRow(
            id=table["id"],
            topic=table.get("topic", topic),
            what=table["what"],
            sources=tuple(table["sources"]),
            basis=table["value_basis"],
            set=table["set"],
            duration=duration,
            arms=arms,
            checks=tuple(check for check in checks if check is not None),
            note=table.get("note", ""),
            origin=self.document.where(*place),
        )

    def check_words(self, table: Table, place: tuple[str | int, ...]) -> None:
        """Words that must be among a few, and sources that must exist."""
        for key, known in (("value_basis", BASES), ("set", SETS)):
            if table[key] not in known:
                hint = suggestion(table[key], known)
                self.problem((*place, key), f"unknown {key} {table[key]!r}{hint}")
        for source in table["sources"]:
            if source not in self.sources:
                hint = suggestion(source, self.sources)
                self.problem((*place, "sources"), f"unknown source {source!r}{hint}")

    def arms(self, table: Table, place: tuple[str | int, ...]) -> dict[str, Arm]:
        """Arms by name; one that is not written out is the untreated cell."""
        shared = tuple(table.get("contexts", ()))
        arms = {"untreated": Arm("untreated", shared)}
        for name, arm in table.get("arms", {}).items():
            where = (*place, "arms", name)
            if not isinstance(arm, dict):
                self.problem(where, f"arm {name!r} must be a table")
            elif _ARM.check(arm, where=self.document.places(*where), problems=self.problems):
                arms[name] = self.arm(name, arm, shared, where)
        return arms

    def arm(
        self, name: str, table: Table, shared: tuple[str, ...], where: tuple[str | int, ...]
    ) -> Arm:
        """An arm with its changes by time."""
        changes = []
        if "drugs" in table or "inputs" in table:
            changes.append(self.change(0.0, table, where))
        for step in table.get("then", ()):
            place = self.document.places(*where, "then")
            if _THEN.check(step, where=place, problems=self.problems):
                at = self.time(step["at"], (*where, "then"))
                changes.append(self.change(at, step, (*where, "then")))
        return Arm(
            name=name,
            contexts=(*shared, *table.get("contexts", ())),
            changes=tuple(sorted(changes, key=lambda change: change.time)),
            series=self.series(table["series"], (*where, "series")) if "series" in table else None,
            cut=tuple(table.get("without", ())),
        )

    def change(self, time: float, table: Table, where: tuple[str | int, ...]) -> Change:
        """Doses and inputs of a table."""
        doses = {
            key: {
                name: self.quantity(text, (*where, key), "concentration")
                for name, text in table.get(key, {}).items()
            }
            for key in ("drugs", "inputs")
        }
        return Change(time, drugs=doses["drugs"], inputs=doses["inputs"])

    def series(self, table: Table, where: tuple[str | int, ...]) -> Series | None:
        """Log-spaced doses."""
        if not _SERIES.check(table, where=self.document.places(*where), problems=self.problems):
            return None
        low = self.quantity(table["low"], where, "concentration")
        high = self.quantity(table["high"], where, "concentration")
        count = int(table["count"])
        if not (0 < low < high and count >= 2):
            self.problem(
                where, f"doses from {table['low']} to {table['high']}: give low below high"
            )
            return None
        return Series(table["name"], tuple(np.geomspace(low, high, count).tolist()))

    def check(
        self, table: Table, arms: dict[str, Arm], duration: float, where: tuple[str | int, ...]
    ) -> Check | None:
        """A check; None where it is wrong."""
        if not _CHECK.check(table, where=self.document.places(*where), problems=self.problems):
            return None
        quantity = self.measured(table, arms, duration, where)
        low, high, unit = float(table["low"]), float(table["high"]), table.get("unit", "1")
        if low > high:
            self.problem((*where, "low"), f"band from {low:g} to {high:g}: low is above high")
        check = Check(table.get("what", ""), quantity, low, high, unit, self.factor(unit, where))
        for key in ("over", "minus"):
            if key in table:
                known = {k: v for k, v in table.items() if k in _QUANTITY_KEYS}
                place = (*where, key)
                other = table[key]
                if _OTHER.check(other, where=self.document.places(*place), problems=self.problems):
                    given = self.measured({**known, **other}, arms, duration, place)
                    check = (
                        replace(check, over=given) if key == "over" else replace(check, minus=given)
                    )
        return check

    def measured(
        self, table: Table, arms: dict[str, Arm], duration: float, where: tuple[str | int, ...]
    ) -> Quantity:
        """A quantity with its arms, window and measure."""
        measure = table.get("measure", "value")
        if measure not in MEASURES:
            hint = suggestion(measure, MEASURES)
            self.problem((*where, "measure"), f"unknown measure {measure!r}{hint}")
        names = tuple(table["arms"]) if "arms" in table else (table.get("arm", "untreated"),)
        for name in names:
            if name not in arms:
                self.problem(where, f"unknown arm {name!r}{suggestion(name, arms)}")
        start = self.time(table.get("from", "0 s"), (*where, "from"))
        key = "until" if "until" in table and measure in WINDOWED else "at"
        end = self.time(table[key], (*where, key)) if key in table else duration
        for name, time in (("from", start), (key, end)):
            if time > duration:
                self.problem(
                    (*where, name),
                    f"{name} is {time:g} s, past the end of the protocol at {duration:g} s",
                )
        return Quantity(table["readout"], measure, names, start, end)

    def factor(self, unit: str, where: tuple[str | int, ...]) -> float:
        """One unit in nM or s."""
        try:
            return parse_unit(unit).factor
        except MtorsimError as error:
            self.problem((*where, "unit"), str(error))
            return 1.0

    def time(self, text: str, where: tuple[str | int, ...]) -> float:
        """A time, s."""
        return self.quantity(text, where, "time")

    def quantity(self, text: Any, where: tuple[str | int, ...], dimension: Dimension) -> float:
        """A number in nM or s; nan, with the problem noted, where it is none."""
        try:
            return parse_quantity(text, dimension=dimension, what=str(where[-1]))
        except (MtorsimError, ModelError) as error:
            self.problem(where, str(error))
            return float("nan")

    def problem(self, where: tuple[str | int, ...], what: str) -> None:
        """Note a problem with its line."""
        self.problems.add(self.document.where(*where), what)
