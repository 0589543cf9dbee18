"""What can go wrong between us and the payment service."""


class PaymentServiceError(Exception):
    """The payment service did not do what was asked."""


class Unreachable(PaymentServiceError):
    """No answer, or a failure on the other side: the same call may be made again later."""


class Refused(PaymentServiceError):
    """It answered that this cannot be done: asking again the same way is no use."""


class KeyRefused(Refused):
    """It does not know our key any more: nothing works until the operator has set another one."""


class NotGenuine(Exception):
    """A message that claims to come from the payment service and does not."""


class NotOurs(Exception):
    """A genuine message about an account that is none of ours: nothing is to be done."""


class ForeignCurrency(Refused):
    """A payment in another currency than euro: nothing of it can be booked, however often it is read."""
