"""The browser of the browser tests, from the distribution."""

import os
import shutil
import subprocess

from workshop.runner.console import Refusal, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "Browser tests skipped: no Chromium; on Debian: apt-get install chromium."


def find_chromium() -> str | None:
    """The path of a browser that starts; CHROMIUM names one outside the usual places."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        path = shutil.which(name) if name else None
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def ensure_chromium(is_ci: bool) -> str | None:
    """Find it or, as root on a Debian, install it. Raises Refusal when it is missing in CI."""
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install_chromium()
        found = find_chromium()
    if found is None and is_ci:
        raise Refusal("There is no Chromium, and CI must not skip the browser tests.")
    if found is None:
        say(MISSING)
    return found


def install_chromium() -> None:
    say("Installing Chromium from the distribution …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
    ):
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            say(f"apt-get could not: {result.stderr.strip().splitlines()[-1:] or result.returncode}")
