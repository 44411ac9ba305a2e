"""A model's own values for constants of shared sections; contexts of drugs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorsim.errors import ModelError
from mtorsim.modelfiles.compose import apply_contexts, compose, load_context

MODEL = """
[model]
id = "own"
title = "The core with values of its own"
sections = ["core/tsc_rheb", "core/akt", "core/mtor_complexes", "core/pi3k_pip3_pten",
    "core/receptor_irs", "core/mtorc1_outputs", "core/nfkb"]
values = "own_values"
"""
VALUES = """
[fit]
fitted_to = "a test"
[values]
k_pi3k = 1.0e-4
Kd_frb_everolimus = 11.5
"""


def model(folder: Path, values: str) -> Path:
    (folder / "own_values.toml").write_text(values)
    path = folder / "own.toml"
    path.write_text(MODEL)
    return path


def test_a_model_may_have_its_own_values_for_a_shared_section(tmp_path: Path) -> None:
    network = compose(model(tmp_path, VALUES))
    own, shared = network.parameter("k_pi3k"), compose("mtor-core").parameter("k_pi3k")
    assert (own.value, own.source, own.fitted_to) == (1.0e-4, "fitted", "a test")
    assert own.range == shared.range
    assert "own_values.toml:5" in own.origin
    assert shared.value == 5.0e-4


def test_values_of_a_drug_act_where_it_is_composed(tmp_path: Path) -> None:
    path = model(tmp_path, VALUES)
    assert "Kd_frb_everolimus" not in compose(path).parameter_ids
    assert compose(path, drugs=["everolimus"]).parameter("Kd_frb_everolimus").value == 11.5


@pytest.mark.parametrize("wrong", ["-1.0", '"fast"', "true", "nan"])
def test_a_value_that_is_no_number_is_named_with_its_line(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ModelError, match=r"own_values\.toml:5: 'k_pi3k' must be a number"):
        compose(model(tmp_path, VALUES.replace("1.0e-4", wrong)))


def test_a_context_of_drugs_passes_over_drugs_that_are_absent() -> None:
    alone, dosed = compose("mtor"), compose("mtor", drugs=["sirolimus"])
    context = load_context("mTOR-F2108L", network=alone)
    assert np.array_equal(apply_contexts(alone, [context]), alone.parameter_values())
    values = dict(zip(dosed.parameter_ids, apply_contexts(dosed, [context]), strict=True))
    assert values["k_on_frb"] == 0.0
