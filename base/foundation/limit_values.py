"""How often anybody may do what: every limit of the product, each per subject, in one place.

A hall, a school or a family shares one network address: limits per client are wide, those per mailbox narrow,
and what costs everybody has a brake for all together. Those of asked mail count over all forms that mail an
address somebody typed, so that no combination of them can flood a mailbox.
"""

from datetime import timedelta

from foundation.limits import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ASKED_MAILS_PER_CLIENT = Limit("asked_mail.client", 30, HOUR)  # a whole hall behind one address may join in
ASKED_MAILS_PER_MAILBOX = Limit("asked_mail.mailbox", 2, DAY)
ASKED_MAILS_IN_ALL = Limit("asked_mail.all", 2000, HOUR)

CONTACT_MESSAGES_PER_ADDRESS = Limit("contact.address", 5, DAY)  # network address or mailbox
CONTACT_MESSAGES_IN_ALL = Limit("contact.all", 200, DAY)

# Card testing: few tries per connection and mailbox; transfers stay open when the brake for all is on.
GIFTS_PER_CLIENT = Limit("gift_client", 20, HOUR)
GIFTS_PER_MAILBOX = Limit("gift_email", 10, DAY)
ONLINE_GIFTS_IN_ALL = Limit("gift_online", 300, HOUR)

LOGINS_PER_CLIENT = Limit("login.client", 60, timedelta(minutes=5))
LOGINS_PER_MAILBOX = Limit("login.mailbox", 10, timedelta(minutes=5))
