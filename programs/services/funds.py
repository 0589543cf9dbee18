"""Texts of Spendenzwecke have versions: a gift remembers which one the giver read."""

from collections.abc import Mapping

from django.db.models import F

from programs.models import Fund

TEXTS = ("name", "purpose", "fallback_purpose")


def texts_by_id() -> dict[int, tuple[str, ...]]:
    """Return the texts of every Spendenzweck, to compare after a change."""
    return {pk: tuple(texts) for pk, *texts in Fund.objects.values_list("pk", *TEXTS)}


def count_versions(before: Mapping[int, tuple[str, ...]]) -> None:
    """Give each Spendenzweck whose texts are no longer those of `before` a new version of its texts."""
    changed = [pk for pk, texts in texts_by_id().items() if before.get(pk, texts) != texts]
    count_version(*changed)


def count_version(*pks: int) -> None:
    """Give these Spendenzwecke a new version of their texts."""
    Fund.objects.filter(pk__in=pks).update(text_version=F("text_version") + 1)
