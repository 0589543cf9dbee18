#!/usr/bin/env python
"""Run an administrative command of the platform."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put `platform/` and `base/` (folders, not packages) on the path and hand over to Django.

    A checkout has the workshop, and with it the demo's commands; what is deployed has not.
    """
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root / "platform"), str(root / "base")]
    settings = "workshop.settings" if (root / "workshop").is_dir() else "wirbrauchensie.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
