from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation of staff; nobody signs up, citizens act by signed link."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
