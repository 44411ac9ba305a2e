"""A network as one TOML model file, in a form that depends on the network alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from mtorsim.network.dose import Dose
from mtorsim.network.loop import Loop
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species

Value = str | bool | float | Iterable["Value"] | Mapping[str, "Value"]


def write_network(network: ReactionNetwork) -> str:
    """TOML text of a network; composing it gives an equal network.

    Every species and reaction is written out: what sections, templates, ``for`` and ``match`` said
    is expanded, and a reversible reaction is two. Parameters that nothing reads, as those of the
    medium of a drug that is given to a body, are left out.
    """
    head = {"id": network.id, "title": network.title}
    blocks = [["[model]", *_lines(head)]]
    blocks += [
        [
            f"[sources.{_key(key)}]",
            *_lines({"citation": source.citation, **_given(asdict(source), "id")}),
        ]
        for key, source in network.sources.items()
    ]
    blocks += [
        ["[parameters]", *_lines({p.id: _parameter(p) for p in _read_parameters(network)})],
        ["[species]", *_lines({species.id: _species(species) for species in network.species})],
    ]
    blocks += [["[[reaction]]", *_lines(_reaction(reaction))] for reaction in network.reactions]
    if network.observables:
        observables = {observable.id: _observable(observable) for observable in network.observables}
        blocks.append(["[observables]", *_lines(observables)])
    blocks += [["[[loop]]", *_lines(_loop(loop))] for loop in network.loops]
    blocks += [
        [f"[doses.{_key(drug)}]", *_lines(_dose(dose))] for drug, dose in network.doses.items()
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _read_parameters(network: ReactionNetwork) -> list[Parameter]:
    """Parameters that a rate, an initial amount or a dose reads."""
    monomials = [reaction.rate for reaction in network.reactions]
    monomials += [species.initial for species in network.species if species.initial is not None]
    monomials += [dose.amount for dose in network.doses.values()]
    read = {name for monomial in monomials for name in monomial.names}
    return [parameter for parameter in network.parameters if parameter.id in read]


def _dose(dose: Dose) -> dict[str, Value]:
    entries: dict[str, Value] = {"species": dose.species, "amount": str(dose.amount)}
    if dose.unit != "nM":
        entries["unit"] = dose.unit
    if dose.infusion:
        entries |= {"infusion": dose.infusion, "infusion_time": f"{dose.infusion_time!r} s"}
    return entries


def _given(entries: Mapping[str, Value], *left_out: str) -> dict[str, Value]:
    """The entries that say something: no empty texts."""
    return {key: value for key, value in entries.items() if value != "" and key not in left_out}


def _parameter(parameter: Parameter) -> dict[str, Value]:
    entries: dict[str, Value] = {
        "value": parameter.value_as_written,
        "unit": parameter.unit,
        "spread": parameter.spread,
        "source": parameter.source,
    }
    for key in ("meaning", "why", "fitted_to", "range_source", "confidence"):
        entries[key] = getattr(parameter, key)
    if parameter.range_as_written is not None:
        entries["range"] = parameter.range_as_written
    return _given(entries)


def _species(species: Species) -> dict[str, Value]:
    entries: dict[str, Value] = {"title": species.title}
    if species.fixed:
        entries["fixed"] = True
    if species.initial is not None:
        entries["initial"] = str(species.initial)
    if species.identifiers:
        entries["identifiers"] = species.identifiers
    return _given(entries)


def _reaction(reaction: Reaction) -> dict[str, Value]:
    entries: dict[str, Value] = {
        "id": reaction.id,
        "module": reaction.module,
        "equation": reaction.equation(),
        "rate": str(reaction.rate),
    }
    return entries | ({"open": True} if reaction.open else {})


def _observable(observable: Observable) -> dict[str, Value]:
    terms = [
        species if weight == 1 else f"{weight!r}*{species}"
        for species, weight in observable.weights
    ]
    return {"sum": terms, **_given({"of": observable.of or "", "title": observable.title})}


def _loop(loop: Loop) -> dict[str, Value]:
    required: dict[str, Value] = {
        "id": loop.id,
        "title": loop.title,
        "sign": loop.sign,
        "signal": loop.signals,
        "reactions": loop.reactions,
        "clamp": loop.clamp,
        "source": loop.source,
    }
    return required | _given({"why": loop.why})


def _lines(entries: Mapping[str, Value]) -> Iterator[str]:
    """One ``key = value`` line an entry."""
    return (f"{_key(key)} = {_value(value)}" for key, value in entries.items())


def _key(key: str) -> str:
    """A key, quoted unless it may stand bare."""
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _text(key)


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Value) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(float(value))
    if isinstance(value, Mapping):
        inner = ", ".join(_lines(value))
        return f"{{ {inner} }}" if inner else "{}"
    return f"[{', '.join(_value(item) for item in value)}]"
