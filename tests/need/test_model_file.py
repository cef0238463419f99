"""Model files: read as a whole, faults told as a whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from fordel.need import Design, NeedError, default_model, read_model
from fordel.need.design import Balance, Equality
from fordel.need.model_file import as_file, design_of

GOOD = """
name = "tiny"
title = "Tiny"
dansk = "Lille"
outcome = "contacts"
unit = "contacts / year"
source = "a test"
[covariates.age]
dansk = "alder"
column = "age"
breaks = [2, 5, 6]
source = "a test"
"""


def told(text: str, folder: Path) -> str:
    (folder / "model.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NeedError) as fault:
        read_model(folder / "model.toml")
    return str(fault.value)


def test_bands_are_named_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text(GOOD)
    levels = read_model(tmp_path / "model.toml").covariate("age").levels
    assert [level.name for level in levels] == ["0-1", "2-4", "5", "6+"]


def test_every_fault_is_told(tmp_path: Path) -> None:
    text = GOOD.replace('unit = "contacts / year"\n', 'familly = "nb2"\nfamily = "normal"\n').replace("2, 5, 6", "5, 2")
    text += 'reference = "9"\n[covariates.sex]\n'
    text += 'levels = [{ code = 1, name = "m", dansk = "m" }, { code = 1, name = "f", dansk = "k" }]\n'
    text += "[[balances]]\ncovariate = 'income'\nlevel = 'low'\n"
    found = told(text, tmp_path)
    for part in (
        "unit: missing",
        "familly is not known",
        "family is 'normal'; it must be one of poisson, nb2",
        "covariates.age: breaks must rise",
        "covariates.age: reference '9' is no level",
        "covariates.sex: column is missing",
        "covariates.sex: two levels have the code 1",
        "balances: 'income' is no covariate",
    ):
        assert part in found, part


def test_a_file_that_is_no_toml_or_not_there(tmp_path: Path) -> None:
    assert "cannot be read" in told("name = ", tmp_path)
    with pytest.raises(NeedError, match="cannot be read"):
        read_model(tmp_path / "none.toml")


def test_every_covariate_has_a_source_and_a_danish_name(model: Design) -> None:
    assert all(c.source and c.dansk for c in model.covariates)
    assert {c.name for c in model.covariates if c.supply} == {"distance_km", "reach", "practice_open"}


def test_a_design_comes_back_from_its_file(model: Design) -> None:
    design = replace(
        model,
        interactions=(("age", "sex"),),
        balances=(Balance("origin", "western"),),
        equalities=(Equality((("copd[yes]", 1.0), ("asthma[yes]", -1.0)), 0.0),),
    )
    assert design_of(as_file(design)) == design
    assert design_of(as_file(default_model())) == default_model()


def test_without_takes_all_that_names_it(model: Design) -> None:
    design = replace(model, interactions=(("age", "sex"),), balances=(Balance("sex", "male"),)).without("sex")
    assert not design.interactions
    assert not design.balances
    with pytest.raises(NeedError, match="no covariate 'gender'"):
        model.without("gender")
