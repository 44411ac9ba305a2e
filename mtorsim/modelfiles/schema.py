"""Which keys each table of a model file may hold, and of which type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mtorsim.errors import suggestion
from mtorsim.modelfiles.document import Document, Problems, Table


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_number(item) for item in value)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_text_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_text_tables(value: object) -> bool:
    return isinstance(value, list) and all(_is_text_table(item) for item in value)


def _is_text_or_table(value: object) -> bool:
    return isinstance(value, str | dict)


def _is_text_or_texts(value: object) -> bool:
    return _is_text(value) or _is_texts(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of value, and its name in messages."""

    accepts: Callable[[object], bool]
    description: str


TEXT = Kind(_is_text, "text")
NUMBER = Kind(_is_number, "a number")
FLAG = Kind(_is_flag, "true or false")
TEXTS = Kind(_is_texts, "a list of texts")
PAIR = Kind(_is_pair, "two numbers [low, high]")
TABLE = Kind(_is_table, "a table")
TABLES = Kind(_is_tables, "a list of tables")
TEXT_TABLE = Kind(_is_text_table, "a table of texts")
TEXT_TABLES = Kind(_is_text_tables, "a list of tables of texts")
RATE = Kind(_is_text_or_table, "text (a monomial) or a table with value, unit, spread and source")
SIGNAL = Kind(_is_text_or_texts, "text or a list of texts")


@dataclass(frozen=True, slots=True)
class Schema:
    """The keys of one table.

    Parameters
    ----------
    name : what the table is, for messages
    keys : kind of value of each key
    required : keys that must be there
    """

    name: str
    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()

    def check(self, table: Table, *, where: Callable[[str], str], problems: Problems) -> bool:
        """Note unknown keys, wrong types and missing keys; True if there is none."""
        good = True
        for key, value in table.items():
            kind = self.keys.get(key)
            if kind is None:
                hint = suggestion(key, self.keys)
                problems.add(where(key), f"unknown key {key!r} in {self.name}{hint}")
            elif not kind.accepts(value):
                problems.add(where(key), f"{key!r} in {self.name} must be {kind.description}")
            else:
                continue
            good = False
        for key in self.required:
            if key not in table:
                problems.add(where(key), f"{self.name} has no {key!r}")
                good = False
        return good


_NUMBER_KEYS = {
    "value": NUMBER,
    "unit": TEXT,
    "spread": NUMBER,
    "source": TEXT,
    "meaning": TEXT,
    "why": TEXT,
    "fitted_to": TEXT,
    "range": PAIR,
    "range_source": TEXT,
    "confidence": TEXT,
}
_PART_KEYS = {"parameters": TABLE, "species": TABLE, "reaction": TABLES, "observables": TABLE}


def parameter_schema(name: str) -> Schema:
    """A number of a model: nothing about it may be left out."""
    return Schema(name, _NUMBER_KEYS, ("value", "unit", "spread", "source"))


def factor_schema(name: str) -> Schema:
    """A factor of a context: it has no unit, and is exact unless it says otherwise."""
    keys = {key: kind for key, kind in _NUMBER_KEYS.items() if key != "unit"}
    return Schema(name, keys, ("value", "source"))


def value_schema(name: str) -> Schema:
    """A value that a context sets."""
    return Schema(name, _NUMBER_KEYS, ("value", "unit", "source"))


def species_schema(name: str) -> Schema:
    """An entry of ``[species]``."""
    return Schema(name, {"fixed": FLAG, "initial": TEXT, "title": TEXT, "identifiers": TEXT_TABLE})


def reaction_schema(name: str) -> Schema:
    """An entry of ``[[reaction]]``."""
    keys = {
        **dict.fromkeys(("id", "module", "equation"), TEXT),
        **dict.fromkeys(("rate", "forward", "reverse"), RATE),
        "open": FLAG,
        "for": TEXT_TABLES,
    }
    return Schema(name, keys, ("id", "equation"))


def observable_schema(name: str) -> Schema:
    """An entry of ``[observables]``."""
    keys = {**dict.fromkeys(("match", "of", "title", "unit"), TEXT), "sum": TEXTS}
    return Schema(name, keys)


SECTION_FILE = Schema("a section file", {"section": TABLE, **_PART_KEYS}, ("section",))
TEMPLATE_FILE = Schema(
    "a drug template", {"template": TABLE, "dose": TABLE, **_PART_KEYS}, ("template", "dose")
)
JOINT_FILE = Schema("a joint template", {"joint": TABLE, **_PART_KEYS}, ("joint",))
DRUG_FILE = Schema("a drug file", {"drug": TABLE, "dose": TABLE, **_PART_KEYS}, ("drug",))
MODEL_FILE = Schema(
    "a model file",
    {"model": TABLE, "sources": TABLE, "loop": TABLES, "doses": TABLE, **_PART_KEYS},
    ("model",),
)
VALUES_FILE = Schema("a file of values", {"fit": TABLE, "values": TABLE}, ("fit", "values"))
LOOP_FILE = Schema("a loop file", {"loop": TABLE}, ("loop",))
CONTEXT_FILE = Schema(
    "a context file", {"context": TABLE, "factors": TABLE, "values": TABLE}, ("context",)
)

SECTION = Schema("[section]", {"id": TEXT, "title": TEXT}, ("id", "title"))
TEMPLATE = Schema(
    "[template]",
    {**dict.fromkeys(("id", "title", "class"), TEXT), "targets": TEXTS},
    ("id", "title", "targets"),
)
JOINT = Schema(
    "[joint]",
    {**dict.fromkeys(("id", "title"), TEXT), **dict.fromkeys(("templates", "sections"), TEXTS)},
    ("id", "title", "templates"),
)
DRUG = Schema(
    "[drug]",
    dict.fromkeys(("id", "title", "class", "template"), TEXT),
    ("id", "title", "class"),
)
DOSE = Schema(
    "[dose]",
    dict.fromkeys(("species", "amount", "unit", "infusion", "infusion_time"), TEXT),
    ("species", "amount"),
)
MODEL = Schema(
    "[model]",
    {
        **dict.fromkeys(("id", "title", "values"), TEXT),
        **dict.fromkeys(("sections", "loops", "contexts", "drugs"), TEXTS),
    },
    ("id", "title"),
)
FIT = Schema(
    "[fit]",
    {
        **dict.fromkeys(("fitted_to", "method", "start"), TEXT),
        **dict.fromkeys(("seed", "rounds", "cost"), NUMBER),
    },
    ("fitted_to",),
)
LOOP = Schema(
    "[loop]",
    {
        **dict.fromkeys(("id", "title", "sign", "source", "why"), TEXT),
        "signal": SIGNAL,
        **dict.fromkeys(("reactions", "clamp"), TEXTS),
    },
    ("id", "title", "sign", "signal", "reactions", "source"),
)
CONTEXT = Schema(
    "[context]",
    {**dict.fromkeys(("id", "title", "kind"), TEXT), "overrides": TEXTS, "of_drugs": FLAG},
    ("id", "title", "kind"),
)
SOURCE = Schema(
    "a source",
    dict.fromkeys(("citation", "title", "doi", "confidence", "note"), TEXT),
    ("citation",),
)


def table_at(document: Document, key: str, schema: Schema, *, problems: Problems) -> dict[str, Any]:
    """The checked table under ``key``; empty, with the problems noted, where it is not right."""
    table = document.table(key)
    if key not in document.data:
        return {}
    good = schema.check(table, where=lambda name: document.where(key, name), problems=problems)
    return table if good else {}
