"""Every page of the platform in every state that looks different, as addresses and what is done there."""

from dataclasses import dataclass

from tests.browser.steps import COORDINATOR, SAFEGUARDING_OFFICER, TREASURER, YOUTH_OFFICE
from tests.browser.town import OTHER_STATES, STRANGER

OFFICE = "freigabe@demo.example"
"""Safeguarding at the youth office."""
WHO = "/zeit/zusagen/wer/?fields_wanted=education&times=1-afternoon&hours_per_week=2&max_distance_km=5"
HINDERED = f"{WHO}&wanted=elterncafe&can_reading=no&speaks_tr=no"
DETAILS = "/spenden/angaben/?zweck=kinderfonds&betrag=2500&rhythmus=einmal"


@dataclass(frozen=True)
class State:
    """A page in one state. `address` is a path, or the name of one that the town gives.

    `role` is who is signed in, `sends` that the page's form is sent as it stands, which must be refused.
    """

    name: str
    address: str
    status: int = 200
    role: str = ""
    sends: bool = False

    def path(self, town: dict[str, str]) -> str:
        return self.address if self.address.startswith("/") else town[self.address]


def of_town(name: str, *, status: int = 200, role: str = "", sends: bool = False) -> State:
    return State(f"{name}, sent" if sends else name, name, status, role, sends)


PUBLIC = [
    State("home", "/"),
    State("tasks", "/zeit/"),
    State("tasks, nothing found", "/zeit/?field=health&day=6"),
    of_town("task"),
    of_town("task without a free place"),
    of_town("notice"),
    of_town("notice", status=422, sends=True),
    State("directory", "/hilfe/"),
    State("directory, nothing found", "/hilfe/?age=0-2&topic=sport&district=1"),
    of_town("program"),
    State("program, gone", "/hilfe/gibt-es-nicht/", 404),
    State("provider, gone", "/hilfe/traeger/gibt-es-nicht/", 404),
    State("standing", "/wo-wir-stehen/"),
    State("standing, gifts", "/wo-wir-stehen/?measure=gifts&period=alle"),
    State("contact", "/kontakt/"),
    State("contact, sent", "/kontakt/", 422, sends=True),
    State("imprint", "/impressum/"),
    State("privacy", "/datenschutz/"),
    State("accessibility", "/barrierefreiheit/"),
    State("easy language", "/leichte-sprache/"),
    State("sign in", "/konto/login/"),
    State("sign in, sent", "/konto/login/", 422, sends=True),
    State("password forgotten", "/konto/password/reset/"),
    State("no such page", "/gibt-es-nicht/", 404),
    State("the demo's mails", "/demo/post/"),
    of_town("mail of the demo"),
]

TIME = [
    State("pledge, what", "/zeit/zusagen/"),
    State("pledge, what, sent", "/zeit/zusagen/", 422, sends=True),
    State("pledge, when", "/zeit/zusagen/wann/?fields_wanted=education"),
    State("pledge, when, sent", "/zeit/zusagen/wann/?fields_wanted=education", 422, sends=True),
    State("pledge, when, for a task", "/zeit/lernpatin/zusagen/"),
    State("pledge, about a task", "/zeit/elterncafe/zusagen/"),
    State("pledge, about a task, sent", "/zeit/elterncafe/zusagen/", 422, sends=True),
    State("pledge, who", WHO),
    State("pledge, who, for a task that does not fit", HINDERED),
    State("pledge, who, sent", WHO, 422, sends=True),
    State("pledge, done", "/zeit/zusagen/gesendet/"),
    of_town("pledge to confirm"),
    of_town("pledge confirmed before"),
    State("link to my page", "/meins/"),
    State("link to my page, sent", "/meins/", 422, sends=True),
    State("link to my page, done", "/meins/gesendet/"),
    State("my page, step by mail", "/meins/bestaetigen/"),
    of_town("my page with time and money"),
    of_town("my page, empty"),
    of_town("my page with a placement"),
    of_town("my page, link from before"),
    of_town("my page, expired link", status=410),
    State("my page, wrong link", "/meins/falsch/", 404),
    of_town("my page, settings"),
    of_town("my page, links"),
    of_town("my page, address"),
    of_town("my page, address", status=422, sends=True),
    State("my address, asked", "/meins/adresse/gesendet/"),
    of_town("my address, to confirm"),
    State("my address, moved", "/meins/adresse/umgezogen/"),
    of_town("my address, to stop"),
    State("my address, kept", "/meins/adresse/geblieben/"),
    of_town("my page, data"),
    of_town("my page, erase"),
    of_town("my page, erase from an old link"),
    State("my page, erased", "/meins/geloescht/"),
    of_town("unsubscribe"),
    of_town("my data"),
    of_town("my pledge, aendern"),
    of_town("my pledge, pause"),
    of_town("my pledge, pause", status=422, sends=True),
    of_town("my pledge, zurueckziehen"),
    of_town("my placement, leave"),
    of_town("my placement, leave by mail"),
    of_town("my pledge, abwesend"),
    of_town("my pledge, abwesend", status=422, sends=True),
    of_town("offer"),
    of_town("offer, accepted"),
    of_town("offer, declined"),
    of_town("offer, expired"),
    of_town("letter"),
    of_town("steps"),
    of_town("guardian"),
    of_town("guardian who agreed, by an old link"),
    of_town("guardian, asked by mail"),
    of_town("guardian, by the link of that mail"),
]

MONEY = [
    State("donate", "/spenden/"),
    State("donate, wrong amount", "/spenden/angaben/?zweck=kinderfonds&betrag=own&eigener_betrag=x", 422),
    State("donate, details", DETAILS),
    State("donate, details, sent", DETAILS, 422, sends=True),
    State("donate, details of a monthly gift", DETAILS.replace("einmal", "monatlich")),
    State("donate, called off", f"{DETAILS}&abgebrochen=1"),
    of_town("transfer"),
    of_town("thanks, received"),
    of_town("thanks, payment open"),
    *(of_town(f"thanks, {status}") for status in OTHER_STATES),
    State("funds", "/spendenzwecke/"),
    of_town("fund"),
    State("fund, gone", "/spendenzweck/gibt-es-nicht/", 404),
    of_town("my gifts, end"),
    of_town("my gifts, change"),
    of_town("my gifts, mend"),
    of_town("my gifts, address"),
    State("my gifts, wrong link", "/meine-spenden/falsch/", 404),
]

COORDINATION = [
    State("today", "/koordination/", role=COORDINATOR),
    State("today, nothing to do", "/koordination/", role=TREASURER),
    State("today of the youth office", "/koordination/", role=YOUTH_OFFICE),
    State("without an office", "/koordination/", 403, role=STRANGER),
    State("districts", "/koordination/stadtteile/", role=YOUTH_OFFICE),
    State("providers", "/koordination/traeger/", role=YOUTH_OFFICE),
    State("notices", "/koordination/meldungen/", role=YOUTH_OFFICE),
    State("activities", "/koordination/taetigkeiten/", role=OFFICE),
    of_town("activity", role=OFFICE),
    of_town("activity, next version", role=OFFICE),
    State("activity, new", "/koordination/taetigkeiten/neu/", role=OFFICE),
    State("activity, new, sent", "/koordination/taetigkeiten/neu/", 422, role=OFFICE, sends=True),
    State("declaration", "/koordination/erklaerungen/einverstaendnis/", role=OFFICE),
    of_town("question about an activity", role=OFFICE),
    of_town("words that wait", role=YOUTH_OFFICE),
    State("night watch", "/koordination/nachtwache/", role=YOUTH_OFFICE),
    State("own tasks", "/koordination/angebote/", role=COORDINATOR),
    State("own tasks, nothing found", "/koordination/angebote/?q=xyz", role=COORDINATOR),
    State("own task, new", "/koordination/angebote/neu/", role=COORDINATOR),
    State("own task, new, sent", "/koordination/angebote/neu/", 422, role=COORDINATOR, sends=True),
    of_town("own task", role=COORDINATOR),
    of_town("own task in review", role=SAFEGUARDING_OFFICER),
    of_town("own task, edit", role=COORDINATOR),
    State("offers", "/koordination/anfragen/", role=COORDINATOR),
    State("offers, nothing found", "/koordination/anfragen/?status=withdrawn", role=COORDINATOR),
    State("pledges", "/koordination/zusagen/", role=COORDINATOR),
    State("pledges in the city", "/koordination/zusagen/", role=YOUTH_OFFICE),
    State("placements", "/koordination/einsaetze/", role=COORDINATOR),
    State("placements, nothing found", "/koordination/einsaetze/?status=ended", role=COORDINATOR),
    of_town("placement to confirm", role=COORDINATOR),
    of_town("placement that waits", role=SAFEGUARDING_OFFICER),
    of_town("placement", role=COORDINATOR),
    State("clearances", "/koordination/einsichtnahmen/", role=SAFEGUARDING_OFFICER),
    of_town("clearance", role=SAFEGUARDING_OFFICER),
    of_town("clearance", status=422, role=SAFEGUARDING_OFFICER, sends=True),
    of_town("clearance, nothing to inspect", role=SAFEGUARDING_OFFICER),
    State("gifts", "/koordination/spenden/", role="freigabe@demo.example"),
    State("gifts, nothing found", "/koordination/spenden/", role=TREASURER),
    State("credit, new", "/koordination/spenden/eingang/", role=TREASURER),
    State("credit, new, sent", "/koordination/spenden/eingang/", 422, role=TREASURER, sends=True),
    of_town("credit to assign", role="freigabe@demo.example"),
    of_town("today, a row opened", role="freigabe@demo.example"),
    State("second factor", "/konto/2fa/", role=COORDINATOR),
    State("second factor, new", "/konto/2fa/totp/activate/", role=COORDINATOR),
    State("second factor, new, sent", "/konto/2fa/totp/activate/", 422, role=COORDINATOR, sends=True),
    State("password, new", "/konto/password/change/", role=COORDINATOR),
    State("password, new, sent", "/konto/password/change/", 422, role=COORDINATOR, sends=True),
    State("sign out", "/konto/logout/", role=COORDINATOR),
]

STATES = [*PUBLIC, *TIME, *MONEY, *COORDINATION]
