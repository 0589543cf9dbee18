"""The catalogue of mails about notices, to who reported something and who is stopped, and of invitations."""

from outbox.domain.catalogue import Mail

NOTICE_RECEIVED = Mail("notice_received", "notice.received:*")
NOTICE_DECIDED = Mail("notice_decided", "notice.decided:*")
NOTICE_REASONS = Mail("notice_reasons", "notice.reasons:*")
PROVIDER_STOPPED = Mail("provider_stopped", "provider.stopped:*")
STAFF_INVITATION = Mail("staff_invitation", "staff.invitation:*")
