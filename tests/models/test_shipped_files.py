"""Every shipped model file loads, balances, is used, and says where its numbers come from."""

from __future__ import annotations

import csv
import re
import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from mtorsim.modelfiles.compose import apply_contexts, compose, load_context
from mtorsim.modelfiles.library import (
    list_contexts,
    list_drugs,
    list_models,
    load_sources,
    models_folder,
)
from mtorsim.network.balance import check_balance, conserved_moieties
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter

MODELS = {entry.id: entry for entry in list_models()}
CONTEXTS = tuple(entry.id for entry in list_contexts())
DRUGS = tuple(entry.id for entry in list_drugs())
OTHERS = {"coverage", "full/priors", "full/anchors", "full/potencies", "full/start"}
APART = ("panel/", "pharmacokinetics/", "drugs/joint/", "diagrams/", "growth/", "cohorts/")


@lru_cache(maxsize=32)
def composed(model: str, *drugs: str) -> ReactionNetwork:
    return compose(model, drugs=drugs)


def whole(model: str) -> ReactionNetwork:
    """The model with all its drugs: everything its files can add."""
    return composed(model, *MODELS[model].drugs)


def core_parameters() -> dict[str, Parameter]:
    return {parameter.id: parameter for parameter in whole("mtor-core").parameters}


def every_parameter() -> list[Parameter]:
    return [parameter for model in MODELS for parameter in whole(model).parameters]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_composes_alone_with_each_drug_and_with_all(model: str) -> None:
    alone = composed(model)
    for drug in MODELS[model].drugs:
        assert set(alone.species_ids) < set(composed(model, drug).species_ids)
    assert set(whole(model).doses) == set(MODELS[model].drugs)


@pytest.mark.parametrize("model", MODELS)
def test_every_reaction_balances(model: str) -> None:
    assert check_balance(whole(model)) == []


@pytest.mark.parametrize("model", MODELS)
def test_every_reaction_is_elementary(model: str) -> None:
    orders = {reaction.id: len(reaction.reactants) for reaction in whole(model).reactions}
    assert max(orders.values()) <= 2, {name for name, order in orders.items() if order > 2}


@pytest.mark.parametrize(
    ("drugs", "n_species", "n_reactions"),
    [
        ((), 50, 96),
        (("everolimus",), 58, 117),
        (("vistusertib",), 55, 114),
        (("everolimus", "vistusertib"), 67, 157),
    ],
)
def test_the_core_has_fifty_species_and_those_of_each_drug_and_of_the_pair(
    drugs: tuple[str, ...], n_species: int, n_reactions: int
) -> None:
    network = composed("mtor-core", *drugs)
    assert len(network.dynamic_species) == n_species
    assert len(network.reactions) == n_reactions


def test_the_core_conserves_every_protein_that_it_does_not_make() -> None:
    names = {m.name for m in conserved_moieties(composed("mtor-core", "everolimus", "vistusertib"))}
    proteins = (
        "IR RTK PI3K S6K1 CoA AKT PDK1 mTOR rictor TSC2 Rheb raptor EBP1 IKK NFkB FKBP12 everolimus"
    )
    assert names == {f"total {name}" for name in proteins.split()} | {"total PIP2 + total PIP3"}


def test_two_rapalogs_share_fkbp12_and_the_medium() -> None:
    both = composed("mtor-core", "everolimus", "sirolimus")
    assert both.species_ids.count("FKBP12") == 1
    assert both.parameter_ids.count("medium_volume_ratio") == 1


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_context_fits_a_model_and_changes_finite_numbers(context: str) -> None:
    homes = [model for model, entry in MODELS.items() if context in entry.contexts]
    assert homes, f"no model lists the context {context}"
    for model in homes:
        network = whole(model)
        values = apply_contexts(network, [load_context(context, network=network)])
        assert np.all(np.isfinite(network.rate_constants(values[np.newaxis])))
        changed = set(np.flatnonzero(values != network.parameter_values()))
        is_reference = context == MODELS[model].contexts[0]
        assert bool(changed) != is_reference


def test_genotypes_combine_with_conditions() -> None:
    network = composed("mtor-core")
    pair = [load_context(name, network=network) for name in ("PTEN-lost", "starved")]
    values = dict(zip(network.parameter_ids, apply_contexts(network, pair), strict=True))
    assert values["PTEN_gene_dose"] == pytest.approx(0.05)
    assert values["insulin_dose"] == 0


def test_every_drug_belongs_to_a_model() -> None:
    assert set(DRUGS) == {drug for entry in MODELS.values() for drug in entry.drugs}


def test_every_section_loop_and_template_is_used() -> None:
    used = {"sources", *MODELS}
    used |= {f"drugs/{drug}" for drug in DRUGS} | {f"contexts/{name}" for name in CONTEXTS}
    used |= {f"drugs/templates/{entry.template}" for entry in list_drugs()}
    for entry in MODELS.values():
        used |= {*entry.sections, *entry.loops, *filter(None, [entry.values])}
    root = models_folder()
    present = {path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.toml")}
    assert {name for name in present if not name.startswith(APART)} == used | OTHERS


def test_the_models_folder_holds_data_only() -> None:
    suffixes = {path.suffix for path in models_folder().rglob("*") if path.is_file()}
    assert suffixes <= {".toml", ".md", ".csv"}


@pytest.mark.parametrize("model", MODELS)
def test_a_loop_is_the_module_of_its_name(model: str) -> None:
    network = composed(model)
    for loop in network.loops:
        assert {network.reaction(name).module for name in loop.reactions} == {loop.id}


@pytest.mark.parametrize("model", MODELS)
def test_what_a_loop_leaves_on_is_only_the_release_of_what_it_bound(model: str) -> None:
    network = composed(model)
    for loop in network.loops:
        for reaction in network.reactions:
            if reaction.module == loop.id and reaction.id not in loop.reactions:
                assert reaction.id in loop.clamp
                assert set(loop.signals) & set(reaction.products)
                assert not set(loop.signals) & set(reaction.reactants)


def test_every_fitted_number_stands_within_its_range_and_says_to_what_it_was_fitted() -> None:
    fitted = [p for p in every_parameter() if p.source == "fitted"]
    assert fitted
    for parameter in fitted:
        assert parameter.fitted_to, parameter.origin
        assert parameter.range is not None, parameter.origin
        low, high = parameter.range
        assert low <= parameter.value <= high, parameter.origin
        assert parameter.range_source, parameter.origin


def test_every_guess_gives_its_reason() -> None:
    for parameter in every_parameter():
        if "assumed" in (parameter.source, parameter.range_source):
            assert parameter.why, parameter.origin
        assert parameter.meaning, parameter.origin


def test_the_spread_of_a_fitted_number_follows_from_its_range() -> None:
    """Two standard deviations to each side, between 1.1 and 3, as the model file says."""
    for parameter in every_parameter():
        if parameter.source == "fitted" and parameter.range and parameter.range[0] > 0:
            low, high = parameter.range
            rule = min(3.0, max(1.1, (high / low) ** 0.25))
            assert parameter.spread == pytest.approx(rule, abs=0.06), parameter.origin


def test_every_source_is_cited_and_well_formed() -> None:
    root = models_folder()
    text = "\n".join(p.read_text() for p in root.rglob("*.toml") if p.name != "sources.toml")
    for key, source in load_sources().items():
        assert re.search(rf"\b{key}\b", text), f"nothing cites {key}"
        if source.doi or "DOI not recovered" not in source.note:
            assert re.fullmatch(r"10\.\d{4,9}/\S+", source.doi), key
        assert source.confidence in ("read", "recalled"), key
        assert key[-4:] in source.citation, key


def test_no_doi_is_given_twice() -> None:
    dois = [source.doi.lower() for source in load_sources().values() if source.doi]
    assert len(dois) == len(set(dois))


def test_reasons_cite_only_known_sources() -> None:
    """Keys named in the running text of ``why`` are in sources.toml too."""
    known = set(load_sources())
    for path in models_folder().rglob("*.toml"):
        for text in texts_under(tomllib.loads(path.read_text()), "why"):
            cited = set(re.findall(r"\b[a-z]+(?:19|20)\d\d\b", text))
            assert cited <= known, (path.name, cited - known)


def texts_under(value: object, key: str) -> list[str]:
    """All texts stored under ``key`` anywhere below ``value``."""
    found: list[str] = []
    for name, item in value.items() if isinstance(value, dict) else ():
        found += [item] if name == key else texts_under(item, key)
    for item in value if isinstance(value, list) else ():
        found += texts_under(item, key)
    return found


# parameter, what of it ("value", "low" or "high"), row and column of the evidence table, factor
TRACED = [
    ("PIP_total", "value", "PIP2_total", "value", 1.0),
    ("k_tnf_ikk", "value", "Lip_k1", "value", 1.0),
    ("k_on_ikba_nfkb", "value", "Lip_a1", "value", 1e-3),
    ("Kd_fkbp12_sirolimus", "value", "Kd_rapa_FKBP12", "value", 1.0),
    ("Kd_frb_sirolimus", "value", "Kd_rapaFKBP_FRB", "value", 1.0),
    ("Kd_frb_sirolimus", "low", "Kd_rapaFKBP_FRB", "low", 1.0),
    ("Kd_frb_sirolimus", "high", "Kd_rapaFKBP_FRB", "high", 1.0),
    ("k_ir_activation", "high", "Brann_k1a", "value", 1 / 60),
    ("k_ir_recycling", "high", "Brann_k1r", "value", 1 / 60),
    ("k_irs1_ser_dephosphorylation", "high", "Brann_k2g", "value", 1 / 60),
    ("IR_total", "low", "N_INSR", "value", 1.0),
    ("PI3K_total", "high", "N_PIK3R1", "value", 1.0),
    ("k_pip2_leak", "low", "k_PIP2_basal", "value", 1.0),
    ("k_pip3_sink", "high", "PIP3_slope_fit", "value", 1.0),
    ("Kd_akt_ph", "low", "Kd_AKT_PH_PIP3", "low", 1.0),
    ("Kd_akt_ph", "high", "Kd_AKT_PH_PIP3", "high", 1.0),
    ("Kd_pdk1_ph", "low", "Kd_PDK1_PH_PIP3", "low", 1.0),
    ("k_t308_dephosphorylation", "high", "kd_T308_cyt", "value", 1.0),
    ("k_rheb_hydrolysis", "high", "kcat_Rheb_intrinsic", "value", 1.0),
    ("k_off_mtorc1", "high", "kr_mTORC1_asm", "value", 1.0),
    ("k_ebp1_dephosphorylation", "high", "kd_4EBP1", "value", 1.0),
    ("rapalog_residual_s6k1", "high", "eps_S6K_rapa", "high", 1.0),
    ("rapalog_residual_ebp1", "high", "eps_4EBP1_rapa", "high", 1.0),
    ("FKBP12_total", "high", "N_FKBP12", "high", 1.0),
    ("IKK_total", "low", "N_IKK", "low", 1.0),
    ("NFkB_total", "low", "N_NFkB", "low", 1.0),
    ("k_ikk_inactivation", "low", "Hof_k02", "value", 1 / 60),
    ("k_ikk_inactivation", "high", "Lip_k3", "value", 1.0),
    ("k_ikk_ikba", "high", "Lip_a2", "value", 1e-3),
    ("k_ikk_ikba_nfkb", "high", "Lip_a3", "value", 1e-3),
    ("k_off_ikba_nfkb", "high", "Hof_d4", "value", 1 / 60),
    ("k_nfkb_import", "low", "Lip_i1", "value", 1.0),
    ("k_nfkb_import", "high", "Hof_k1", "value", 1 / 60),
    ("k_nfkb_export", "low", "Hof_k01", "value", 1 / 60),
    ("k_ikba_basal_transcription", "high", "Hof_tr2a", "value", 1e3 / 60),
    ("k_ikba_mrna_degradation", "low", "Hof_tr3", "value", 1 / 60),
    ("k_ikba_mrna_degradation", "high", "Lip_c3a", "value", 1.0),
    ("k_ikba_translation", "low", "Hof_tr1", "value", 1 / 60),
    ("k_ikba_translation", "high", "Lip_c4a", "value", 1.0),
    ("k_ikba_degradation", "low", "Lip_c5a", "value", 1.0),
    ("k_ikba_bound_degradation", "low", "Lip_c6a", "value", 1.0),
]


@pytest.mark.shared
@pytest.mark.parametrize("trace", TRACED, ids=lambda trace: f"{trace[0]}-{trace[1]}")
def test_numbers_trace_to_the_evidence_table(
    trace: tuple[str, str, str, str, float], shared_folder: Path
) -> None:
    """Values and ends of ranges are those of the table, to the two or three digits kept."""
    name, part, row, column, factor = trace
    evidence = float(evidence_rows(shared_folder)[row][column]) * factor
    parameter = core_parameters()[name]
    low, high = parameter.range or (np.nan, np.nan)
    ours = {"value": parameter.value, "low": low, "high": high}[part]
    assert ours == pytest.approx(evidence, rel=0.05), parameter.origin


@pytest.mark.shared
def test_the_mcf10a_context_is_the_measured_copies(shared_folder: Path) -> None:
    network = composed("mtor-core")
    values = load_context("MCF10A-mTOR", network=network).values
    for name, row in {"mTOR": "N_MTOR", "raptor": "N_RPTOR", "rictor": "N_RICTOR"}.items():
        evidence = float(evidence_rows(shared_folder)[row]["value"])
        assert values[f"{name}_total"].value == pytest.approx(evidence, rel=1e-3)


@lru_cache(maxsize=1)
def evidence_rows(shared_folder: Path) -> dict[str, dict[str, str]]:
    with (shared_folder / "evidence" / "parameters.csv").open(newline="") as table:
        return {row["symbol"]: row for row in csv.DictReader(table)}
