"""What a scheduler and a shell's start cost when there is nothing to say, against a bare Python."""

import subprocess
import sys
from pathlib import Path

import pytest

from studykit import places
from studykit.study.planning import days_ahead
from studykit.study.vault import open_vault
from tests.benchmarks.test_bench_due import best, program, vault

__all__ = ["vault"]  # the fixture: 10,000 cards


@pytest.mark.benchmark
def test_remind_with_nothing_to_say_against_bare_python(vault: str) -> None:
    Path(places.current_vault_file()).parent.mkdir(parents=True, exist_ok=True)
    places.remember_vault(vault)
    settings = Path(places.vault_config_file(vault))
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[remind]\nthreshold = 5000\n")  # 1,000 are due: too few
    days_ahead.renewed(open_vault(vault))
    assert subprocess.run([program(), "remind", "--once"], check=False).returncode == 8
    floor = best(sys.executable, "-c", "pass")
    once = best("sh", "-c", f"{program()} remind --once || true") - best("sh", "-c", "true")
    shell = best(program(), "remind", "shell")
    print(
        f"\nremind --once, nothing to say: {once * 1e3:.1f} ms = {once / floor:.2f}x of bare Python"
        f" ({floor * 1e3:.1f} ms); remind shell: {shell * 1e3:.1f} ms (limit 25 ms) = {shell / floor:.2f}x"
    )
