"""The pages of an account. Only what is needed has an address: the e-mail address is changed by staff."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path

from accounts.session_views import device_end, devices
from accounts.views import (
    AskForCode,
    ChangePassword,
    NewCodes,
    ProveByCode,
    ProveByPassword,
    SetUpApp,
    View,
    leaving_nothing_behind,
    with_manners,
)


def _page(route: str, view: View, name: str) -> URLPattern:
    return path(route, with_manners(view), name=name)


urlpatterns = [
    _page("login/", account.login, "account_login"),
    _page("logout/", leaving_nothing_behind(account.logout), "account_logout"),
    _page("inactive/", account.account_inactive, "account_inactive"),
    _page("signup/", account.signup, "account_signup"),
    _page("reauthenticate/", ProveByPassword.as_view(), "account_reauthenticate"),
    _page("password/change/", ChangePassword.as_view(), "account_change_password"),
    _page("password/reset/", account.password_reset, "account_reset_password"),
    _page("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    _page(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        with_manners(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("geraete/", devices, name="account_devices"),
    path("geraete/abmelden/", device_end, name="account_device_end"),
    _page("2fa/", factor.index, "mfa_index"),
    _page("2fa/authenticate/", AskForCode.as_view(), "mfa_authenticate"),
    _page("2fa/reauthenticate/", ProveByCode.as_view(), "mfa_reauthenticate"),
    _page("2fa/totp/activate/", SetUpApp.as_view(), "mfa_activate_totp"),
    _page("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("2fa/recovery-codes/generate/", NewCodes.as_view(), "mfa_generate_recovery_codes"),
]
