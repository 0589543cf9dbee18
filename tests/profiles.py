"""How hard hypothesis tries; HYPOTHESIS_PROFILE chooses, and `./dev test` without arguments means `ci`.

`ci` and `few` try the same examples every time, so that a run says something about the code, not about luck.
"""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = {"ci": 150, "few": 15, "dev": 50, "deep": 3000}
# A busy machine is no finding; and a fixture whose rows a savepoint takes back may serve all examples.
EVERYWHERE = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def load_profile() -> None:
    """Register all profiles and take the one that is asked for. Raises InvalidArgument for any other name."""
    for name in ("ci", "few"):
        settings.register_profile(
            name, max_examples=EXAMPLES[name], derandomize=True, database=None, **EVERYWHERE
        )
    for name in ("dev", "deep"):
        settings.register_profile(name, max_examples=EXAMPLES[name], derandomize=False, **EVERYWHERE)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def one_in(share: int) -> settings:
    """Fewer examples for a test whose single example is dear: one in `share` of the profile's."""
    return settings(max_examples=max(settings.default.max_examples // share, 5))
