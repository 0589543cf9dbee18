"""The catalogue of mails to staff about their account."""

from outbox.domain.catalogue import Mail

INVITATION = Mail("account_invitation", "account.invitation:*")
OF_ALLAUTH = {
    name: Mail(f"account_{name}", f"account.{name}:*")
    for name in (
        "password_changed",
        "password_reset",
        "password_reset_key",
        "recovery_codes_generated",
        "totp_activated",
        "totp_deactivated",
        "unknown_account",
    )
}
