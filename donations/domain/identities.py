"""What things at Stripe are called here: each body has its own account there, and an identity names it.

`pi_1` is a payment at the account "default", `verein/pi_1` another one at the account "verein". Whatever a
row is called, what is asked about it later is asked at the account where it was made.
"""

DEFAULT = "default"
LONGEST_ACCOUNT, LONGEST_NAME = 19, 100


def identity(account: str, name: str) -> str:
    """Return what is called `name` at `account`; nothing stays nothing."""
    return name if account == DEFAULT or not name else f"{account}/{name}"


def account_of(identity: str) -> str:
    """Return the account that an identity, or the key of a booking, is of."""
    before, slash, _name = identity.rpartition(":")[2].partition("/")
    return before if slash else DEFAULT


def name_of(identity: str) -> str:
    """Return what Stripe itself calls it."""
    return identity.rpartition("/")[2]


def taken_again(dispute: str, times: int) -> str:
    """Return what a dispute is called when its money was taken once more, `times` after the first."""
    return f"{dispute}.{times + 1}" if times else dispute


def further_part(identity: str, part: str) -> str:
    """Return the identity of what came later of the same thing, as a fee of a dispute."""
    return f"{identity}+{part}"


def whole_of(identity: str) -> str:
    """Return what Stripe calls the whole of which an identity is a part or one of several times."""
    return identity.partition("+")[0].partition(".")[0]
