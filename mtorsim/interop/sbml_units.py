"""The units that an SBML file declares, as short texts; what it leaves to a default has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mtorsim.network.quantity import product_text

#: symbol of one unit of a kind, by its size in units of that kind; names and symbols of the SI
_PREFIXES = {1.0: "", 1e-3: "m", 1e-6: "u", 1e-9: "n", 1e-12: "p", 1e-15: "f"}
_SYMBOLS = {"mole": "mol", "litre": "l", "liter": "l", "gram": "g", "metre": "m", "meter": "m"}
_SYMBOLS |= {"second": "s", "item": "item", "dimensionless": "1"}
_TIMES = {60.0: "min", 3600.0: "h", 86400.0: "d"}
_DIGITS = 12


def read_units(model: Any, *, level: int) -> tuple[str, dict[str, str]]:
    """Unit of time, and unit by id of species, compartments and parameters.

    Parameters
    ----------
    model : of libSBML
    level : of SBML; Level 1 is not looked at
    """
    if level == 1:
        return "", {}
    reader = _Reader(model, level)
    return reader.time(), dict(reader.by_id())


class _Reader:
    """Looks up units of one model."""

    def __init__(self, model: Any, level: int) -> None:
        self.model, self.level = model, level
        definitions = model.getListOfUnitDefinitions()
        self.definitions = {
            definitions.get(i).getId(): definitions.get(i) for i in range(definitions.size())
        }

    def time(self) -> str:
        """Unit of time."""
        return _text(self._default("time"))

    def by_id(self) -> Iterator[tuple[str, str]]:
        """Pairs of an id and the text of its unit, where there is one."""
        model = self.model
        sizes = {}
        for compartment in _items(model.getListOfCompartments()):
            size = self._own(compartment) or self._size(compartment)
            sizes[compartment.getId()] = size
            yield compartment.getId(), _text(size)
        for species in _items(model.getListOfSpecies()):
            yield species.getId(), _text(self._species(species, sizes))
        for parameter in _items(model.getListOfParameters()):
            yield parameter.getId(), _text(self._own(parameter))

    def _species(self, species: Any, sizes: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
        text = species.getSubstanceUnits() if species.isSetSubstanceUnits() else ""
        amount = self._named(text) if text else self._default("substance")
        size = sizes.get(species.getCompartment(), {})
        if species.getHasOnlySubstanceUnits() or not amount:
            return amount
        below = {
            kind: (factor, -power)
            for kind, (factor, power) in size.items()
            if kind != "dimensionless"
        }
        return {**amount, **below} if size and not set(amount) & set(below) else {}

    def _own(self, element: Any) -> dict[str, tuple[float, float]]:
        return self._named(element.getUnits()) if element.isSetUnits() else {}

    def _size(self, compartment: Any) -> dict[str, tuple[float, float]]:
        dimensions = compartment.getSpatialDimensions()
        return self._default({3: "volume", 2: "area", 1: "length"}.get(dimensions, ""))

    def _default(self, quantity: str) -> dict[str, tuple[float, float]]:
        """What the whole model measures a quantity in: a definition, or an attribute of Level 3."""
        if self.level == 2:
            return self._named(quantity) if quantity in self.definitions else {}
        getter = getattr(self.model, f"get{quantity.capitalize()}Units", str)
        return self._named(getter()) if getter() else {}

    def _named(self, name: str) -> dict[str, tuple[float, float]]:
        """Size and power by kind of the unit of a name."""
        if name not in self.definitions:
            return {name: (1.0, 1.0)}
        units: dict[str, tuple[float, float]] = {}
        for unit in _items(self.definitions[name].getListOfUnits()):
            kind = _kind(unit)
            factor = unit.getMultiplier() * 10.0 ** unit.getScale()
            if kind in units:  # seldom, and no short text says it
                return {}
            units[kind] = float(f"{factor:.{_DIGITS}g}"), unit.getExponentAsDouble()
        bare = {kind: unit for kind, unit in units.items() if kind != "dimensionless"}
        return bare or {"dimensionless": (1.0, 1.0)}


def _items(elements: Any) -> Iterator[Any]:
    return (elements.get(i) for i in range(elements.size()))


def _kind(unit: Any) -> str:
    import libsbml

    return str(libsbml.UnitKind_toString(unit.getKind()))


def _text(units: Mapping[str, tuple[float, float]]) -> str:
    """``"nM"``, ``"ng/ml"``, ``"1/(nM*s)"``; empty for no unit."""
    molar = units.get("mole"), units.get("litre")
    if molar[0] is not None and molar[1] is not None and molar[0][1] == -molar[1][1]:
        prefix = _PREFIXES.get(float(f"{molar[0][0] / molar[1][0]:.{_DIGITS}g}"))
        if prefix is not None:
            rest = {k: unit for k, unit in units.items() if k not in ("mole", "litre")}
            return product_text([(f"{prefix}M", molar[0][1]), *map(_symbol, rest.items())])
    return product_text(map(_symbol, units.items()))


def _symbol(unit: tuple[str, tuple[float, float]]) -> tuple[str, float]:
    kind, (factor, power) = unit
    symbol = _SYMBOLS.get(kind, kind)
    if kind == "second" and factor in _TIMES:
        return _TIMES[factor], power
    if factor in _PREFIXES and (factor == 1.0 or kind in ("mole", "litre", "gram", "second")):
        return _PREFIXES[factor] + symbol, power
    return f"{factor:g} {symbol}", power
