"""The environment variables that the children get: what the operator set, completed for the demo."""

from collections.abc import Mapping


def test_environment(servers: Mapping[str, str]) -> dict[str, str]:
    """What a test run needs besides the addresses of its servers."""
    return {**servers, "PYTHONPATH": "platform"}
