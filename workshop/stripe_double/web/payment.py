"""The hosted payment page and what its buttons do."""

from dataclasses import dataclass

from workshop.stripe_double.answers import Answer, Request, redirect
from workshop.stripe_double.double import Double
from workshop.stripe_double.flows import checkout
from workshop.stripe_double.forms import Form
from workshop.stripe_double.objects.payment_method import Payer
from workshop.stripe_double.params import EMAIL
from workshop.stripe_double.store import Json
from workshop.stripe_double.web.formats import METHOD_NAMES, euros, rhythm
from workshop.stripe_double.web.render import Markup, fill, joined, page

TITLE = "Testzahlung – es fließt kein Geld"


@dataclass(frozen=True)
class Problem:
    """What the page says on top after an error, with a link to the place where it can be mended."""

    heading: str
    text: str
    field: str
    link: str


DECLINED = Problem(
    "Die Testzahlung ist fehlgeschlagen",
    "So sähe es aus, wenn die Bank ablehnt. Sie können es noch einmal versuchen oder abbrechen.",
    "pay",
    "Zu den Knöpfen",
)
NO_METHOD = Problem(
    "Bitte wählen Sie, womit Sie zahlen",
    "Ohne diese Angabe kann die Zahlung nicht nachgestellt werden.",
    "methods",
    "Zur Auswahl",
)
NO_EMAIL = Problem(
    "Bitte prüfen Sie die E-Mail-Adresse",
    "Sie braucht ein @ und eine Endung, etwa name@example.org.",
    "email",
    "Zur E-Mail-Adresse",
)


@dataclass(frozen=True)
class Typed:
    """What the payer entered, given back after an error."""

    method: str = ""
    email: str = ""
    name: str = ""


def show(double: Double, session_id: str) -> Answer:
    session = double.store.find(session_id, "checkout.session")
    if session is None:
        return unknown()
    if session["status"] == "open":
        return _form(double, session, Typed())
    return _closed(session)


def press(double: Double, request: Request, session_id: str) -> Answer:
    """Do what the pressed button says; a session that is closed already leads where it ended."""
    form = request.form()
    typed = Typed(_text(form, "method"), _text(form, "email"), _text(form, "name")[:100])
    action = _text(form, "action")
    with double.act() as context:
        session = context.store.find(session_id, "checkout.session")
        if session is None:
            return unknown()
        if session["status"] == "expired":
            return _closed(session)
        if action == "cancel" and session["cancel_url"] and session["status"] == "open":
            return redirect(session["cancel_url"])
        problem = _problem(session, typed, action) if session["status"] == "open" else None
        if problem is not None:
            return _form(double, session, typed, problem)
        payer = Payer(session["customer_email"] or typed.email or None, typed.name or None)
        if not checkout.pay(context, session, typed.method, payer, succeeds=action == "pay"):
            return _form(double, session, typed, DECLINED)
        return redirect(success_address(session))


def _problem(session: Json, typed: Typed, action: str) -> Problem | None:
    if typed.method not in session["payment_method_types"] or action not in ("pay", "fail"):
        return NO_METHOD
    if _asks_email(session) and not (EMAIL.match(typed.email) and len(typed.email) <= 254):
        return NO_EMAIL
    return None


def _asks_email(session: Json) -> bool:
    return not session["customer_email"] and not session["customer"]


def _text(form: Form, key: str) -> str:
    """Return what was typed, without line breaks and control characters."""
    value = form.get(key, "")
    return "".join(filter(str.isprintable, value)).strip() if isinstance(value, str) else ""


def success_address(session: Json) -> str:
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def unknown() -> Answer:
    text = "Prüfen Sie die Adresse, oder beginnen Sie auf der Spendenseite von vorn."
    return page(
        TITLE, fill("notice", heading="Diese Seite gibt es nicht", text=text, link=Markup()), status=404
    )


def _closed(session: Json) -> Answer:
    if session["status"] == "complete":
        heading, text = "Diese Testzahlung ist abgeschlossen", "Es ist kein Geld geflossen."
        address = success_address(session)
    else:
        heading, text = (
            "Diese Testzahlung ist abgelaufen",
            "Es ist kein Geld geflossen. Beginnen Sie bitte neu.",
        )
        address = session["cancel_url"] or ""
    link = fill("link", address=address, text="Zurück zur Spendenseite") if address else Markup()
    return page(TITLE, fill("notice", heading=heading, text=text, link=link))


def _form(double: Double, session: Json, typed: Typed, problem: Problem | None = None) -> Answer:
    lines = session["line_items"]["data"]
    methods: list[str] = session["payment_method_types"]
    chosen = typed.method or (methods[0] if len(methods) == 1 else "")
    email = Markup()
    if _asks_email(session):
        wrong = Markup('aria-invalid="true" aria-describedby="error"') if problem == NO_EMAIL else Markup()
        email = fill("pay_email", email=typed.email, invalid=wrong)
    main = fill(
        "pay",
        error=fill("pay_error", **vars(problem)) if problem else Markup(),
        amount=euros(session["amount_total"] or 0),
        rhythm=rhythm(lines[0]["price"]["recurring"]) if lines else "Zahlungsweg hinterlegen, ohne Zahlung",
        purpose=", ".join([line["description"] for line in lines] + session["_descriptions"]),
        session=session["id"],
        methods=joined([_method(double, method, chosen) for method in methods]),
        email=email,
        name=typed.name,
        cancel=fill("pay_cancel") if session["cancel_url"] else Markup(),
    )
    title = f"Fehler: {TITLE}" if problem else TITLE
    leads_to = (session["success_url"], session["cancel_url"])
    return page(title, main, status=422 if problem else 200, leads_to=leads_to)


def _method(double: Double, method: str, chosen: str) -> Markup:
    hint = Markup()
    if method == "sepa_debit":
        hint = fill("pay_sepa_hint", seconds=f"{double.config.sepa_delay_seconds:g}")
    checked = Markup("checked") if method == chosen else Markup()
    return fill("pay_method", method=method, label=METHOD_NAMES[method], checked=checked, hint=hint)
