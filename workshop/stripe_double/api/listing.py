"""Lists: newest first, filters, and Stripe's paging by id."""

from collections.abc import Sequence

from workshop.stripe_double.context import NOUNS, Context
from workshop.stripe_double.errors import invalid, no_such
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import RANGE_SIGNS, Condition, Json

PAGING = ("limit", "starting_after", "ending_before", "created", "expand")
DEFAULT_LIMIT = 10
MAX_LIMIT = 100


def created_range(params: Params) -> dict[str, int]:
    """Read ``created`` as an exact second or as gt|gte|lt|lte."""
    if isinstance(params.form.get("created"), str):
        exact = params.integer("created") or 0
        return {"gte": exact, "lte": exact}
    group = params.group("created")
    if group is None:
        return {}
    group.allow(*RANGE_SIGNS)
    return {sign: second for sign in RANGE_SIGNS if (second := group.integer(sign)) is not None}


def page(
    context: Context,
    params: Params,
    *,
    kind: str,
    url: str,
    equal: dict[str, str],
    conditions: Sequence[Condition] = (),
) -> Json:
    """Return one page of objects of a kind; ``equal`` maps JSON paths to the texts they must have."""
    limit = params.integer("limit", minimum=1, maximum=MAX_LIMIT) or DEFAULT_LIMIT
    before = _position(context, params, "starting_after", kind)
    after = _position(context, params, "ending_before", kind)
    if before is not None and after is not None:
        raise invalid("You may only pass one of starting_after, ending_before.", param="starting_after")
    found = context.store.select(
        kind,
        equal=equal,
        created=created_range(params),
        before=before,
        after=after,
        limit=limit + 1,
        conditions=conditions,
    )
    has_more = len(found) > limit
    members = found[1:] if has_more and after is not None else found[:limit]
    return {"object": "list", "data": members, "has_more": has_more, "url": url}


def _position(context: Context, params: Params, key: str, kind: str) -> int | None:
    object_id = params.text(key)
    if object_id is None:
        return None
    position = context.store.position(object_id, kind)
    if position is None:
        raise no_such(NOUNS[kind], object_id, param=key, status=400)
    return position
