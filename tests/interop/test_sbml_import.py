from __future__ import annotations

import math
from pathlib import Path

import libsbml
import pytest

from mtorsim.errors import ModelError
from mtorsim.interop.sbml_document import UnsupportedFeatureError
from mtorsim.interop.sbml_import import read_sbml, read_sbml_text
from mtorsim.symbolic.general_resolver import resolve
from tests.interop.sbml_documents import Document, formula


def decay(**species: object) -> Document:
    document = Document().compartment(size=2.0).parameter("k", 0.5)
    document.species("A", **species)  # type: ignore[arg-type]
    return document


class TestMeaningOfSymbols:
    def test_a_species_is_a_concentration_in_formulas(self) -> None:
        document = decay(amount=6.0).reaction("R", ["A"], [], "k * A")
        # dA/dt = -k A / V as amounts, since the law reads the concentration A / V
        a = document.run("A", t_out=[0, 1])
        assert a[:, 0] == pytest.approx([3.0, 3.0 * math.exp(-0.25)], rel=1e-8)

    def test_only_substance_units_makes_it_an_amount(self) -> None:
        document = decay(amount=6.0, in_amount=True).reaction("R", ["A"], [], "k * A")
        assert document.run("A", t_out=[1])[0, 0] == pytest.approx(6 * math.exp(-0.5), rel=1e-8)

    def test_a_conversion_factor_scales_what_a_reaction_adds(self) -> None:
        document = decay(amount=0.0, factor="f").parameter("f", 3.0, constant=True)
        document.reaction("R", [], ["A"], "2")
        assert document.run("A", t_out=[1])[0, 0] == pytest.approx(3.0 * 2.0 / 2.0, rel=1e-9)

    def test_a_boundary_species_keeps_its_amount(self) -> None:
        document = decay(amount=6.0, boundary=True).reaction("R", ["A"], [], "k * A")
        assert document.run("A", t_out=[1])[0, 0] == 3.0

    def test_a_growing_compartment_dilutes(self) -> None:
        document = Document().compartment(size=1.0, constant=False).rate("c", "1")
        document.species("A", amount=6.0)
        assert document.run("A", t_out=[0, 2])[:, 0] == pytest.approx([6.0, 2.0], rel=1e-9)

    def test_a_local_parameter_hides_a_global_one(self) -> None:
        document = decay(amount=0.0, in_amount=True)
        document.reaction("R", [], ["A"], "k", local={"k": 7.0})
        assert document.run("A", t_out=[1])[0, 0] == pytest.approx(7.0, rel=1e-9)

    def test_a_reaction_id_is_its_rate(self) -> None:
        document = decay(amount=6.0, in_amount=True).reaction("R", ["A"], [], "k * A")
        assert document.run("R", t_out=[0])[0, 0] == 3.0

    def test_a_stoichiometry_may_follow_a_rule(self) -> None:
        document = decay(amount=0.0, in_amount=True)
        document.reaction("R", [], ["A"], "1", stoichiometry_id="n").always("n", "2 * time")
        assert document.run("A", t_out=[3])[0, 0] == pytest.approx(9.0, rel=1e-9)

    def test_a_level_2_stoichiometry_may_be_a_formula(self) -> None:
        document = Document(2, 4).compartment().parameter("p", 3.0)
        document.species("A", amount=0.0, in_amount=True).reaction("R", [], ["A"], "1")
        reference = document.model.getReaction("R").getProduct(0)
        reference.createStoichiometryMath().setMath(formula("p / 2"))
        assert document.run("A", t_out=[2])[0, 0] == pytest.approx(3.0, rel=1e-9)

    def test_rules_may_stand_in_any_order(self) -> None:
        document = Document().parameter("a").parameter("b").parameter("p", 2.0)
        document.always("a", "b + 1").always("b", "p * 3")
        assert document.run("a", t_out=[0])[0, 0] == 7.0

    def test_start_values_may_need_each_other_in_any_order(self) -> None:
        document = Document().compartment(size=4.0).parameter("p").parameter("q", 5.0)
        document.species("A", concentration=1.0).initially("p", "A + q").initially("A", "q * 2")
        assert document.run("p", t_out=[0])[0, 0] == 15.0

    def test_rate_of_a_concentration_counts_dilution(self) -> None:
        document = Document().compartment(size=2.0, constant=False).rate("c", "1")
        document.species("A", amount=6.0).parameter("r").always("r", "rateOf(A)")
        # d(n/V)/dt = -n/V^2 dV/dt
        assert document.run("r", t_out=[0])[0, 0] == pytest.approx(-1.5, rel=1e-12)

    def test_functions_may_call_functions(self) -> None:
        document = Document().parameter("x").function("g", "lambda(u, u + 1)")
        document.function("f", "lambda(u, v, g(u) * g(v))").always("x", "f(2, f(1, 1))")
        assert document.run("x", t_out=[0])[0, 0] == 15.0

    def test_nested_functions_cost_no_more_than_their_definitions(self) -> None:
        document = Document().parameter("x").function("f0", "lambda(u, u + 1)")
        for i in range(1, 60):  # written out, this would be 2^59 terms
            document.function(f"f{i}", f"lambda(u, 0.5 * f{i - 1}(u) + 0.5 * f{i - 1}(u))")
        assert document.always("x", "f59(1)").run("x", t_out=[0])[0, 0] == 2.0


MATHEMATICS = [
    ("root(3, 8)", 2.0),
    ("log(2, 8)", 3.0),
    ("log10(1000)", 3.0),
    ("quotient(-7, 2)", -3.0),
    ("rem(-7, 2)", -1.0),
    ("ceil(-1.5)", -1.0),
    ("floor(-1.5)", -2.0),
    ("factorial(4)", 24.0),
    ("max(1, 5, 3)", 5.0),
    ("min(1, 5, 3)", 1.0),
    ("sec(0.3)", 1 / math.cos(0.3)),
    ("arccsc(2)", math.asin(0.5)),
    ("coth(0.3)", 1 / math.tanh(0.3)),
    ("arcsech(0.5)", math.acosh(2.0)),
    ("piecewise(1, 2 < 1, 3)", 3.0),
    ("implies(true, false)", 0.0),
    ("xor(true, true, true)", 1.0),
    ("true + 2", 3.0),
    ("piecewise(1, 0.5, 2)", 1.0),
    ("(1 < 2) && (2 <= 2) && (3 != 4)", 1.0),
    ("-(2^2)", -4.0),
    ("avogadro", 6.02214179e23),
]


@pytest.mark.parametrize(("text", "value"), MATHEMATICS)
def test_operators_mean_what_the_standard_says(text: str, value: float) -> None:
    document = Document().parameter("x").always("x", text)
    assert document.run("x", t_out=[0])[0, 0] == pytest.approx(value, rel=1e-14)


class TestRefusals:
    def refusal(self, document: Document) -> UnsupportedFeatureError:
        with pytest.raises(UnsupportedFeatureError) as caught:
            read_sbml_text(document.text(), origin="model.xml")
        return caught.value

    def test_algebraic_rules(self) -> None:
        document = Document().parameter("x", 1.0)
        rule = document.model.createAlgebraicRule()
        rule.setMath(formula("x - 1"))
        rule.setMetaId("balance")
        error = self.refusal(document)
        assert error.feature == "algebraic rules"
        assert "algebraicRule 'balance'" in str(error)

    def test_delay_equations(self) -> None:
        document = Document().parameter("x", 1.0).rate("x", "delay(x, 1)")
        error = self.refusal(document)
        assert error.feature.startswith("delay()")
        assert "rule of 'x'" in str(error)

    def test_fast_reactions(self) -> None:
        document = Document(3, 1).compartment().species("A", amount=1.0)
        document.reaction("R", ["A"], [], "A")
        document.model.getReaction("R").setFast(True)
        error = self.refusal(document)
        assert error.feature == "fast reactions"
        assert str(error).startswith("model.xml:")
        assert "reaction 'R'" in str(error)

    @pytest.mark.parametrize(
        ("package", "body", "feature"),
        [
            (
                "comp",
                '<comp:listOfSubmodels><comp:submodel comp:id="s" comp:modelRef="d"/>'
                "</comp:listOfSubmodels>",
                "hierarchical",
            ),
            (
                "fbc",
                '<fbc:listOfObjectives fbc:activeObjective="o"><fbc:objective fbc:id="o" '
                'fbc:type="maximize"/></fbc:listOfObjectives>',
                "flux balance",
            ),
        ],
    )
    def test_packages(self, package: str, body: str, feature: str) -> None:
        uri = f"http://www.sbml.org/sbml/level3/version1/{package}/version1"
        required = "true" if package == "comp" else "false"
        text = (
            f'<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" xmlns:{package}="{uri}" '
            f'level="3" version="1" {package}:required="{required}"><model id="m">{body}'
            "</model></sbml>"
        )
        with pytest.raises(UnsupportedFeatureError, match=feature):
            read_sbml_text(text)


def line_of(error: pytest.ExceptionInfo[ModelError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


class TestDamagedInput:
    good = Document().parameter("x", 1.0).rate("x", "-x").text().encode()

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"", "not well-formed"),
            (b"model x", "not well-formed"),
            (good[: len(good) // 2], "not well-formed"),
            (good.replace(b'"m"', b'"\xff"'), "not well-formed"),
            (b"<html></html>", "not SBML"),
            (b'<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3"'
             b' version="2"/>', "no model"),
            (b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sbml>&b;</sbml>', "DOCTYPE"),
            (b"<sbml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</sbml>", "not SBML: level ''"),
            (good.replace(b"</model>", b"<a>" * 500 + b"</a>" * 500 + b"</model>"), "nested deep"),
            (good.replace(b"version2/core", b"version9/core"), "Levels 1 to 3"),
        ],
    )  # fmt: skip
    def test_each_is_one_line_with_the_place(
        self, tmp_path: Path, content: bytes, expected: str
    ) -> None:
        path = tmp_path / "model.xml"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=expected) as error:
            read_sbml(path)
        assert line_of(error).startswith(f"{path}:")

    def test_a_file_of_100_mb_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "model.xml"
        with path.open("wb") as file:
            file.truncate(100 * 1024**2)
        with pytest.raises(ModelError, match="larger than"):
            read_sbml(path)

    def test_a_missing_file_is_said_to_be_missing(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="there is no such file"):
            read_sbml(tmp_path / "nothing.xml")

    def test_rules_in_a_circle_are_named(self) -> None:
        document = Document().parameter("a").parameter("b").parameter("d")
        document.always("a", "b").always("b", "d").always("d", "a")
        with pytest.raises(ModelError, match=r"a -> b -> d -> a") as error:
            resolve(read_sbml_text(document.text()))
        line_of(error)

    def test_start_values_in_a_circle_are_named(self) -> None:
        document = Document().parameter("a").parameter("b")
        document.initially("a", "b").initially("b", "a")
        with pytest.raises(ModelError, match=r"start value of '[ab]' needs itself"):
            document.run("a", t_out=[0])

    def test_a_function_that_calls_itself_is_refused(self) -> None:
        document = Document().parameter("x").function("f", "lambda(u, f(u))").always("x", "f(1)")
        with pytest.raises(ModelError, match="calls itself"):
            read_sbml_text(document.text())

    def test_an_undefined_symbol_gets_a_suggestion(self) -> None:
        document = Document().parameter("insulin", 1.0).rate("insulin", "-insulln")
        with pytest.raises(ModelError, match="undefined symbol 'insulln'; did you mean 'insulin'"):
            read_sbml_text(document.text())

    def test_division_by_zero_at_the_start_names_the_quantity(self) -> None:
        document = Document().parameter("x", 0.0).rate("x", "1 / x")
        with pytest.raises(ModelError, match="rate of change of 'x' is inf at the start"):
            document.run("x", t_out=[1])


def test_model_text_is_never_executed(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    code = f"__import__('pathlib').Path('{mark}').touch()"
    text = Document().parameter("x", 1.0).rate("x", "-x").text()
    for old, new in (('id="x"', f'id="{code}"'), ("<ci> x </ci>", f"<ci>{code}</ci>")):
        assert old in text
        with pytest.raises(ModelError):
            resolve(read_sbml_text(text.replace(old, new)))
    renamed = text.replace('id="m"', f'id="m" name="{code}"')
    values = resolve(read_sbml_text(renamed)).values
    assert "x" in values
    assert not mark.exists()


@pytest.mark.shared
def test_every_published_model_is_read(shared_folder: Path) -> None:
    files = sorted((shared_folder / "published").glob("*.xml"))
    assert len(files) == 9
    for path in files:
        model = libsbml.readSBML(str(path)).getModel()
        system = resolve(read_sbml(path))
        assert set(system.amounts) == {species.getId() for species in model.getListOfSpecies()}
