"""Each thing that can be wrong with a model's files is said in one line, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorsim.errors import InputError, ModelError, MtorsimError, UnknownNameError
from mtorsim.modelfiles.compose import compose
from tests.modelfiles.toy import DRUGS, TOY, changed_toy

RECEPTOR, KINASE, MODEL = "core/receptor.toml", "core/kinase.toml", "toy.toml"
LOOP, GLUE, DRUG = "loops/s6k_irs1.toml", "drugs/templates/glue.toml", "drugs/glueone.toml"

# what is wrong: (file, text, what stands there instead, the line of the message)
CASES = {
    # units
    "bimolecular constant in 1/s": (
        KINASE,
        'k_s6k = { value = 2e-3, unit = "1/(nM*s)"',
        'k_s6k = { value = 2e-3, unit = "1/s"',
        "core/kinase.toml:27: reaction \"tor_on_s6k\": rate 'k_s6k' has unit 1/s, "
        "but 1/(nM*s) is wanted for 2 reactants",
    ),
    "unimolecular constant in 1/(nM*s)": (
        RECEPTOR,
        'value = 3.0, unit = "1/min"',
        'value = 3.0, unit = "1/(nM*s)"',
        "core/receptor.toml:24: reaction \"irs1_off\": rate 'k_irs1_off' has unit 1/(nM*s), "
        "but 1/s is wanted for 1 reactant",
    ),
    "inline quantity with the wrong unit": (
        RECEPTOR,
        'value = 1e-3, unit = "1/(nM*s)"',
        'value = 1e-3, unit = "1/s"',
        "core/receptor.toml:19: reaction \"insulin_on_irs1\": rate 'k_insulin_on_irs1' has unit "
        "1/s, but 1/(nM*s) is wanted for 2 reactants",
    ),
    "initial amount that is not a concentration": (
        KINASE,
        'initial = "S6K_total"',
        'initial = "S6K_total * TOR_total"',
        "core/kinase.toml:18: species \"S6K\": initial 'S6K_total * TOR_total' has unit nM^2, "
        "but nM is wanted",
    ),
    "dose amount with a unit": (
        GLUE,
        'amount = "volume_ratio"',
        'amount = "volume_ratio * CHAP_total"',
        "drugs/templates/glue.toml:7: drug \"glueone\": dose amount 'volume_ratio * CHAP_total' "
        "has unit nM, but 1 is wanted",
    ),
    "unknown unit": (
        KINASE,
        'TOR_total = { value = 5, unit = "nM"',
        'TOR_total = { value = 5, unit = "nm"',
        "core/kinase.toml:6: parameter \"TOR_total\": unknown unit 'nm'; did you mean 'nM'?",
    ),
    "observable in another unit": (
        MODEL,
        'unit = "nM"',
        'unit = "1"',
        'toy.toml:11: observable "TOR_bound": its unit is "nM", not "1"',
    ),
    # parameters
    "parameter never used": (
        KINASE,
        "[parameters]\n",
        '[parameters]\nk_idle = { value = 1, unit = "1/s", spread = 1, source = "smith2001" }\n',
        'core/kinase.toml:6: parameter "k_idle" is never used',
    ),
    "parameter missing": (
        KINASE,
        'rate = "k_s6k"',
        'rate = "k_s6kk"',
        'core/kinase.toml:27: reaction "tor_on_s6k": rate has the unknown parameter "k_s6kk"; '
        "did you mean 'k_s6k'",
    ),
    "parameter of an initial amount missing": (
        KINASE,
        'initial = "S6K_total"',
        'initial = "S6K_totl"',
        'core/kinase.toml:18: species "S6K": initial has the unknown parameter "S6K_totl"; '
        "did you mean 'S6K_total'",
    ),
    "parameter declared in two files": (
        RECEPTOR,
        "[parameters]\n",
        '[parameters]\nTOR_total = { value = 1, unit = "nM", spread = 1, source = "smith2001" }\n',
        'core/kinase.toml:6: duplicate parameter "TOR_total", first given at ',
    ),
    "parameter declared twice in a file": (
        KINASE,
        "[species.TOR]",
        "[parameters.TOR_total]\nvalue = 1\n[species.TOR]",
        "core/kinase.toml:15: not valid TOML: Cannot declare ('parameters', 'TOR_total') twice",
    ),
    "parameter without spread": (
        KINASE,
        'k_ser_off = { value = 1e-3, unit = "1/s", spread = 2,',
        'k_ser_off = { value = 1e-3, unit = "1/s",',
        "core/kinase.toml:11: parameter \"k_ser_off\" has no 'spread'",
    ),
    "parameter without source": (
        DRUG,
        'spread = 2, source = "assumed"',
        "spread = 2",
        "drugs/glueone.toml:8: parameter \"Kd_glueone\" has no 'source'",
    ),
    "parameter that is text": (
        KINASE,
        "Kd_tor = { value = 20,",
        'Kd_tor = { value = "20",',
        "core/kinase.toml:13: 'value' in parameter \"Kd_tor\" must be a number",
    ),
    "parameter that is a bare number": (
        KINASE,
        'Kd_tor = { value = 20, unit = "nM", spread = 2, source = "smith2001" }',
        "Kd_tor = 20",
        "core/kinase.toml:13: 'Kd_tor' in [parameters] must be a table",
    ),
    "negative parameter": (
        KINASE,
        "Kd_tor = { value = 20,",
        "Kd_tor = { value = -20,",
        'core/kinase.toml:13: parameter "Kd_tor": value is -20, it must be finite and not negative',
    ),
    "parameter that is not a number": (
        KINASE,
        "Kd_tor = { value = 20,",
        "Kd_tor = { value = nan,",
        'core/kinase.toml:13: parameter "Kd_tor": value is nan, it must be finite',
    ),
    "spread below 1": (
        RECEPTOR,
        'unit = "1/min", spread = 2',
        'unit = "1/min", spread = 0.5',
        'core/receptor.toml:8: parameter "k_irs1_off": spread is 0.5, a geometric standard '
        "deviation is 1 or more",
    ),
    "range upside down": (
        RECEPTOR,
        "range = [1.0, 6.0]",
        "range = [6.0, 1.0]",
        'core/receptor.toml:8: parameter "k_irs1_off": range is [6.0, 1.0], it must be [low, high]',
    ),
    "unknown source": (
        LOOP,
        'source = "jones2002"',
        'source = "jone2002"',
        'loops/s6k_irs1.toml:1: loop "s6k_irs1": unknown source "jone2002"; did you mean '
        "'jones2002'",
    ),
    "unknown source of a range": (
        RECEPTOR,
        'range_source = "jones2002"',
        'range_source = "jone2002"',
        'core/receptor.toml:8: parameter "k_irs1_off": unknown source "jone2002"; did you mean',
    ),
    "fitted to nothing": (
        RECEPTOR,
        'fitted_to = "nothing real", ',
        "",
        'core/receptor.toml:8: parameter "k_irs1_off": source is "fitted", so "fitted_to" must',
    ),
    "assumed without a reason": (
        RECEPTOR,
        ', why = "saturating"',
        "",
        'core/receptor.toml:6: parameter "insulin_dose": source is "assumed", so "why" must',
    ),
    "unknown confidence": (
        RECEPTOR,
        'confidence = "read"',
        'confidence = "certain"',
        'core/receptor.toml:7: parameter "IRS1_total": unknown confidence "certain"; known: read, '
        "recalled",
    ),
    "parameter id with a dash": (
        KINASE,
        "Kd_tor = {",
        "Kd-tor = {",
        'core/kinase.toml:13: parameter "Kd-tor": an id is a letter, then letters, digits',
    ),
    # species
    "species declared twice": (
        KINASE,
        "[species.TOR]",
        "[species.IRS1]\n[species.TOR]",
        'core/kinase.toml:15: duplicate species "IRS1", first given at ',
    ),
    "species never reached": (
        KINASE,
        '[species.S6K]\ninitial = "S6K_total"',
        '[species.S6K]\n[species.TOR_twin]\ninitial = "S6K_total"',
        'core/kinase.toml:18: species "S6K" is never reached: it has no initial amount and '
        "nothing makes it",
    ),
    "misspelt species": (
        KINASE,
        'equation = "S6K_p -> S6K"',
        'equation = "S6Kp_p -> S6K"',
        'core/kinase.toml:32: reaction "s6k_off": 1 S6Kp on the left but 0 on the right',
    ),
    "misspelt state": (
        KINASE,
        'equation = "S6K_p -> S6K"',
        'equation = "S6K_pp -> S6K"',
        'core/kinase.toml:32: species "S6K_pp" is never reached: it has no initial amount and '
        "nothing makes it; did you mean 'S6K_p'",
    ),
    "species in no reaction": (
        KINASE,
        "[species.TOR]",
        "[species.Idle]\n[species.TOR]",
        'core/kinase.toml:15: species "Idle" is in no reaction',
    ),
    "complex written in two orders": (
        KINASE,
        "TOR:IRS1_pY + S6K ->",
        "IRS1_pY:TOR + S6K ->",
        'core/kinase.toml:27: species "IRS1_pY:TOR" is the same complex as "TOR:IRS1_pY"; '
        'write "TOR:IRS1_pY" everywhere',
    ),
    "malformed species id": (
        KINASE,
        "[species.TOR]",
        '[species."TOR__p"]\n[species.TOR]',
        "core/kinase.toml:15: species \"TOR__p\": 'TOR__p' is not a species id",
    ),
    "flag that is text": (
        RECEPTOR,
        "fixed = true",
        'fixed = "yes"',
        "core/receptor.toml:11: 'fixed' in species \"Insulin\" must be true or false",
    ),
    # reactions
    "reaction declared twice": (
        KINASE,
        'id = "serine_off"',
        'id = "irs1_off"',
        'core/kinase.toml:47: duplicate reaction "irs1_off", first given at ',
    ),
    "malformed equation": (
        KINASE,
        'equation = "S6K_p -> S6K"',
        'equation = "S6K_p => S6K"',
        "core/kinase.toml:32: reaction \"s6k_off\": equation 'S6K_p => S6K' needs exactly one "
        "'->' or '<->', not '=>'",
    ),
    "Michaelis-Menten rate": (
        KINASE,
        'rate = "k_s6k"',
        'rate = "k_s6k / (Kd_tor + S6K)"',
        "core/kinase.toml:27: reaction \"tor_on_s6k\": 'k_s6k / (Kd_tor + S6K)': sums and "
        "differences (as of Michaelis-Menten and Hill) are not mass action: write the elementary",
    ),
    "Hill rate": (
        KINASE,
        'rate = "k_s6k"',
        'rate = "k_s6k * S6K^n"',
        "core/kinase.toml:27: reaction \"tor_on_s6k\": 'k_s6k * S6K^n': a power is a whole number "
        "up to 9; Hill terms are not mass action",
    ),
    "component lost": (
        KINASE,
        'equation = "S6K_p -> S6K"',
        'equation = "S6K_p ->"',
        'core/kinase.toml:32: reaction "s6k_off": 1 S6K on the left but 0 on the right',
    ),
    "reversible with one rate": (
        KINASE,
        'forward = "k_tor_on"\nreverse = "k_tor_on * Kd_tor"',
        'rate = "k_tor_on * Kd_tor"',
        "core/kinase.toml:21: reaction \"tor_binds_irs1\": an equation with '<->' takes forward "
        "and reverse, but rate is given",
    ),
    "no rate": (
        KINASE,
        'rate = "k_ser_off"',
        "",
        "core/kinase.toml:47: reaction \"serine_off\": an equation with '->' takes rate, but no "
        "rate is given",
    ),
    "rate that is a bare number": (
        KINASE,
        'rate = "k_ser_off"',
        "rate = 1e-3",
        "core/kinase.toml:50: 'rate' in reaction \"serine_off\" must be text (a monomial) or a "
        "table with value, unit, spread and source",
    ),
    "for without tag": (
        KINASE,
        'tag = "free", site',
        "site",
        "core/kinase.toml:37: reaction \"s6k_on_irs1\": each entry of 'for' needs a 'tag'",
    ),
    "for with an unused name": (
        KINASE,
        'tag = "free", site = ""',
        'tag = "free", site = "", sight = ""',
        "core/kinase.toml:37: reaction \"s6k_on_irs1\": 'for' gives {sight}, which nothing uses",
    ),
    "placeholder that nothing replaces": (
        KINASE,
        "IRS1{site} ->",
        "IRS1{sight}{site} ->",
        'core/kinase.toml:37: reaction "s6k_on_irs1_free": nothing replaces {sight} in ',
    ),
    # loops
    "loop over a reaction that is not there": (
        LOOP,
        '"s6k_on_irs1_free"',
        '"s6k_on_irs1_fre"',
        'loops/s6k_irs1.toml:1: loop "s6k_irs1": unknown reaction "s6k_on_irs1_fre"; did you mean '
        "'s6k_on_irs1_free'",
    ),
    "loop with a signal that is not there": (
        LOOP,
        'signal = "S6K_p"',
        'signal = "S6K_q"',
        'loops/s6k_irs1.toml:1: loop "s6k_irs1": unknown species "S6K_q"; did you mean',
    ),
    "loop that does not read its signal": (
        LOOP,
        'signal = "S6K_p"',
        'signal = "TOR"',
        'loops/s6k_irs1.toml:1: loop "s6k_irs1": none of its reactions reads the signal "TOR"',
    ),
    "loop without direction": (
        LOOP,
        'sign = "negative"',
        'sign = "minus"',
        'loops/s6k_irs1.toml:4: loop "s6k_irs1": sign is "minus", not negative or positive',
    ),
    # observables
    "observable of nothing": (
        MODEL,
        'match = "S6K_p"',
        'match = "S6K_q"',
        'toy.toml:10: observable "pS6K": no species holds "S6K_q"; did you mean',
    ),
    "observable with a fixed species": (
        MODEL,
        '"2*S6K_p"',
        '"2*Insulin"',
        'toy.toml:12: observable "serine": no changing species "Insulin"',
    ),
    "observable with match and sum": (
        MODEL,
        'match = "S6K_p"',
        'sum = ["S6K_p"], match = "S6K_p"',
        "toy.toml:10: observable \"pS6K\": one of 'match' and 'sum' must be given",
    ),
    # files
    "malformed TOML": (
        KINASE,
        'rate = "k_s6k"',
        'rate = "k_s6k',
        "core/kinase.toml:30: not valid TOML: ",
    ),
    "TOML that ends too soon": (
        LOOP,
        'why = "invented"',
        'why = """invented',
        "loops/s6k_irs1.toml:9: not valid TOML: Unterminated string",
    ),
    "unknown key": (
        KINASE,
        'module = "s6k_irs1"',
        'modul = "s6k_irs1"',
        "core/kinase.toml:39: unknown key 'modul' in reaction \"s6k_on_irs1\"; did you mean "
        "'module'?",
    ),
    "unknown table": (
        LOOP,
        "[loop]",
        "[loops]",
        "loops/s6k_irs1.toml:1: unknown key 'loops' in a loop file; did you mean 'loop'?",
    ),
    "unknown key of a model": (
        MODEL,
        "contexts =",
        "context =",
        "toy.toml:6: unknown key 'context' in [model]; did you mean 'contexts'?",
    ),
    "section that is not there": (
        MODEL,
        '"core/kinase"',
        '"core/kinases"',
        "toy.toml:4: no file \"core/kinases.toml\"; did you mean 'kinase'?",
    ),
    "section list that is text": (
        MODEL,
        'sections = ["core/receptor", "core/kinase"]',
        'sections = "core/receptor"',
        "toy.toml:4: 'sections' in [model] must be a list of texts",
    ),
    # drugs
    "template that is not there": (
        DRUG,
        'template = "glue"',
        'template = "clue"',
        "drugs/glueone.toml:5: no file \"drugs/templates/clue.toml\"; did you mean 'glue'?",
    ),
    "drug without dose": (
        DRUG,
        'template = "glue"',
        "",
        'drugs/glueone.toml: drug "glueone" has no template and no [dose]',
    ),
    "drug file with another id": (
        DRUG,
        'id = "glueone"',
        'id = "glueone1"',
        'drugs/glueone.toml:2: id is "glueone1", but the file is glueone.toml',
    ),
    "dose species that is not there": (
        GLUE,
        'species = "{drug}_medium"',
        'species = "{drug}_plasma"',
        'drugs/templates/glue.toml:7: drug "glueone": unknown dose species "glueone_plasma"; '
        "did you mean 'glueone",
    ),
    "target that is not there": (
        GLUE,
        'targets = ["TOR", "CHAP"]',
        'targets = ["TOR", "CHOP"]',
        'drugs/templates/glue.toml:5: drug "glueone": the model has no target "CHOP"; did you '
        "mean 'CHAP'?",
    ),
    "template reaction that two drugs would share": (
        GLUE,
        'id = "{drug}_binds_tor"',
        'id = "drug_binds_tor"',
        'drugs/templates/glue.toml:32: duplicate reaction "drug_binds_tor_f", first given at ',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_message_says_where_what_and_what_to_do(case: str, tmp_path: Path) -> None:
    name, old, new, expected = CASES[case]
    model = changed_toy(tmp_path, {name: (old, new)})
    with pytest.raises(ModelError) as caught:
        compose(model, drugs=DRUGS)
    assert any(f"/{expected}" in line for line in caught.value.problems), str(caught.value)
    assert all(line.count("\n") == 0 for line in caught.value.problems)


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    cases = [CASES["negative parameter"], CASES["unknown source"], CASES["spread below 1"]]
    model = changed_toy(tmp_path, {name: (old, new) for name, old, new, _ in cases})
    with pytest.raises(ModelError) as caught:
        compose(model)
    assert len(caught.value.problems) == 3


def test_a_problem_is_not_followed_by_its_consequences(tmp_path: Path) -> None:
    name, old, new, _ = CASES["malformed equation"]
    with pytest.raises(ModelError) as caught:
        compose(changed_toy(tmp_path, {name: (old, new)}))
    assert len(caught.value.problems) == 1


def test_an_unknown_model_is_met_with_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match="unknown model 'mtor-cor'; did you mean 'mtor-core'"
    ):
        compose("mtor-cor")


def test_a_model_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere/cell\.toml: no such model file"):
        compose("nowhere/cell.toml")


def test_an_unknown_drug_is_met_with_those_of_the_model() -> None:
    with pytest.raises(UnknownNameError, match="model toy: unknown drug 'glueon'; did you mean"):
        compose(TOY, drugs=["glueon"])


def test_a_listed_drug_without_a_file_is_met_with_those_that_have_one(tmp_path: Path) -> None:
    model = changed_toy(tmp_path, {MODEL: ('"gluetwo"', '"gluethree"')})
    with pytest.raises(UnknownNameError, match="unknown drug 'gluethree'; did you mean"):
        compose(model, drugs=["gluethree"])


def test_a_section_file_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a model file has no 'model'"):
        compose(TOY.parent / "core" / "kinase.toml")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    model = tmp_path / "binary.toml"
    model.write_bytes(b"\xff\xfe\x00model")
    with pytest.raises(ModelError, match=r"binary\.toml: is not UTF-8 text"):
        compose(model)


@pytest.mark.parametrize(
    "text",
    ["", "model = 3", "[model]\nid = 1", "[[model]]", "loop = 3\n[model]\nid='a'\ntitle='a'"],
)
def test_a_file_of_the_wrong_shape_is_a_model_error(text: str, tmp_path: Path) -> None:
    model = tmp_path / "shape.toml"
    model.write_text(text)
    with pytest.raises(ModelError, match=r"shape\.toml"):
        compose(model)


def test_text_in_a_model_is_never_run(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    code = f"__import__('pathlib').Path({str(witness)!r}).touch()"
    for name, old in ((KINASE, 'rate = "k_s6k"'), (KINASE, 'equation = "S6K_p -> S6K"')):
        model = changed_toy(tmp_path / old[:4], {name: (old, f'{old.split(" =")[0]} = "{code}"')})
        with pytest.raises(MtorsimError):
            compose(model)
    assert not witness.exists()
