"""A drug in a body goes to SBML and runs there as textbooks say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.interop.sbml_export import network_to_sbml
from tests.simulate import closed_form
from tests.simulate.toy_kinetics import BLOCKER, toy_in_bodies

pytest.importorskip("libsbml")


def test_a_dose_in_mg_is_exported(tmp_path: Path) -> None:
    path = tmp_path / "toy.xml"
    path.write_text(network_to_sbml(toy_in_bodies().network, doses={"blocker": 50.0}))
    assert 'name="dose of blocker in mg"' in path.read_text()
    hours = np.array([0.0, 1.0, 6.0, 24.0])
    run = mt.ImportedModel.from_sbml(path).simulate(hours * 3600.0, rtol=1e-8, atol=1e-8)
    expected = closed_form.oral_two(BLOCKER, 50.0)(hours)
    np.testing.assert_allclose(run["blocker_central"], expected, rtol=1e-5, atol=1e-6)
