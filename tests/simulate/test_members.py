"""Sweeps over parameter sets: each member is the model with that set's numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mtorsim as mt
from tests.modelfiles.ensembles import toy_with_sets
from tests.modelfiles.toy import DRUGS

AT = ["10 min", "2 h"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> mt.Model:
    return mt.load(toy_with_sets(tmp_path_factory.mktemp("sets"))).with_drugs(*DRUGS)


def test_a_member_is_the_model_with_the_numbers_of_its_set(model: mt.Model) -> None:
    swept = model.sweep({"glueone": [0.0, 5.0]}, at=AT, uncertainty=True)
    assert swept.dims == ("member", "glueone")
    sets = model.ensemble()
    for i in range(sets.size):
        single = model.with_parameters(dict(zip(sets.ids, sets.values[i], strict=True)))
        alone = single.sweep({"glueone": [0.0, 5.0]}, at=AT)
        assert swept.values[i] == pytest.approx(alone.values, rel=1e-12)


def test_a_context_multiplies_the_value_of_each_member(model: mt.Model) -> None:
    contexts = ["wild-type", "TOR-high", "TOR-set"]
    swept = model.sweep({}, contexts=contexts, at=AT, uncertainty=True)
    assert swept.dims == ("member", "context")
    for j, context in enumerate(contexts):
        inside = model.with_context(context).sweep(at=AT, uncertainty=True)
        assert np.array_equal(swept.values[:, j], inside.values)
    doubled = model.with_parameters(TOR_total=8.0, k_s6k=1e-3, Kd_glueone=5.0).sweep(
        {"glueone": [0.0]}, at=AT
    )
    assert swept.values[0, 1] == pytest.approx(doubled.values[0], rel=1e-12)


def test_a_value_set_by_the_caller_holds_in_every_member(model: mt.Model) -> None:
    fixed = model.with_parameters(k_s6k=1e-3, TOR_total=5.0, Kd_glueone=1.0)
    swept = fixed.sweep(at=AT, uncertainty=True)
    assert np.array_equal(swept.values[0], swept.values[1])


def test_a_number_takes_so_many_sets(model: mt.Model) -> None:
    few, all_sets = (model.sweep(at=AT, uncertainty=n) for n in (1, True))
    assert few.shape == (1,)
    assert np.array_equal(few.values[0], all_sets.values[1])
    assert "3 sets" in str(all_sets.provenance["parameter_sets"])


def test_each_set_is_brought_to_rest_once(model: mt.Model) -> None:
    swept = model.sweep({"glueone": np.geomspace(0.1, 100, 20)}, at=AT, uncertainty=True)
    assert swept.timing.n_baselines == 3


def test_a_clamped_loop_holds_the_level_of_each_member(model: mt.Model) -> None:
    clamped = model.clamped("s6k_irs1")
    swept = clamped.sweep(at=["1 min", "2 h"], uncertainty=True)
    assert swept.values[:, 0] == pytest.approx(swept.values[:, 1], rel=1e-3)


def test_members_survive_saving(model: mt.Model, tmp_path: Path) -> None:
    swept = model.sweep({"glueone": [0.0, 5.0]}, at=AT, uncertainty=True)
    again = mt.open_sweep(swept.save(tmp_path / "members.nc"))
    assert again.dims == swept.dims
    assert again.coordinates("member").tolist() == [0, 1, 2]
    assert np.array_equal(again.values, swept.values)


def test_a_model_without_sets_is_refused() -> None:
    with pytest.raises(mt.InputError, match="mtor-core comes without parameter sets"):
        mt.load("mtor-core").sweep(at="1 h", uncertainty=True)


@pytest.mark.parametrize("asked", ["yes", 2.5, None])
def test_what_is_neither_a_number_nor_a_yes_or_no_is_refused(model: mt.Model, asked: Any) -> None:
    with pytest.raises(mt.InputError, match="give True, False or a number of sets"):
        model.sweep(at="1 h", uncertainty=asked)


def test_an_unknown_setting_of_the_solver_is_named() -> None:
    with pytest.raises(mt.UnknownNameError, match="did you mean 'rtol'"):
        mt.load("mtor-core").sweep(at="1 h", rtoll=1e-3)  # type: ignore[call-arg]
