import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from mtorsim.errors import ModelError
from mtorsim.interop.bngl_net import read_bngl_net
from mtorsim.simulate.mass_action import MassActionTables

TOY = Path(__file__).parent / "data" / "toy.net"
SHARED = Path(__file__).parents[2].parent / "shared" / "networks"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared reference networks are not beside the checkout"
)

# (species, reactions, parameters, groups, zero rate constants) as its README counts them
COUNTS = {
    "multistate.net": (9, 18, 9, 4, 0),
    "multisite2.net": (66, 288, 9, 3, 0),
    "egfr_net.net": (356, 3749, 43, 13, 0),
    "BCR.net.gz": (1122, 24388, 128, 9, 108),
    "fceri_gamma2.net.gz": (3744, 58276, 26, 6, 7140),
}


@pytest.fixture(scope="module")
def toy():
    return read_bngl_net(TOY)


def test_parameters_are_evaluated_in_order(toy):
    assert toy.parameters == pytest.approx(
        {"A_total": 200, "k_on": 1.5e-3, "k_off": 0.03, "k_pair": 0.0315 / 4, "medium": 5}
    )


def test_species_keep_their_patterns_and_amounts(toy):
    assert toy.species == ("A(a)", "B(b)", "A(a!1).B(b!1)", "A(a!1).A(a!1)", "Feed()")
    assert_allclose(toy.initial_amounts, [200, 400, 0, 0, 5])


def test_reactants_are_ascending_and_keep_their_repeats(toy):
    assert toy.structure.reactants == ((0, 1), (2,), (0, 0), (4,), (), (2,), (1, 2))


def test_changes_are_net_and_leave_fixed_species_alone(toy):
    assert list(toy.fixed) == [False] * 4 + [True]
    assert toy.structure.changes == (
        ((0, -1), (1, -1), (2, 1)),
        ((0, 1), (1, 1), (2, -1)),
        ((0, -2), (3, 1)),
        ((0, 1),),
        ((1, 1),),
        ((2, -1),),
        ((2, -1), (3, 1)),
    )


def test_rate_constants_carry_the_factors_of_the_file(toy):
    assert toy.rate_expressions[2] == "0.5*k_pair"
    assert_allclose(toy.rate_constants, [1.5e-3, 0.03, 0.0315 / 8, 0.1, 0.25, 0.03, 1.5e-3])


def test_groups_are_weighted_sums(toy):
    assert toy.group_names == ("A_any", "Dimers", "Nothing")
    assert_allclose(toy.group_matrix() @ np.array([1.0, 10, 100, 1000, 1e4]), [2101, 1000, 0])


def test_a_gzipped_file_reads_as_the_plain_one(toy, tmp_path):
    packed = tmp_path / "toy.net.gz"
    packed.write_bytes(gzip.compress(TOY.read_bytes()))
    again = read_bngl_net(packed)
    assert again.structure == toy.structure
    assert again.name == toy.name == "toy"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("k_on*20", "k_onn*20", "toy.net:5: unknown parameter 'k_onn'; did you mean 'k_on'"),
        ("2 k_on      1.5e-3", "2 A_total 1", "toy.net:4: parameter 'A_total' stands twice"),
        ("A_total   200", "A_total", "toy.net:3: '1 A_total': wanted: index name expression"),
        ("2 B(b)", "7 B(b)", "toy.net:16: index '7' where 2 is next in order"),
        ("2*A_total", "-2*A_total", "toy.net:16: B(b) starts at -400, below 0"),
        ("1 1,2 3", "1 1,9 3", "toy.net:22: there is no species 9: indices go from 1 to 5"),
        ("1 1,2 3", "1 1,-2 3", "toy.net:22: there is no species -2"),
        ("1 1,2 3", "1 1,B 3", "toy.net:22: '1,B': species indices with commas"),
        ("k_on   #_R1", "MM 1 2", "toy.net:22: rate law 'MM 1 2' is not mass action"),
        ("k_on   #_R1", "-k_on", "toy.net:22: rate constant '-k_on' is -0.0015, below 0"),
        ("k_on   #_R1", "", "toy.net:22: '1 1,2 3': wanted: index reactants products rate"),
        ("1,3,2*4", "1,x*4", "toy.net:31: 'x*4': wanted: weight*species, or species"),
        ("1,3,2*4", "1,2*0", "toy.net:31: '2*0': wanted: weight*species, or species"),
        ("1,3,2*4", "1,2*12", "toy.net:31: there is no species 12"),
        ("begin functions", "begin functions\n 1 f() k_on*A_any", "toy.net:13: function '1 f()"),
        ("begin groups", "begin group", "section 'group' is not part of an expanded network"),
        ("end groups", "", "toy.net:30: section 'groups' has no end: is the file cut off?"),
        ("end species", "end parameters", "toy.net:20: 'end parameters' where section 'species'"),
        ("end species", "begin groups", "toy.net:20: section 'groups' begins before 'species'"),
        (
            "end species",
            "end species\nbegin species\nend species",
            "section 'species' stands twice",
        ),
        ("# Written", "Written", "toy.net:1: 'Written by hand for these tests' stands outside"),
        ("begin reactions", "begin observables", "'end reactions' where section 'observables'"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path, old, new, message):
    content = TOY.read_text()
    assert old in content
    broken = tmp_path / "toy.net"
    broken.write_text(content.replace(old, new, 1))
    with pytest.raises(ModelError) as caught:
        read_bngl_net(broken)
    assert message in str(caught.value)


def test_all_problems_of_a_file_come_together(tmp_path):
    broken = tmp_path / "toy.net"
    broken.write_text(TOY.read_text().replace("k_off  #", "k_of  #").replace("0.1\n", "0,1\n"))
    with pytest.raises(ModelError) as caught:
        read_bngl_net(broken)
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "toy.net:23",
        "toy.net:25",
    ]


def test_a_flood_of_problems_is_cut_short(tmp_path):
    broken = tmp_path / "flood.net"
    reactions = "".join(f"{i} 99 0 1\n" for i in range(1, 101))
    broken.write_text(
        f"begin species\n1 A() 1\nend species\nbegin reactions\n{reactions}end reactions\n"
    )
    with pytest.raises(ModelError) as caught:
        read_bngl_net(broken)
    assert caught.value.problems[-1] == "and 80 more problems"
    assert len(caught.value.problems) == 21


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.net", None, "there is no such file"),
        ("empty.net", b"", "there is no section 'species': is this a .net file?"),
        ("binary.net", b"begin\n\xff\xfe", "binary.net:2: not a text file in UTF-8"),
        ("cut.net.gz", gzip.compress(b"begin species")[:-6], "damaged or cut off"),
        ("plain.net.gz", b"begin species", "damaged or cut off"),
    ],
)
def test_files_that_are_no_networks_are_refused_in_one_line(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=r"\A[^\n]*\Z") as caught:
        read_bngl_net(tmp_path / name)
    assert message in str(caught.value)


def test_a_folder_is_not_a_network(tmp_path):
    with pytest.raises(ModelError, match="a file is wanted, this is a folder"):
        read_bngl_net(tmp_path)


def _rows(path):
    with path.open() as lines:
        return np.array(list(csv.reader(lines))[1:], dtype=float)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("name", COUNTS)
def test_shared_networks_have_the_counts_their_readme_states(name):
    network = read_bngl_net(SHARED / name)
    assert COUNTS[name] == (
        network.structure.n_species,
        network.structure.n_reactions,
        len(network.parameters),
        len(network.groups),
        np.count_nonzero(network.rate_constants == 0),
    )


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("name", COUNTS)
def test_groups_at_the_start_equal_the_stored_ones(name):
    network = read_bngl_net(SHARED / name)
    stored = _rows(SHARED / f"{network.name}.groups.csv")[0, 1:]
    assert_allclose(network.group_matrix() @ network.initial_amounts, stored, rtol=1e-12)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "t_end"), [("multistate.net", 20.0), ("multisite2.net", 2.0), ("egfr_net.net", 10.0)]
)
def test_small_networks_reach_the_stored_final_state(name, t_end):
    network = read_bngl_net(SHARED / name)
    tables, k = MassActionTables(network.structure), network.rate_constants
    solution = solve_ivp(
        lambda _, y: tables.rhs(y, k),
        (0.0, t_end),
        network.initial_amounts,
        method="BDF",
        jac=lambda _, y: tables.jacobian(y, k),
        rtol=1e-9,
        atol=1e-9,
    )
    stored = _rows(SHARED / f"{network.name}.final.csv")
    assert_allclose(solution.y[:, -1], stored[:, 1], rtol=1e-6, atol=1e-7)
