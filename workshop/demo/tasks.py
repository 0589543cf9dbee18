"""Invented tasks of the demo: what might be needed, never what is. Each says so itself."""

from dataclasses import dataclass

from foundation.units import HOUR, MinuteOfDay, Minutes
from programs.domain.choices import AgeBand, Field, Language, Skill

NOTICE = "Beispiel der Demo, frei erfunden: Dieses Engagementangebot gibt es so nicht."


@dataclass(frozen=True)
class Beside:
    """A second role of a task."""

    name: str
    places: int
    skills: tuple[Skill, ...] = ()
    languages: tuple[Language, ...] = ()
    activity: str = "regelmaessig-begleiten"


@dataclass(frozen=True)
class Template:
    """A kind of task; times are (minute of day, minutes long).

    `beside` is a second role, and `name` then what the first is called.
    """

    title: str
    task: str
    field: Field
    start_minute: MinuteOfDay
    minutes: Minutes
    places: int
    skills: tuple[Skill, ...] = ()
    languages: tuple[Language, ...] = ()
    age_bands: tuple[AgeBand, ...] = (AgeBand.PRIMARY,)
    activity: str = "regelmaessig-begleiten"
    site: str = "Ort nach Absprache"
    name: str = ""
    beside: Beside | None = None

    @property
    def end_minute(self) -> MinuteOfDay:
        return MinuteOfDay(self.start_minute + self.minutes)


TEMPLATES = (
    Template(
        "Vorlesen am Nachmittag",
        "Sie lesen einer kleinen Gruppe vor und sprechen mit den Kindern über die Geschichte. "
        "Eine Fachkraft ist immer im Haus.",
        Field.EDUCATION,
        MinuteOfDay(15 * HOUR),
        Minutes(60),
        3,
        (Skill.READING,),
        age_bands=(AgeBand.KINDERGARTEN, AgeBand.PRIMARY),
    ),
    Template(
        "Hausaufgaben begleiten",
        "Sie helfen Kindern der Grundschule bei den Hausaufgaben, zu zweit mit einer weiteren Person.",
        Field.EDUCATION,
        MinuteOfDay(14 * HOUR),
        Minutes(90),
        4,
        (Skill.HOMEWORK,),
    ),
    Template(
        "Rechnen ohne Angst",
        "Sie üben mit Jugendlichen Brüche, Dreisatz und Prozente vor der nächsten Klassenarbeit.",
        Field.EDUCATION,
        MinuteOfDay(16 * HOUR),
        Minutes(90),
        2,
        (Skill.MATHS,),
        age_bands=(AgeBand.SCHOOL, AgeBand.TEENAGERS),
    ),
    Template(
        "Singen und trommeln",
        "Sie machen mit einer Gruppe Musik; Instrumente sind da, Noten braucht niemand.",
        Field.CULTURE,
        MinuteOfDay(16 * HOUR),
        Minutes(60),
        2,
        (Skill.MUSIC,),
        age_bands=(AgeBand.PRIMARY, AgeBand.SCHOOL),
    ),
    Template(
        "Offene Werkstatt",
        "Sie sägen, kleben und malen mit Kindern und räumen mit ihnen wieder auf.",
        Field.CULTURE,
        MinuteOfDay(15 * HOUR + 30),
        Minutes(120),
        3,
    ),
    Template(
        "Spielenachmittag im Viertel",
        "Sie bringen Brettspiele auf den Tisch und spielen mit, wer immer kommt.",
        Field.LEISURE,
        MinuteOfDay(15 * HOUR),
        Minutes(120),
        4,
        activity="offenes-angebot",
        age_bands=(AgeBand.PRIMARY, AgeBand.SCHOOL),
        name="Mitspielen",
        beside=Beside("Aufbauen und Getränke vorbereiten", 2, activity="ohne-kontakt"),
    ),
    Template(
        "Gesundes Frühstück vorbereiten",
        "Sie schneiden Obst, bestreichen Brote und decken den Tisch, bevor die Schule beginnt.",
        Field.HEALTH,
        MinuteOfDay(7 * HOUR),
        Minutes(90),
        3,
        activity="ohne-kontakt",
        age_bands=(),
    ),
    Template(
        "Schwimmen lernen begleiten",
        "Sie stehen im flachen Wasser neben der Schwimmlehrerin und machen Mut.",
        Field.SPORT,
        MinuteOfDay(16 * HOUR),
        Minutes(90),
        2,
        (Skill.SWIMMING,),
        activity="koerperliche-naehe",
    ),
    Template(
        "Bewegungsstunde",
        "Sie bauen mit auf, spielen mit und trösten, wenn einmal jemand stolpert.",
        Field.SPORT,
        MinuteOfDay(17 * HOUR),
        Minutes(60),
        3,
        age_bands=(AgeBand.KINDERGARTEN, AgeBand.PRIMARY),
    ),
    Template(
        "Schulmaterial sortieren",
        "Sie prüfen gespendete Ranzen, füllen Mäppchen und packen Pakete.",
        Field.EDUCATION,
        MinuteOfDay(10 * HOUR),
        Minutes(120),
        4,
        activity="ohne-kontakt",
        age_bands=(),
    ),
    Template(
        "Türkisch übersetzen im Elterncafé",
        "Sie übersetzen beim Frühstück zwischen Eltern und Fachkräften.",
        Field.HEALTH,
        MinuteOfDay(9 * HOUR),
        Minutes(120),
        1,
        languages=(Language.TURKISH,),
        activity="ohne-kontakt",
        age_bands=(),
    ),
    Template(
        "Gärtnern auf dem Hof",
        "Sie pflanzen und gießen mit Kindern ein Hochbeet.",
        Field.LEISURE,
        MinuteOfDay(15 * HOUR),
        Minutes(90),
        2,
    ),
)
FIRST_NAMES = (
    "Ada", "Bela", "Cem", "Dilan", "Edda", "Finn", "Gül", "Hanno", "Ines", "Jale", "Kaan", "Lotte",
    "Malik", "Nele", "Oskar", "Pelin", "Quirin", "Rosa", "Sami", "Tilda", "Umut", "Vera", "Wanda", "Yara",
)  # fmt: skip
