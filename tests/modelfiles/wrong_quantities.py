"""Wrong units, parameters and species in the toy model's files."""

from __future__ import annotations

from tests.modelfiles.toy import DRUG, GLUE, KINASE, LOOP, MODEL, RECEPTOR

#: what is wrong: (file, text, what stands there instead, the line of the message)
WRONG_QUANTITIES = {
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
}
