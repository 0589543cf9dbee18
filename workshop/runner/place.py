"""The folders of this checkout that the runner writes to; git ignores all of them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
RUN = ROOT / ".run"
DEVELOPMENT = RUN / "dev"
TESTS = RUN / "test"
