from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.errors import ModelError, UnknownNameError
from mtorsim.modelfiles.compose import apply_contexts, compose, load_context
from mtorsim.modelfiles.contexts import Context
from mtorsim.network.network import ReactionNetwork
from tests.modelfiles.toy import TOY, changed_toy

NETWORK = compose(TOY)


def loaded(*names: str, network: ReactionNetwork = NETWORK) -> list[Context]:
    return [load_context(name, network=network) for name in names]


def tor_total(*names: str) -> float:
    values = apply_contexts(NETWORK, loaded(*names))
    return float(values[NETWORK.parameter_ids.index("TOR_total")])


def test_without_contexts_the_values_are_those_of_the_model() -> None:
    assert apply_contexts(NETWORK, []).tolist() == NETWORK.parameter_values().tolist()


def test_a_factor_multiplies_and_a_value_replaces() -> None:
    assert tor_total("TOR-high") == 10.0
    assert tor_total("TOR-set") == pytest.approx(7.0, rel=1e-15)


def test_contexts_that_touch_different_parameters_combine() -> None:
    values = apply_contexts(NETWORK, loaded("TOR-high", "starved"))
    at = dict(zip(NETWORK.parameter_ids, values, strict=True))
    assert (at["TOR_total"], at["insulin_dose"]) == (10.0, 0.0)
    untouched = set(NETWORK.parameter_ids) - {"TOR_total", "insulin_dose"}
    assert all(at[name] == NETWORK.parameter(name).value for name in untouched)


def test_an_overriding_context_holds_in_either_order() -> None:
    assert tor_total("TOR-high", "TOR-set") == pytest.approx(7.0, rel=1e-15)
    assert tor_total("TOR-set", "TOR-high") == pytest.approx(7.0, rel=1e-15)


def test_two_contexts_on_one_parameter_are_refused(tmp_path: Path) -> None:
    model = changed_toy(tmp_path, {"contexts/TOR-set.toml": ('overrides = ["TOR-high"]', "")})
    contexts = loaded("TOR-high", "TOR-set", network=compose(model))
    with pytest.raises(ModelError, match="TOR-high and TOR-set both change TOR_total: leave one"):
        apply_contexts(NETWORK, contexts)


def test_a_context_given_twice_is_refused() -> None:
    with pytest.raises(ModelError, match="both change TOR_total"):
        apply_contexts(NETWORK, loaded("TOR-high", "TOR-high"))


def test_a_context_knows_its_kind_and_provenance() -> None:
    (context,) = loaded("TOR-set")
    assert (context.id, context.title, context.kind) == (
        "TOR-set",
        "TOR counted in this cell",
        "cell",
    )
    assert context.values["TOR_total"].source == "smith2001"
    assert context.touched == {"TOR_total"}


def test_a_context_may_be_given_as_a_path() -> None:
    path = TOY.parent / "contexts" / "TOR-high.toml"
    assert load_context(path, network=NETWORK) == loaded("TOR-high")[0]
    assert load_context(str(path), network=NETWORK) == loaded("TOR-high")[0]


def test_an_unknown_context_is_met_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="unknown context 'TOR-hi'; did you mean 'TOR-high'"):
        load_context("TOR-hi", network=NETWORK)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            "TOR-high",
            "TOR_total =",
            "TOR_totl =",
            "TOR-high.toml:7: unknown parameter \"TOR_totl\"; did you mean 'TOR_total'",
        ),
        (
            "TOR-set",
            '"uM"',
            '"1/s"',
            'TOR-set.toml:8: "TOR_total" has unit 1/s, but nM is wanted',
        ),
        (
            "TOR-set",
            '"smith2001"',
            '"smith"',
            'TOR-set.toml:8: "TOR_total": unknown source "smith"',
        ),
        (
            "TOR-high",
            ', why = "two copies"',
            "",
            'TOR-high.toml:7: [factors] "TOR_total": source is "assumed", so "why" must',
        ),
        (
            "TOR-high",
            "value = 2,",
            "value = -2,",
            'TOR-high.toml:7: [factors] "TOR_total": value is -2, it must be finite and',
        ),
        (
            "TOR-high",
            "value = 2,",
            'value = 2, unit = "nM",',
            "TOR-high.toml:7: unknown key 'unit' in [factors] \"TOR_total\"",
        ),
        (
            "TOR-high",
            'kind = "genotype"',
            'kind = "genome"',
            "TOR-high.toml:4: unknown kind \"genome\"; did you mean 'genotype'",
        ),
        (
            "TOR-high",
            'id = "TOR-high"',
            'id = "TOR-hi"',
            'TOR-high.toml:2: id is "TOR-hi", but the file is TOR-high.toml',
        ),
        (
            "TOR-high",
            "[factors]",
            '[values]\nTOR_total = { value = 1, unit = "nM", source = "smith2001" }\n[factors]',
            'TOR-high.toml:7: "TOR_total" has a factor and a value',
        ),
        (
            "TOR-set",
            'overrides = ["TOR-high"]',
            'overrides = ["TOR-hi"]',
            "TOR-set.toml:5: overrides: unknown context 'TOR-hi'; did you mean 'TOR-high'",
        ),
        (
            "TOR-high",
            "[factors]",
            "[factor]",
            "unknown key 'factor' in a context file; did you mean",
        ),
        ("TOR-high", "[context]", "[context", "TOR-high.toml:1: not valid TOML"),
        (
            "TOR-high",
            'TOR_total = { value = 2, source = "assumed", why = "two copies" }',
            "TOR_total = 2",
            "TOR-high.toml:7: 'TOR_total' in [factors] must be a table",
        ),
    ],
)
def test_what_is_wrong_with_a_context_is_said_with_file_and_line(
    name: str, old: str, new: str, expected: str, tmp_path: Path
) -> None:
    model = changed_toy(tmp_path, {f"contexts/{name}.toml": (old, new)})
    with pytest.raises(ModelError) as caught:
        load_context(name, network=compose(model))
    assert any(expected in line for line in caught.value.problems), str(caught.value)


def test_a_context_for_another_network_is_refused(tmp_path: Path) -> None:
    change = {"core/kinase.toml": ("TOR_total = {", "tor_level = {")}
    model = changed_toy(tmp_path, change)
    text = (model.parent / "core" / "kinase.toml").read_text()
    (model.parent / "core" / "kinase.toml").write_text(text.replace('"TOR_total"', '"tor_level"'))
    with pytest.raises(ModelError, match='context TOR-high: unknown parameter "TOR_total"'):
        apply_contexts(compose(model), loaded("TOR-high"))
