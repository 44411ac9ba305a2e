from __future__ import annotations

import pytest

from mtorsim.errors import ModelError
from mtorsim.network.species import (
    canonical_components,
    composition,
    matches,
    parse_species_id,
)


def test_an_id_is_components_with_states() -> None:
    assert parse_species_id("AKT_pT308_pS473:PIP3") == (("AKT", ("pT308", "pS473")), ("PIP3", ()))


def test_a_messenger_is_a_component_of_its_own() -> None:
    assert parse_species_id("mRNA_PTEN_capped") == (("mRNA_PTEN", ("capped",)),)
    assert "PTEN" not in composition("mRNA_PTEN")


@pytest.mark.parametrize(
    ("species", "expected"),
    [
        ("mTOR:raptor_Rag:Rheb_GTP", {"mTOR": 1, "raptor": 1, "Rheb": 1}),
        ("A:A_p:B", {"A": 2, "B": 1}),
        ("everolimus_medium", {"everolimus": 1}),
    ],
)
def test_composition_counts_components_whatever_their_state(
    species: str, expected: dict[str, int]
) -> None:
    assert composition(species) == expected


@pytest.mark.parametrize("text", ["", "A:", ":A", "A_", "_A", "1A", "A B", "A__p", "A-B", "Ä"])
def test_a_malformed_id_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="is not a species id"):
        parse_species_id(text)


def test_order_of_components_and_states_does_not_make_another_complex() -> None:
    assert canonical_components("A_x_y:B") == canonical_components("B:A_y_x")
    assert canonical_components("A_x:B") != canonical_components("A:B_x")


@pytest.mark.parametrize(
    ("pattern", "species", "copies"),
    [
        ("AKT_pS473", "AKT_pT308_pS473:PIP3", 1),
        ("AKT_pS473", "AKT_pT308", 0),
        ("AKT_pT308_pS473", "AKT_pS473_pT308", 1),
        ("mTOR:rictor", "mTOR:rictor:vistusertib", 1),
        ("mTOR:rictor", "mTOR:raptor", 0),
        ("A", "A:A_p", 2),
        ("A_p", "A:A_p", 1),
        ("A:A_p", "A_p:A_p", 1),
        ("A:A_p", "A:A:A_p:A_p", 2),
        ("PTEN", "mRNA_PTEN", 0),
        ("mRNA_PTEN", "mRNA_PTEN", 1),
        ("AKT_p", "AKT_pT308", 0),
    ],
)
def test_a_pattern_counts_disjoint_copies(pattern: str, species: str, copies: int) -> None:
    assert matches(pattern, species) == copies
