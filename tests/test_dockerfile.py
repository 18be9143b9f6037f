"""The steps of the Dockerfile, run in folders in place of its stages, without a container engine.

Two steps are not run: the download of the packages, for which this environment's stand in, and
``useradd``, which needs root.
"""

from __future__ import annotations

import os
import shutil
import signal
import site
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import wait_for
from tests.dockerfiles import Step, environment, is_sent, stages
from tests.live import ROOT, WITHOUT_OVERRIDE, free_port

BUILD, FINAL = stages((ROOT / "Dockerfile").read_text())
PLACES = ("/app", "/opt/venv", "/data", "/tmp/build")
SYSTEM_PATH = "/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Image:
    """The folders that stand for the root folders of both stages."""

    root: Path

    def inside(self, text: str, stage: str) -> str:
        """Return ``text`` with the paths of the image replaced by those of the stage's folder."""
        for place in PLACES:
            text = text.replace(place, f"{self.root}/{stage}{place}")
        return text

    def path(self, place: str, stage: str = "final") -> Path:
        return Path(self.inside(place, stage))

    def run(self, step: Step) -> None:
        command = [self.inside(word, "build") for word in step.command]
        variables = {"PATH": f"{self.root}/bin:{SYSTEM_PATH}"}
        subprocess.run(command, cwd=self.path("/app", "build"), env=variables, check=True)

    def start(self, step: Step, port: int) -> subprocess.Popen[str]:
        """Start a command as an engine does: in the image's environment, without root's rights."""
        variables = {
            name: self.inside(value, "final")
            for name, value in environment(FINAL, SYSTEM_PATH).items()
        }
        prefix = [] if os.geteuid() else WITHOUT_OVERRIDE
        return subprocess.Popen(
            [*prefix, *step.command],
            cwd=self.path("/app"),
            env={**variables, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def only(steps: list[Step], word: str) -> Step:
    (step,) = [step for step in steps if step.word == word]
    return step


def context() -> list[Path]:
    """Yield the files of the build context."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    top = [path for path in ROOT.iterdir() if is_sent(path.relative_to(ROOT), patterns)]
    found = [file for path in top for file in ([path] if path.is_file() else path.rglob("*"))]
    return [file for file in found if file.is_file() and is_sent(file.relative_to(ROOT), patterns)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    image = Image(tmp_path_factory.mktemp("image"))
    (image.root / "bin").mkdir()
    python = image.root / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys._base_executable} "$@"\n')  # type: ignore[attr-defined]
    python.chmod(0o755)
    image.path("/app", "build").mkdir(parents=True)
    for step in BUILD:
        if step.word == "COPY":
            _copy(image, step)
        elif step.word == "RUN" and "pip install" in step.rest:
            _lend_packages(image)
        elif step.word == "RUN":
            image.run(step)
    for step in FINAL:
        if step.word == "COPY":
            stage, source, target = step.rest.split()
            assert stage == "--from=build"
            shutil.copytree(image.path(source, "build"), image.path(target), symlinks=True)
    image.path("/data").mkdir()
    _close(image.root / "final", read_only=True)
    image.path("/data").chmod(0o700)
    yield image
    _close(image.root / "final", read_only=False)


def _copy(image: Image, step: Step) -> None:
    *sources, _ = step.rest.split()
    for file in context():
        name = file.relative_to(ROOT)
        if sources == ["."] or str(name) in sources:
            target = image.path("/app", "build") / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _lend_packages(image: Image) -> None:
    (packages,) = image.path("/opt/venv", "build").glob("lib/python3*/site-packages")
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()))


def _close(folder: Path, *, read_only: bool) -> None:
    """Add or remove the owner's right to write."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o555 if read_only else 0o755)


def test_the_packages_are_those_of_the_lock() -> None:
    (install,) = [step for step in BUILD if "pip install" in step.rest]
    assert "--require-hashes -r requirements.lock" in install.rest
    names = [step.rest.split()[0] for stage in (BUILD, FINAL) for step in stage[:1]]
    assert (
        names == ["python:3.11-slim-bookworm"] * 2
    )  # without a host, the engine's default registry


def test_it_does_not_run_as_root() -> None:
    user = only(FINAL, "USER").rest
    assert int(user) > 0
    (made,) = [step.rest for step in FINAL if step.word == "RUN"]
    assert f"useradd --uid {user} " in made
    assert "--mode 700 /data" in made
    words = [step.word for step in FINAL]
    assert words.index("USER") < words.index("CMD")
    assert only(FINAL, "STOPSIGNAL").rest == "SIGTERM"
    assert only(FINAL, "VOLUME").rest == environment(FINAL, "")["DATA_DIR"]


def test_what_the_context_leaves_out() -> None:
    tops = {file.relative_to(ROOT).parts[0] for file in context()}
    assert tops == {
        "manage.py", "requirements.lock", "chatsite", "conversations", "locale", "static",
        "templates",
    }  # fmt: skip
    assert not [file for file in context() if file.suffix in {".pyc", ".mo"}]


def test_it_starts_serves_and_stops(image: Image) -> None:
    port = free_port()
    before = written_outside(image)
    server = image.start(only(FINAL, "CMD"), port)
    try:
        wait_for(lambda: server.poll() is not None or is_healthy(image, port), timeout=120)
        assert server.poll() is None, server.communicate()[0]
        assert b"200 OK" in fetch(port, "/setup/")
        assert "简体中文".encode() in fetch(port, "/setup/")
        assert b"immutable" in fetch(port, style_sheet(fetch(port, "/setup/")))
    finally:
        server.send_signal(signal.SIGTERM)
    output, _ = server.communicate(timeout=60)
    assert server.returncode == 0, output
    assert "Chatsite has stopped." in output
    assert not is_healthy(image, port)
    assert written_outside(image) == before
    assert image.path("/data/chatsite.sqlite3").exists()


def is_healthy(image: Image, port: int) -> bool:
    probe = image.start(only(FINAL, "HEALTHCHECK"), port)
    probe.communicate()
    return probe.returncode == 0


def fetch(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return b"".join(iter(lambda: raw.recv(65536), b""))


def style_sheet(page: bytes) -> str:
    return page.split(b'rel="stylesheet" href="')[1].split(b'"')[0].decode()


def written_outside(image: Image) -> set[tuple[Path, int]]:
    """Return each file outside of the volume with its time of change."""
    final = image.root / "final"
    files = (path for path in final.rglob("*") if not path.is_relative_to(image.path("/data")))
    return {(path, path.lstat().st_mtime_ns) for path in files}
