"""Memory that photographs took goes back."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import re
from threading import Thread
from newsroom.memory import return_large_blocks

assert return_large_blocks()

def resident():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\\s+(\\d+)", status.read())[1]) // 1024

def decode():
    held = []
    for _picture in range(6):
        held.append(bytearray(16_000_000))
        small.append(bytearray(2_000))
    held.clear()

small, before = [], resident()
for _upload in range(4):
    thread = Thread(target=decode)
    thread.start()
    thread.join()
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries differ")
def test_large_blocks_go_back_at_once():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert int(done.stdout) < 16, done.stderr


def test_the_server_asks_for_it(monkeypatch):
    from importlib import reload

    from newsroom import memory, wsgi

    asked = []
    monkeypatch.setattr(memory, "return_large_blocks", lambda: asked.append(True))
    reload(wsgi)
    assert asked
