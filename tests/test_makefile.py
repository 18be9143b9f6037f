"""The messages of `make` when something is missing, in a folder with nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHEBANG = "#!/bin/sh\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "requirements-dev.lock", "manage.py"):
        (tmp_path / name).touch()
    return tmp_path


def program(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHEBANG + "\n".join(lines) + "\n")
    path.chmod(0o755)
    return path


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("is_there", [False, True], ids=["no Python", "an old one"])
def test_it_says_which_python_it_needs(folder: Path, is_there: bool) -> None:
    python = program(folder / "python3.9", "exit 1") if is_there else folder / "nowhere"
    done = make(folder, "run", f"PYTHON={python}")
    assert done.returncode != 0
    assert "Chatsite needs Python 3.11 or newer. Point to it: make PYTHON=" in done.stdout


def test_an_environment_that_was_not_finished_is_made_again(folder: Path) -> None:
    """Debian's Python without python3-venv fails like this program and leaves .venv without pip."""
    lines = ['test "$2" = venv || exit 0', "mkdir -p .venv/bin", "exit 1"]
    python = program(folder / "python", *lines)
    for _ in range(2):
        done = make(folder, "run", f"PYTHON={python}")
        assert done.returncode != 0
        assert "the package python3-venv" in done.stdout


def test_without_a_network_it_says_so_and_tries_again(folder: Path) -> None:
    program(folder / ".venv/bin/pip", "echo no network >&2", "exit 1")
    for target in ("run", "test", "run"):
        done = make(folder, target)
        assert done.returncode != 0
        assert "With a working network, run make again." in done.stdout
        assert "no network" in done.stderr


def test_a_new_lock_is_installed_also_where_the_tests_have_run(folder: Path) -> None:
    program(folder / ".venv/bin/pip", 'echo "pip $*"')
    program(folder / ".venv/bin/python", "true")
    assert "requirements-dev.lock" in make(folder, ".make/development").stdout
    assert "pip" not in make(folder, ".make/runtime").stdout
    stamp = (folder / ".make/runtime").stat().st_mtime
    os.utime(folder / "requirements.lock", (stamp + 10, stamp + 10))
    assert "-r requirements.lock" in make(folder, ".make/runtime").stdout


@pytest.mark.parametrize(("require_all", "code"), [("0", 0), ("1", 2)])
def test_without_npm_the_styles_are_not_checked(folder: Path, require_all: str, code: int) -> None:
    programs = folder / "bin"
    programs.mkdir()
    (programs / "sh").symlink_to("/bin/sh")
    environment = {"PATH": str(programs), "CHATSITE_TESTS_REQUIRE_ALL": require_all}
    done = make(folder, "styles", **environment)
    assert done.stdout == "Styles and scripts: skipped, because npm is not installed\n"
    assert done.returncode == code


def test_with_npm_the_pinned_version_of_biome_is_installed_once(folder: Path) -> None:
    biome = folder / ".make/node/node_modules/.bin/biome"
    npm = ['echo "npm $*"', f"mkdir -p {biome.parent}", f"cp biome {biome}"]
    program(folder / "bin/npm", *npm)
    program(folder / "biome", 'echo "biome $*"')
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    first, second = (make(folder, "styles", PATH=path) for _ in range(2))
    assert re.search(r"npm install .* @biomejs/biome@\d+\.\d+\.\d+\n", first.stdout)
    for done in (first, second):
        assert done.stdout.endswith("Styles and scripts\nbiome check --error-on-warnings\n")
    assert "npm" not in second.stdout
