"""Who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class SignedIn(AuthenticationBackend):
    """Signs in as allauth does; finds a person again with the hash that their session is signed with."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("password_hash").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
