"""What is installed elsewhere is whole: the wheel, not the tree, is tested."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("fordel-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel in it, which finds the libraries of this one but not the tree."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # Libraries come after the wheel on the path; .pth files in there (the editable install) are not read.
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    return folder


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    tree = (p for p in (ROOT / "src").rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    missing = {p.relative_to(ROOT / "src").as_posix() for p in tree} - inside
    assert not missing
    assert any(name.endswith("licenses/LICENSE") for name in inside)


def test_it_works_where_the_tree_is_not(elsewhere: Path, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        start = "import sys; import fordel.cli; assert 'site-packages' in fordel.cli.__file__; fordel.cli.app()"
        done = subprocess.run(
            [str(elsewhere / "bin" / "python"), "-c", start, *words],
            cwd=tmp_path,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Plan GP capacity" in run("--help")
    assert "1,600" in run("law", "show", "weighted_citizens_per_capacity", "--on", "2026-02-01")
    run("demo", "make", "--to", "out")
    assert (tmp_path / "out" / "report" / "index.html").is_file()
