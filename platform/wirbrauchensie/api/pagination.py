from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

FARTHEST = 1_000_000_000


class Pages(LimitOffsetPagination):
    """Fifty rows unless asked otherwise, and never more than two hundred at once."""

    max_limit = 200


class ExactPages(Pages):
    """The same, for whom it says no to what makes no sense instead of guessing what was meant."""

    bounds = {"limit": (1, Pages.max_limit), "offset": (0, FARTHEST)}

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        wrong = {
            name: [f"From {least} to {most}."]
            for name, (least, most) in self.bounds.items()
            if not _is_between(request.query_params.get(name, str(most)), least, most)
        }
        if wrong:
            raise ValidationError(wrong)
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        told = super().get_schema_operation_parameters(view)
        for each in told:
            each["schema"]["minimum"], each["schema"]["maximum"] = self.bounds[each["name"]]
        return told


def _is_between(text: str, least: int, most: int) -> bool:
    """Tell whether `text` is a whole number in ASCII digits, no longer than the longest allowed."""
    return (
        text.isascii() and text.isdecimal() and len(text) <= len(str(FARTHEST)) and least <= int(text) <= most
    )
