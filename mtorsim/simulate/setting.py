"""A model as it stands before anything is done to it, and how a caller's words become a problem."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any, TypedDict, Unpack, get_args

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, UnknownNameError
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import parse_quantity
from mtorsim.simulate.amounts import read_amount
from mtorsim.simulate.axes import Axis
from mtorsim.simulate.dosing import Change, Dosing, Regimen, schedule
from mtorsim.simulate.problem import Problem
from mtorsim.simulate.readouts import ReadoutPlan
from mtorsim.solvers.options import Method, SolverOptions

Array = NDArray[np.float64]
Provenance = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Setting:
    """A network with its numbers, loops and inputs.

    Parameters
    ----------
    network : with every drug of the run merged in
    values : (p,) parameter values
    cut, clamped : loops that are off, and loops whose signals are held
    amounts : initial amounts and inputs that replace the model's, nM by species
    provenance : what else to write beside results
    members : (m, p) parameter values in each member of an ensemble, for a member axis; else None
    values_in_contexts : (c, m, p) parameter values in other contexts, for a context axis; m is 1
        without members
    """

    network: ReactionNetwork
    values: Array
    cut: tuple[str, ...] = ()
    clamped: tuple[str, ...] = ()
    amounts: Mapping[str, float] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=dict)
    members: Array | None = None
    values_in_contexts: Callable[[Sequence[str]], Array] | None = None

    @property
    def value_table(self) -> Array:
        """(1, m, p) parameter values of the members in the present contexts; m is 1 without."""
        values = self.values[np.newaxis] if self.members is None else self.members
        return values[np.newaxis]

    def initial_amounts(self) -> Array:
        """Initial amounts of all species, (n,), nM."""
        amounts: Array = self.network.initial_amounts(self.values[np.newaxis])[0]
        for name, amount in self.amounts.items():
            amounts[self.network.species_ids.index(name)] = amount
        return amounts

    def fingerprint(self) -> str:
        """SHA-256 of the network and of every number that a run without drug reads."""
        network = self.network
        content = (
            network.structure().fingerprint(),
            network.species_ids,
            network.reaction_ids,
            tuple((o.id, o.weights, o.total_weights) for o in network.observables),
            tuple(str(reaction.rate) for reaction in network.reactions),
            self.values.tolist(),
            self.initial_amounts().tolist(),
            self.cut,
            self.clamped,
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()

    def notes(self) -> dict[str, str | int | float]:
        """What decided the numbers of a run, for people and for files."""
        return {
            "model": self.network.id,
            "model_title": self.network.title,
            "model_fingerprint": self.fingerprint(),
            "cut_loops": ", ".join(self.cut),
            "clamped_loops": ", ".join(self.clamped),
            "new_amounts": json.dumps(dict(self.amounts)),
            **self.provenance,
        }


@dataclass(frozen=True)
class Treatment:
    """What is done from time 0 on, as the caller gave it.

    Parameters
    ----------
    drugs, inputs : dose by drug and level by input: quantities, or numbers in nM
    dosing : repeated doses, wash-outs and steps
    pre_equilibrate : whether runs start from the steady state without drug
    """

    drugs: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    dosing: tuple[Regimen, ...] = ()
    pre_equilibrate: bool = True

    def __post_init__(self) -> None:
        check_mapping("drugs", self.drugs, example="{'everolimus': '20 nM'}")
        check_mapping("inputs", self.inputs, example="{'Insulin': '10 nM'}")
        if not isinstance(self.pre_equilibrate, bool | np.bool_):
            raise InputError(f"pre_equilibrate is {self.pre_equilibrate!r}: give True or False")


def check_mapping(what: str, given: Any, *, example: str) -> None:
    """Refuse anything that does not map names to values."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise InputError(f"{what} is {given!r}: map names to values, like {example}")


def read_doses(drugs: Mapping[str, Any]) -> dict[str, float]:
    """Doses by drug in nM: strings like ``"20 nM"``, or numbers in nM.

    Raises
    ------
    InputError, UnitsError : not a mapping, or a dose is negative or no concentration
    """
    check_mapping("drugs", drugs, example="{'everolimus': '20 nM'}")
    return {
        drug: parse_quantity(dose, default_unit="nM", what=f"dose of {drug}")
        for drug, dose in drugs.items()
    }


def check_ids(what: str, given: Sequence[Any]) -> None:
    """Refuse ids that stand in a list of their own, or are no text."""
    for name in given:
        if not isinstance(name, str):
            raise InputError(f"{what} {name!r}: give ids one by one, each as text")


class SolverSettings(TypedDict, total=False):
    """What a call may say of the solver beside ``options``; None leaves it as it is there."""

    method: Method | None
    rtol: float | None
    atol: float | None
    max_steps: int | None
    threads: int | None


def solver_options(
    options: SolverOptions | None = None, **given: Unpack[SolverSettings]
) -> SolverOptions:
    """``options`` with what is given beside them.

    Raises
    ------
    UnknownNameError : no such method, or no such setting
    InputError : a setting that is no number
    """
    for name in given:
        if name not in SolverSettings.__annotations__:
            raise UnknownNameError("argument", name, SolverSettings.__annotations__)
    if not isinstance(options, SolverOptions | None):
        raise InputError(f"options is {options!r}: give a SolverOptions, or rtol=1e-6 and the like")
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    method = chosen.get("method")
    if method is not None and method not in get_args(Method):
        raise UnknownNameError("method", str(method), get_args(Method))
    _check_numbers(chosen)
    return replace(options or SolverOptions(), **chosen)


def _check_numbers(chosen: dict[str, Any]) -> None:
    """Refuse settings that are no number; whole ones become integers, also where 1e5 is written."""
    for name in ("rtol", "atol", "max_steps", "threads"):
        value = chosen.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, Real):
            raise InputError(f"{name} is {value!r}: give a number")
    for name in {"max_steps", "threads"} & chosen.keys():
        if not float(chosen[name]).is_integer():
            raise InputError(f"{name} is {chosen[name]!r}: give a whole number")
        chosen[name] = int(chosen[name])


def make_problem(
    setting: Setting,
    treatment: Treatment,
    *,
    times: Array,
    readouts: ReadoutPlan,
    axes: Sequence[Axis] = (),
    value_table: Array | None = None,
    options: SolverOptions,
) -> Problem:
    """Check what a caller asked for and gather it.

    Raises
    ------
    UnknownNameError : a drug or input that the network does not have
    InputError, UnitsError : a dose or level that means nothing; a drug that is dosed twice over
    """
    network = setting.network
    doses = _doses(network, treatment.drugs)
    inputs = _inputs(network, treatment.inputs)
    varied = {column.name: column.role for axis in axes for column in axis.columns}
    for name, role in varied.items():
        if role == "drug":
            _check_unit(network, name, "nM")
    for name in (*doses, *inputs):
        if name in varied:
            raise InputError(f"{name} is held at one level and varied along an axis: choose one")
    dosing = [
        with_usual_infusion(network, entry) if isinstance(entry, Dosing) else entry
        for entry in treatment.dosing
    ]
    regimens = schedule(dosing, t_end=float(times[-1]))
    started = [*doses, *(name for name, role in varied.items() if role == "drug")]
    stepped = [*inputs, *(name for name, role in varied.items() if role == "input")]
    _check_regimens(network, regimens, started)
    scheduled = {change.name for change in regimens if change.kind == "dose"}
    at_start = [Change(0.0, "input", name, None) for name in stepped]
    at_start += [Change(0.0, "dose", name, None) for name in started if name not in scheduled]
    return Problem(
        network=network,
        value_table=setting.values[np.newaxis, np.newaxis] if value_table is None else value_table,
        times=times,
        readouts=readouts,
        cut=setting.cut,
        clamped=setting.clamped,
        amounts=setting.amounts,
        doses=doses,
        inputs=inputs,
        changes=(*at_start, *regimens),
        pre_equilibrate=treatment.pre_equilibrate,
        options=options,
    )


def _doses(network: ReactionNetwork, drugs: Mapping[str, Any]) -> dict[str, float]:
    for drug in drugs:
        if drug not in network.doses:
            raise UnknownNameError("drug", drug, network.doses)
        _check_unit(network, drug, "nM")
    return {drug: _nanomolar(drug, dose) for drug, dose in drugs.items()}


def _nanomolar(drug: str, dose: Any) -> float:
    amount, unit = read_amount(dose, what=f"dose of {drug}")
    if unit == "mg":
        raise InputError(
            f"dose of {drug} is {dose!r}: mg are given to a body by dosing, as in "
            f"Dosing({drug!r}, {dose!r}), or by mtorsim schedule"
        )
    return amount


def _check_unit(network: ReactionNetwork, drug: str, unit: str) -> None:
    """A drug is in a body, dosed in mg, or in a medium, dosed in nM, throughout a run."""
    known = network.doses[drug].unit
    if known == unit:
        return
    if known == "mg":
        raise InputError(
            f"{drug} is given in mg here, to a body: dose it in mg by dosing, as in "
            f"Dosing({drug!r}, '10 mg'), or use a model without its pharmacokinetics"
        )
    raise InputError(
        f"{drug} is dosed in mg, but the model has a medium without body: give it in nM"
    )


def _check_washout(network: ReactionNetwork, drug: str) -> None:
    if network.doses[drug].unit == "mg":
        raise InputError(
            f"washout of {drug}: a body can not be washed out; end the doses with until or count"
        )


def with_usual_infusion(network: ReactionNetwork, dosing: Dosing) -> Dosing:
    """The dosing with the time that an infusion of its drug usually takes, if it says none."""
    dose = network.doses.get(dosing.drug)
    if dose is None or dosing.unit != "mg" or dosing.infusion is not None:
        return dosing
    return replace(dosing, infusion=dose.infusion_time) if dose.infusion_time else dosing


def _inputs(network: ReactionNetwork, inputs: Mapping[str, Any]) -> dict[str, float]:
    for name in inputs:
        check_input(network, name)
    return {
        name: parse_quantity(level, default_unit="nM", what=f"level of {name}")
        for name, level in inputs.items()
    }


def input_names(network: ReactionNetwork) -> tuple[str, ...]:
    """Fixed species that are not the medium of a drug."""
    media = {name for dose in network.doses.values() for name in (dose.species, dose.infusion)}
    return tuple(name for name in network.fixed_species if name not in media)


def check_input(network: ReactionNetwork, name: str) -> None:
    """Refuse a name that is not an input."""
    if name in network.dynamic_species:
        raise InputError(f"{name} is not an input: it changes; set its initial amount instead")
    if name not in input_names(network):
        raise UnknownNameError("input", name, input_names(network))


def _check_regimens(
    network: ReactionNetwork, changes: Sequence[Change], started: Sequence[str]
) -> None:
    """Names must be known, and each drug must get its dose from one place."""
    for change in changes:
        if change.kind == "input":
            check_input(network, change.name)
            continue
        if change.name not in network.doses:
            raise UnknownNameError("drug", change.name, network.doses)
        if change.kind == "washout":
            _check_washout(network, change.name)
        else:
            _check_unit(network, change.name, change.unit)
        if change.kind == "infusion" and not network.doses[change.name].infusion:
            raise InputError(f"dosing of {change.name}: it is taken by mouth, not infused")
        if change.kind == "dose" and change.amount is None and change.name not in started:
            raise InputError(
                f"dosing of {change.name} names no amount, and drugs has no dose of it"
            )
        if change.kind == "dose" and change.amount is not None and change.name in started:
            raise InputError(f"{change.name} has a dose in its dosing and another beside it")
