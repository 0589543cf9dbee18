"""The operator's page: the newest sessions and events, and whether the webhooks arrived. Read-only."""

from collections.abc import Sequence

from workshop.stripe_double import deliveries
from workshop.stripe_double.answers import Answer
from workshop.stripe_double.double import Double
from workshop.stripe_double.store import Json, Store
from workshop.stripe_double.web.formats import clock_time, euros, rhythm
from workshop.stripe_double.web.render import Markup, fill, joined, page

SESSIONS_SHOWN = 50
EVENTS_SHOWN = 100
STATES = {
    ("open", "unpaid"): "offen",
    ("expired", "unpaid"): "abgelaufen",
    ("complete", "unpaid"): "Lastschrift unterwegs oder geplatzt",
    ("complete", "paid"): "bezahlt",
    ("open", "no_payment_required"): "offen",
    ("expired", "no_payment_required"): "abgelaufen",
    ("complete", "no_payment_required"): "Zahlungsweg hinterlegt",
}


def show(doubles: Sequence[Double]) -> Answer:
    sessions = _newest(doubles, "checkout.session", SESSIONS_SHOWN)
    events = _newest(doubles, "event", EVENTS_SHOWN)
    main = fill(
        "operator",
        webhook_url=", ".join(each.config.webhook_url for each in doubles),
        state="angehalten" if any(deliveries.is_paused(each.store) for each in doubles) else "laufend",
        sessions=joined([_session_row(session) for _store, session in sessions])
        or fill("operator_none", columns="6"),
        events=joined([_event_row(store, event) for store, event in events])
        or fill("operator_none", columns="4"),
    )
    return page("Stripe-Testdoppel", main)


def _newest(doubles: Sequence[Double], kind: str, limit: int) -> list[tuple[Store, Json]]:
    """Return the newest objects of all accounts, each with where it is kept."""
    found = [(each.store, body) for each in doubles for body in each.store.select(kind, limit=limit)]
    return sorted(found, key=lambda one: -int(one[1]["created"]))[:limit]


def _session_row(session: Json) -> Markup:
    lines = session["line_items"]["data"]
    link = Markup()
    if session["status"] == "open":
        link = fill("operator_link", session=session["id"])
    return fill(
        "operator_session",
        at=clock_time(session["created"]),
        amount=euros(session["amount_total"] or 0),
        purpose=", ".join(line["description"] for line in lines),
        rhythm=rhythm(lines[0]["price"]["recurring"]) if lines else "Zahlungsweg",
        state=STATES[(session["status"], session["payment_status"])],
        session=f"…{session['id'][-8:]}",
        link=link,
    )


def _event_row(store: Store, event: Json) -> Markup:
    tried = deliveries.attempts(store, event["id"])
    if deliveries.pending(store, event["id"]) == 0:
        state = "angenommen"
    elif tried:
        state = f"{len(tried)} × versucht, zuletzt: {tried[0]['status'] or 'keine Antwort'}"
    else:
        state = "wartet"
    return fill(
        "operator_event",
        at=clock_time(event["created"]),
        type=event["type"],
        object=str(event["data"]["object"]["id"])[:24],
        state=state,
    )
