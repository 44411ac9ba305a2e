"""Equations of imported models as people read them."""

from __future__ import annotations

import math

import pytest

from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.network.expression import ExpressionGraph
from mtorsim.network.general_model import GeneralModel
from mtorsim.symbolic.formula_text import LATEX, LONGEST, TEXT, write_formula
from mtorsim.symbolic.general_equations import (
    general_equations_latex,
    general_equations_text,
    reaction_text,
)
from tests.interop.sbml_documents import Document

FORMULAS = [
    ("a * (b + d)", "a * (b + d)"),
    ("a - (b - d)", "a - (b - d)"),
    ("(a - b) - d", "a - b - d"),
    ("a / (b * d)", "a / (b * d)"),
    ("(a / b) / d", "a / b / d"),
    ("(a + b)^2", "(a + b)^2"),
    ("-a^2", "-a^2"),
    ("(-a)^2", "(-a)^2"),
    ("a * -2", "a * (-2)"),
    ("exp(-a / b)", "exp(-a / b)"),
    ("piecewise(a, time < 4, b)", "piecewise(a, time < 4, b)"),
    ("max(a, b)", "max(a, b)"),
]


def model_of(text: str) -> GeneralModel:
    document = Document().parameter("x")
    for name in "abd":
        document.parameter(name, 1.0)
    return read_sbml_text(document.always("x", text).text())


@pytest.mark.parametrize(("text", "written"), FORMULAS)
def test_brackets_stand_where_they_are_needed_and_nowhere_else(text: str, written: str) -> None:
    model = model_of(text)
    assert write_formula(model.graph, model.rules["x"], TEXT) == written


@pytest.mark.parametrize(("text", "_"), FORMULAS)
def test_what_is_written_reads_as_the_same_formula(text: str, _: str) -> None:
    model = model_of(text)
    again = model_of(write_formula(model.graph, model.rules["x"], TEXT))
    nodes = [
        [entry.graph.nodes[node] for node in entry.graph.reachable([entry.rules["x"]])]
        for entry in (model, again)
    ]
    assert [(n.kind, n.value) for n in nodes[0]] == [(n.kind, n.value) for n in nodes[1]]


def test_fractions_and_names_are_set_in_latex() -> None:
    model = model_of("a^2 / (b + d)")
    assert write_formula(model.graph, model.rules["x"], LATEX) == r"\frac{a^{2}}{b + d}"
    graph = ExpressionGraph()
    assert write_formula(graph, graph.symbol("k_cat"), LATEX) == r"\mathrm{k\_cat}"
    assert write_formula(graph, graph.number(2.5e-7), LATEX) == r"2.5 \times 10^{-7}"
    assert write_formula(graph, graph.number(math.inf), LATEX) == r"\infty"


def test_a_formula_that_doubles_at_every_step_stays_short() -> None:
    graph = ExpressionGraph()
    node = graph.symbol("a")
    for _ in range(60):
        node = graph.apply("mul", graph.apply("add", node, graph.number(1.0)), node)
    assert len(write_formula(graph, node, TEXT)) <= LONGEST


def pathway() -> GeneralModel:
    document = Document().compartment("cell", 2.0).compartment("one", 1.0)
    document.parameter("k", 0.5).parameter("total").parameter("n", 0.0)
    document.species("A", concentration=1.0, compartment="cell")
    document.species("B", amount=0.0, compartment="one").species(
        "S", amount=1.0, compartment="one", boundary=True
    )
    document.reaction("R1", ["A"], ["B"], "k * A", stoichiometry=2.0)
    document.reaction("R2", ["S"], ["A"], "k * S").rate("n", "k * n").always("total", "A + B")
    return read_sbml_text(document.event("E", "time > 5", {"n": "2"}, delay="1").text())


def test_every_kind_of_equation_is_written_once() -> None:
    text = general_equations_text(pathway())
    for line in (
        "v_R1 = k * A",
        "dA/dt = (- v_R1 + v_R2) / cell",
        "dB/dt = 2 v_R1",
        "dn/dt = k * n",
        "total = A + B",
        "at 5 < time, after 1: n = 2",
    ):
        assert text.count(line) == 1, line
    assert "dS/dt" not in text  # a boundary species stays


def test_latex_is_in_align_environments() -> None:
    latex = general_equations_latex(pathway())
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") == 3
    assert r"\frac{\mathrm{d}B}{\mathrm{d}t} &= 2 v_{\mathrm{R1}}" in latex
    assert latex.count("{") == latex.count("}")


def test_a_reaction_shows_counts_and_direction() -> None:
    first, second = pathway().reactions
    assert reaction_text(first) == "A -> 2 B"
    assert reaction_text(second) == "S -> A"
