"""How often anybody may do what: every limit of the product, each per subject, in one place.

A hall, a school or a family shares one network address: limits per client are wide, those per mailbox narrow,
and what costs everybody has a brake for all together, which makes acts wait and refuses none. Those of asked
mail count over all forms that mail an address somebody typed, so that no combination of them can flood a
mailbox.
"""

from datetime import timedelta

from foundation.brakes import Brake
from foundation.limits import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ASKED_MAILS_PER_CLIENT = Limit("asked_mail.client", 30, HOUR)  # a whole hall behind one address may join in
ASKED_MAILS_PER_MAILBOX = Limit("asked_mail.mailbox", 2, DAY)
ASKED_MAIL_MAY_WAIT = DAY
ASKED_MAILS = Brake(
    in_all=Limit("asked_mail.all", 2000, HOUR),
    reserve=Limit("asked_mail.reserve", 500, HOUR),
    seen=Limit("asked_mail.seen", 1, DAY),
    patience=DAY,
)

CONFIRMATIONS_PER_MAILBOX = Limit("citizens.steps", 5, DAY)  # steps by mail before what cannot be undone

ADDRESS_CHANGES_PER_MAILBOX = Limit("citizens.address", 3, DAY)  # each tells the old address too

API_CALLS_PER_TOKEN = Limit("api.token", 600, HOUR / 6)
API_READS_PER_CLIENT = Limit("api.client", 600, HOUR / 6)  # one a second, and more for a while

CONTACT_MESSAGES_PER_ADDRESS = Limit("contact.address", 5, DAY)
CONTACT_MESSAGES = Brake(
    in_all=Limit("contact.all", 200, DAY),
    reserve=Limit("contact.reserve", 100, DAY),
    seen=Limit("contact.seen", 1, DAY),
    patience=7 * DAY,
)

# Nobody has us write to addresses they try out.
GUARDIANS_ASKED = Limit("guardian_asked", 5, timedelta(days=30))

MESSAGES_PER_TASK = Limit("task.message", 5, DAY)  # to all of its people at once

NOTICES_PER_ADDRESS = Limit("notice.address", 5, DAY)
NOTICES = Brake(
    in_all=Limit("notice.all", 200, DAY),
    reserve=Limit("notice.reserve", 100, DAY),
    seen=Limit("notice.seen", 1, DAY),
    patience=7 * DAY,
)

# Card testing: few tries per connection and mailbox; when very many come, online gifts wait for their turn.
GIFTS_PER_CLIENT = Limit("gift_client", 20, HOUR)
GIFTS_PER_MAILBOX = Limit("gift_email", 10, DAY)
ONLINE_GIFTS = Brake(
    in_all=Limit("gift_online", 300, HOUR),
    reserve=Limit("gift_online.reserve", 300, HOUR),
    seen=Limit("gift_online.seen", 1, DAY),
    patience=timedelta(minutes=15),
)

RECEIPT_ADDRESSES = Limit("receipt.addresses", 12, DAY)  # each writes a line of history for every gift
MONTHLY_CHANGES = Limit("monthly.changes", 12, DAY)  # each asks Stripe, and some try to collect

FAILURES_ON_RECORD = Limit("audit.failures", 20, HOUR)  # of one account; rows that nobody can delete
INVITATIONS_PER_INVITER = Limit("staff.invitation", 40, DAY)
LOGINS_PER_CLIENT = Limit("login.client", 60, timedelta(minutes=5))
LOGINS_PER_MAILBOX = Limit("login.mailbox", 10, timedelta(minutes=5))

# What django-allauth counts itself, in its own notation: acts / period / per what, "key" is the account.
ACCOUNT_LIMITS = {
    "change_password": "5/m/user",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # codes of the second factor; passwords are counted above
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip",  # the mails are counted above
    "reset_password_from_key": "20/m/ip",
}
