"""The server for this machine and for a room."""

import subprocess
import sys
from urllib.request import urlopen

import build


def start(*options):
    command = [sys.executable, str(build.ROOT / "build.py"), "--serve", "--port", "0", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def lines_until(process, word):
    lines = []
    while not lines or word not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], "the server ended"
    return lines


def end(process):
    process.terminate()
    process.wait()
    process.stdout.close()


def test_the_local_network_is_served_when_asked_and_told_the_address(site):
    process = start("--lan")
    try:
        *_, last = lines_until(process, "local network:")
        address = last.split()[-1]
        assert not address.startswith("http://127.")
        with urlopen(address) as page:
            assert b"digitnet" in page.read()
        lines_until(process, "no copy for use without a network")
    finally:
        end(process)


def test_only_this_machine_is_served_otherwise(site):
    with build.Server(0, build.Handler) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_lan_without_serve_is_refused():
    run = subprocess.run([sys.executable, str(build.ROOT / "build.py"), "--lan"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "use both" in run.stderr
