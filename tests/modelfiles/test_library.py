from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.errors import InputError, ModelError
from mtorsim.modelfiles.library import (
    find_model,
    label_of,
    list_contexts,
    list_drugs,
    list_models,
    load_sources,
    model_entry,
    models_folder,
    search_folders,
)
from tests.modelfiles.toy import TOY, changed_toy


def test_the_shipped_folder_holds_the_sources_and_a_model() -> None:
    assert (models_folder() / "sources.toml").is_file()
    assert "mtor-core" in [entry.id for entry in list_models()]


def test_every_listed_thing_has_a_title_and_a_file_of_its_name() -> None:
    for entry in (*list_models(), *list_drugs(), *list_contexts()):
        assert entry.title
        assert entry.path.stem == entry.id


def test_what_a_model_lists_exists() -> None:
    contexts = {entry.id for entry in list_contexts()}
    drugs = {entry.id for entry in list_drugs()}
    for entry in list_models():
        assert set(entry.contexts) <= contexts
        assert set(entry.drugs) <= drugs


def test_the_head_of_a_model_is_read_without_its_parts() -> None:
    entry = model_entry(TOY)
    assert entry.sections == ("core/receptor", "core/kinase")
    assert entry.contexts[0] == "wild-type"
    assert entry.drugs == ("glueone", "gluetwo", "blocker")


def test_parts_are_sought_beside_the_model_and_then_among_the_shipped() -> None:
    assert search_folders(TOY.parent) == (TOY.parent.resolve(), models_folder())
    assert search_folders() == (models_folder(),)
    assert search_folders(models_folder()) == (models_folder(),)


def test_own_sources_stand_beside_the_shipped_ones() -> None:
    sources = load_sources(TOY.parent)
    assert sources["smith2001"].citation == "Smith 2001, an invented paper"
    assert set(load_sources()) < set(sources)


def test_a_source_without_citation_is_refused(tmp_path: Path) -> None:
    change = {"sources.toml": ('citation = "Jones 2002, another invented paper"', "")}
    with pytest.raises(ModelError, match=r"sources\.toml:6: a source has no 'citation'"):
        load_sources(changed_toy(tmp_path, change).parent)


def test_shipped_files_are_labelled_from_the_models_folder_on() -> None:
    assert label_of(find_model("mtor-core")) == "mtor-core.toml"
    assert label_of(models_folder() / "core" / "akt.toml") == "core/akt.toml"
    assert label_of(Path("/nowhere/else.toml")) == "/nowhere/else.toml"


def test_model_in_another_format_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "cell.xml"
    path.write_text("<sbml/>")
    with pytest.raises(InputError, match=r"cell.xml: an SBML model, not a native model"):
        model_entry(path)
