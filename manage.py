#!/usr/bin/env python
"""Run an administrative command of the platform."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put `platform/` on the path (it is a folder, not a package) and hand over to Django."""
    sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wirbrauchensie.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
