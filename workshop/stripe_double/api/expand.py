"""``expand[]``: ids along a path become objects, hidden lists appear."""

from typing import Any

from workshop.stripe_double.errors import invalid
from workshop.stripe_double.objects.visibility import ONLY_WHEN_EXPANDED, shown
from workshop.stripe_double.store import Json, Store

MAX_DEPTH = 4
LISTS = {
    ("invoice", "payments"): ("invoice_payment", "$.invoice", "/v1/invoice_payments?invoice={id}"),
    ("charge", "refunds"): ("refund", "$.charge", "/v1/refunds?charge={id}"),
    ("customer", "subscriptions"): ("subscription", "$.customer", "/v1/subscriptions?customer={id}"),
}


def answer(store: Store, body: Json, paths: list[str]) -> Json:
    """Return the object or list page as shown to the caller, with the paths expanded.

    Raises:
        ApiError: a path leads to nothing that can be expanded.
    """
    if body.get("object") == "list":
        visible = {**body, "data": [shown(member) for member in body["data"]]}
    else:
        visible = shown(body)
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH + 1:
            raise invalid(f"You cannot expand more than {MAX_DEPTH} levels.", param="expand")
        _expand(store, visible, steps, path)
    return visible


def _expand(store: Store, node: Any, steps: list[str], path: str) -> None:
    if isinstance(node, list):
        for member in node:
            _expand(store, member, steps, path)
        return
    if node is None or not steps:
        return
    if not isinstance(node, dict):
        raise _cannot(path)
    step, rest = steps[0], steps[1:]
    _reveal(store, node, step)
    if step not in node:
        raise _cannot(path)
    value = node[step]
    if isinstance(value, str):
        found = store.find(value)
        if found is None:
            raise _cannot(path)
        node[step] = shown(found)
    elif not rest and not isinstance(value, dict | None):
        raise _cannot(path)
    _expand(store, node[step], rest, path)


def _reveal(store: Store, node: Json, step: str) -> None:
    """Put a list that is hidden until asked for into the object."""
    if step in node:
        return
    if step == ONLY_WHEN_EXPANDED and node.get("object") == "checkout.session":
        stored = store.find(node["id"]) or {}
        node[step] = stored[step]
    elif (node.get("object", ""), step) in LISTS:
        kind, owner, url = LISTS[(node["object"], step)]
        members = store.select(kind, equal={owner: node["id"]})
        node[step] = {
            "object": "list",
            "data": [shown(member) for member in members],
            "has_more": False,
            "url": url.format(id=node["id"]),
        }


def _cannot(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")
