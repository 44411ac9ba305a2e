"""Wrong reactions, loops, observables, files and drugs in the toy model's files."""

from __future__ import annotations

from tests.modelfiles.toy import DRUG, GLUE, KINASE, LOOP, MODEL

#: what is wrong: (file, text, what stands there instead, the line of the message)
WRONG_STRUCTURE = {
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
