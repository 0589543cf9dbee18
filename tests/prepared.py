"""What every worker needs and nobody should make twice: the migrated database, the matcher's compiled loops.

`python -m tests.prepared` makes both before the first test asks for them.
"""

import django
from django.db import connection

from benchmarks.matcher.instances import instance
from tests.database import be_patient, template
from volunteers.matching import solve


def main() -> None:
    django.setup()
    be_patient(connection.settings_dict)
    template(connection.settings_dict)
    solve(instance(60, 20, 1, 1), seed=1)


if __name__ == "__main__":
    main()
