"""What stands in deploy/ and has to agree with the project."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings

from deploy import trial

ROOT = trial.HERE.parent
UNITS = sorted(trial.HERE.glob("systemd/*.*"))


class TestTimers:
    def test_run_every_command_that_operations_names(self):
        text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
        section = re.search(r"## Timers\n(.*?)\n## ", text, re.DOTALL)[1]
        named = set(re.findall(r"^\| `manage.py (\w+)", section, re.MULTILINE))
        timers = [unit.read_text(encoding="utf-8") for unit in UNITS if unit.suffix == ".timer"]
        run = {
            re.search(r"^Unit=newsroom-command@(\w+)\.service$", text, re.M)[1] for text in timers
        }
        compose = (trial.HERE / "compose.yaml").read_text(encoding="utf-8")
        assert named
        assert named == run
        assert named == set(re.findall(r"manage.py (\w+) \|\| true", compose))


class TestSystemd:
    @pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
    def test_understands_every_unit(self, tmp_path):
        """All it may miss is what is installed on a server."""
        for unit in UNITS:
            shutil.copy(unit, tmp_path)
        for name in ("newsroom.service.d", "newsroom-command@.service.d"):
            (tmp_path / name).mkdir()
            shutil.copy(trial.HERE / "systemd/service.conf", tmp_path / name)
        shutil.copy(
            tmp_path / "newsroom-command@.service", tmp_path / "newsroom-command@sweep.service"
        )
        names = [
            path
            for path in tmp_path.glob("newsroom*.*")
            if path.is_file() and "@." not in path.name
        ]
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True
        ).stderr
        ours = [line for line in said.splitlines() if "newsroom" in line]
        assert not [line for line in ours if "is not executable" not in line], said


class TestContainers:
    def test_are_made_of_files_there_are(self):
        told = yaml.safe_load((trial.HERE / "compose.yaml").read_text(encoding="utf-8"))
        builds = [service["build"] for service in told["services"].values() if "build" in service]
        text = (trial.HERE / "Dockerfile").read_text(encoding="utf-8")
        assert {build["dockerfile"] for build in builds} == {"deploy/Dockerfile"}
        assert {build["target"] for build in builds} == set(
            re.findall(r"^FROM .* AS (\w+)", text, re.M)
        )
        copied = re.findall(r"^COPY (?!--)(\S+) ", text, re.MULTILINE)
        assert copied
        assert not [name for name in copied if not (ROOT / name).exists()]


class TestGunicorn:
    def test_waits_for_answers_as_long_as_nginx_does(self):
        options = runpy.run_path(str(trial.HERE / "gunicorn.conf.py"))
        text = (trial.HERE / "nginx/newsroom.conf").read_text(encoding="utf-8")
        longest = max(map(int, re.findall(r"proxy_read_timeout (\d+)s", text)))
        assert options["graceful_timeout"] == longest
        unit = (trial.HERE / "systemd/newsroom.service").read_text(encoding="utf-8")
        assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > longest


class TestNginx:
    def test_lets_in_what_the_settings_let_in(self):
        text = (trial.HERE / "nginx/newsroom.conf").read_text(encoding="utf-8")
        largest = [int(size) for size in re.findall(r"client_max_body_size (\d+)m", text)]
        for limit in (settings.LARGEST_ATTACHMENT, settings.LARGEST_VIDEO):
            assert limit // 1024**2 + 1 in largest
