"""The fixed words of the domain and what they are called on the screen."""

from foundation.choices import IntegerChoices, TextChoices
from foundation.choices import noop as _


class Field(TextChoices):
    """The five fields in which children take part."""

    EDUCATION = "education", _("Bildung")
    CULTURE = "culture", _("Kultur")
    LEISURE = "leisure", _("Freizeit")
    HEALTH = "health", _("Gesundheit")
    SPORT = "sport", _("Sport")


class Weekday(IntegerChoices):
    """ISO order, Monday first."""

    MONDAY = 0, _("Montag")
    TUESDAY = 1, _("Dienstag")
    WEDNESDAY = 2, _("Mittwoch")
    THURSDAY = 3, _("Donnerstag")
    FRIDAY = 4, _("Freitag")
    SATURDAY = 5, _("Samstag")
    SUNDAY = 6, _("Sonntag")


class Language(TextChoices):
    """Languages that help in Düren; German is taken for granted only where an offer asks for it."""

    GERMAN = "de", _("Deutsch")
    TURKISH = "tr", _("Türkisch")
    ARABIC = "ar", _("Arabisch")
    UKRAINIAN = "uk", _("Ukrainisch")
    RUSSIAN = "ru", _("Russisch")
    POLISH = "pl", _("Polnisch")
    ROMANIAN = "ro", _("Rumänisch")
    KURDISH = "ku", _("Kurdisch")
    ENGLISH = "en", _("Englisch")
    FRENCH = "fr", _("Französisch")


class Skill(TextChoices):
    """What somebody can bring along."""

    READING = "reading", _("Vorlesen")
    HOMEWORK = "homework", _("Hausaufgabenhilfe")
    MATHS = "maths", _("Rechnen und Mathematik")
    MUSIC = "music", _("Musik machen")
    CRAFTS = "crafts", _("Werken und Basteln")
    COOKING = "cooking", _("Kochen")
    SWIMMING = "swimming", _("Schwimmen (Rettungsfähigkeit)")
    TRAINER = "trainer", _("Trainerin, Trainer im Sport")
    GARDEN = "garden", _("Gärtnern")
    DRIVING = "driving", _("Auto fahren")
    COMPUTER = "computer", _("Umgang mit Computern")
    FIRST_AID = "first_aid", _("Erste Hilfe")


class AgeBand(TextChoices):
    """Ages of the children an offer is for; bands only, never a single child's age."""

    BABIES = "0-2", _("0 bis 2 Jahre")
    KINDERGARTEN = "3-5", _("3 bis 5 Jahre")
    PRIMARY = "6-9", _("6 bis 9 Jahre")
    SCHOOL = "10-13", _("10 bis 13 Jahre")
    TEENAGERS = "14-17", _("14 bis 17 Jahre")
    YOUNG_ADULTS = "18-27", _("18 bis 27 Jahre")


class Topic(TextChoices):
    """What families look for in the directory."""

    POVERTY = "poverty", _("Unterstützung bei wenig Geld")
    FAMILY = "family", _("Familie und Erziehung")
    EARLY = "early", _("Schwangerschaft und erstes Lebensjahr")
    LEARNING = "learning", _("Lernen und Schule")
    CULTURE = "culture", _("Kultur, Musik und Lesen")
    LEISURE = "leisure", _("Freizeit und Treffpunkte")
    SPORT = "sport", _("Sport und Bewegung")
    HEALTH = "health", _("Gesundheit und Ernährung")
    LAW = "law", _("Recht und Strafverfahren")
    TRANSITION = "transition", _("Ausbildung, Wohnen, auf eigenen Füßen")
    MATERIAL = "material", _("Kleidung und Schulsachen")
    VOLUNTEERING = "volunteering", _("Ehrenamt und Netzwerk")
