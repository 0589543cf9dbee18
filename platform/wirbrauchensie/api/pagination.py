from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """Fifty rows unless asked otherwise, and never more than two hundred at once."""

    max_limit = 200
