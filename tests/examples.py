"""How many examples a property is tried on: more or fewer than usual, in proportion to the profile that is loaded."""

from hypothesis import settings

IN_THE_SUITE = 50
"""Of a property that says nothing of it, under `make test`."""


def scaled(number: int) -> int:
    """As many of `number` as the profile has of what the suite has: a fifth under `make quick`."""
    return max(1, number * settings().max_examples // IN_THE_SUITE)


def examples(number: int) -> settings:
    """`number` examples in the suite, and in proportion elsewhere."""
    return settings(max_examples=scaled(number))
