"""A lost telephone: the operator takes the second factor away, its owner sets up a new one."""

from allauth.mfa.models import Authenticator

from accounts.models import User


def reset_second_factor(user: User) -> bool:
    """Forget the app and the recovery codes of `user`. False if there was nothing to forget."""
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    return bool(deleted)
