"""Arguments of the wrong type end in one line that says what to give, not in a bare TypeError."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import mtorsim as mt
from tests.modelfiles.toy import TOY

Call = Callable[[mt.Model], object]

CALLS: dict[str, tuple[Call, str]] = {
    "load a number": (lambda m: mt.load(3), "model is 3: give the name"),
    "load with a number of drugs": (lambda m: mt.load("mtor-core", drugs=3), "drug 3: give a name"),
    "options as a mapping": (lambda m: m.simulate("1 h", options={"rtol": 1e-3}), "SolverOptions"),
    "half a step": (lambda m: m.simulate("1 h", max_steps=1.5), "max_steps is 1.5: give a whole"),
    "word for a flag": (
        lambda m: m.simulate("1 h", pre_equilibrate="no"),
        "pre_equilibrate is 'no': give True or False",
    ),
    "number for a context": (
        lambda m: m.sweep({"glueone": [1.0]}, at="1 h", contexts=[3]),
        "context 3: give a name",
    ),
    "list for doses at rest": (lambda m: m.steady_state(drugs=[1.0]), "drugs is"),
    "number for values": (lambda m: m.with_values(3), "values is 3: map names to values"),
    "number for a drug to dose": (lambda m: mt.Dosing(3, "1 nM"), "name the drug"),
    "compare no model": (lambda m: mt.compare(None, ["glueone"]), "model is None: give a model"),
    "compare a name": (lambda m: mt.compare("mtor-core", ["glueone"]), "give a model, as"),
    "compare a number": (lambda m: mt.compare(m, 3), "drug 3: give a name"),
    "compare in a number": (lambda m: mt.compare(m, "glueone", contexts=3), "context 3: give"),
    "compare by a number": (lambda m: mt.compare(m, "glueone", loops=[3]), "loop 3: give a name"),
    "compare readouts": (lambda m: mt.compare(m, "glueone", readouts=3), "readout 3: give a name"),
    "compare many": (lambda m: mt.compare(m, "glueone", doses="many", **READ), "doses is 'many'"),
    "compare ends alone": (lambda m: mt.compare(m, "glueone", doses=(1, 2), **READ), "how many"),
    "compare half a dose": (lambda m: mt.compare(m, "glueone", doses=5.5, **READ), "doses is 5.5"),
    "compare at no time": (lambda m: mt.compare(m, "glueone", at=1j, **READ), "time is 1j"),
    "explain a number": (lambda m: mt.explain(m, 3, at="1 h", readout="pS6K"), "drugs is 3"),
    "gains under a number": (lambda m: mt.loop_gains(m, drugs=3), "drugs is 3: map names"),
    "gains of nothing": (lambda m: mt.loop_gains(None), "None names no feedback loops"),
}
READ = {"readouts": ["pS6K"], "reference": "pS6K", "watched": "pS6K"}


@pytest.fixture(scope="module")
def model() -> mt.Model:
    return mt.load_native(TOY)


@pytest.mark.parametrize("case", CALLS)
def test_it_is_refused_in_one_line(model: mt.Model, case: str) -> None:
    call, message = CALLS[case]
    with pytest.raises(mt.InputError) as refused:
        call(model)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_name_alone_is_a_list_of_one() -> None:
    assert mt.load_native("mtor-core", drugs="everolimus").network.doses.keys() == {"everolimus"}


def test_whole_numbers_may_be_written_as_floats(model: mt.Model) -> None:
    run = model.sweep({"glueone": np.array([1.0])}, at="1 h", readouts="pS6K", max_steps=1e5)
    assert run.ok
    assert run.provenance["max_steps"] == 100_000


def test_values_on_an_axis_may_come_one_by_one(model: mt.Model) -> None:
    name = model.network.parameter_ids[0]
    value = float(model.parameter_values[0])
    run = model.sweep({name: (value * share for share in (0.5, 1.0))}, at="1 h", readouts="pS6K")
    assert run.shape == (2,)
