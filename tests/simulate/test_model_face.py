"""Native and imported models keep one face, so that whatever takes one takes the other."""

from __future__ import annotations

import inspect

import pytest

import mtorsim as mt
from mtorsim.simulate.model_face import ModelFace

FACES = [mt.Model, mt.ImportedModel]
#: an imported model has no state without drug to start from, and its file gives the start
OWN_DEFAULTS = {"pre_equilibrate"}


PUBLIC = {name: member for name, member in vars(ModelFace).items() if not name.startswith("_")}
METHODS = [name for name, member in PUBLIC.items() if inspect.isfunction(member)]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_the_same_arguments(face: type, method: str) -> None:
    wanted = inspect.signature(getattr(ModelFace, method)).parameters
    found = inspect.signature(getattr(face, method)).parameters
    assert list(found) == list(wanted)
    assert [p.kind for p in found.values()] == [p.kind for p in wanted.values()]
    for name in found.keys() - OWN_DEFAULTS:
        assert found[name].default == wanted[name].default, name


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_of_the_face_is_there(face: type, name: str) -> None:
    assert hasattr(face, name)


def test_the_face_is_all_that_imported_models_can_do() -> None:
    """What only one kind of model has is named here, so that nothing is added by oversight."""
    shared = set(PUBLIC)
    public = {face: {n for n in dir(face) if not n.startswith("_")} for face in FACES}
    assert public[mt.Model] - shared == {
        "clamped_loops",
        "contexts",
        "cut_loops",
        "ensemble",
        "entry",
        "initial_amounts",
        "parameter_values",
        "with_pharmacokinetics",
    }
    assert public[mt.ImportedModel] - shared == {
        "all_species",
        "clock",
        "from_file",
        "from_sbml",
        "general",
        "notes",
        "reads_rules",
        "readings",
        "start_values",
    }


def test_both_faces_tell_of_a_native_model_in_the_same_words() -> None:
    model = mt.load_native("mtor-core")
    assert list(model.compartments) == []
    assert model.counts["species"] + model.counts["inputs"] == len(model.species)
    assert model.time_unit == "s"
