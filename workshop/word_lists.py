"""Make the lists of words that screening knows: `uv run workshop/word_lists.py`.

German word forms come from simplemma (surface forms of the lemmatization lists of M. Měchura, ODbL 1.0, of
Wiktionary through Kaikki, CC BY-SA 4.0, of FreeLing, spaCy and UniMorph), names from Faker (MIT), and what is
a noun as well as a name from german-nouns (Wiktionary, CC BY-SA 4.0). The whole of simplemma would cost
each process 120 MB and seconds; the forms that are not put together from others fit into 5 MB.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["simplemma==2.0.0", "faker==40.63.0", "german-nouns==1.2.5"]
# ///

import csv
import importlib
import lzma
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "programs" / "data" / "words"
LOCALES = """
de_DE de_AT de_CH tr_TR fr_DZ az_AZ pl_PL ro_RO fr_FR en_US en_GB en_NG ha_NG es_ES it_IT nl_NL hr_HR sl_SI
sk_SK cs_CZ hu_HU pt_PT en_IN en_PK lt_LT lv_LV sv_SE da_DK fi_FI id_ID vi_VN sw
"""
# Names that ordinary German texts use as words; what surrounds one tells whether it names somebody.
ALSO_WORDS = """
christen case
ade am an anders april asia atlas august aura backe baiser banne bergen beste bitten blas blase bohne corona
darin darren davor döner ebbe egge einer eitel engel ernst flora forum fügen gabel gala gardine gürten habil
harre heide helle imam israel jet jude juni jura just kader kaiser karma kick kläre krassen lage lasse lila
linde mai male mare mark mars mentor meta mine nahmen nova olympia pastor pelle per perle poppe prima puck
queen reine reiner ritt rosa rose saal saar saga salat santa server sierra sol solange sole sultan tage
tanke tracht traute tücke uno us valid van vide viking vita wage will wolf wögen yoga zander accord acht alt
arbeit auto bad ball bank bar beat berlin bonn boy buch burg dank deutsch di dom drei ein eltern elternteil
er fan fest fünf garten geld gut haus herz hilfe hof hunger ich im in insel ist job kind klein kleine
kleinen kunst lang lange lauf licht lieb liebe los mal man media meer mein mit mut nacht neu nur ob oder
ohne park plan platz post rat recht reich reise rot ruhe sammel sand schatz schön sein sie sport stadt stern
strand streit stroh tag tanz tee tier ton tor uhr um und von wald weg wein weiß welt wer wie wind wir wo
wort zeit zu zum zur sommer winter herbst frühling sonntag montag dienstag mittwoch donnerstag freitag
samstag januar februar märz mai juli september oktober november dezember london paris rom madrid florenz
medina sydney bali mali oman kenia jordan georgia austin dallas atlanta albino baptist bart dino german grit
harm holm jade jeton junior lot lupe made marine mate melker merlin nazi nikolaus primitivo radi raid
ramadan roman romane rune safari salami silvester summer teddy tiara tilde tudor wadi petrus ostern
pfingsten falafel kardamom la montessori room day hero camps tedi
"""
MORE_NAMES = """
abdallah abdel abu adda adolphe agha aida alane alexie andi anwar assad assaf asmus barbie beate bernie
berti bertolt bülent caner daud davud ecevit edouard edzard emi emile erdet eyal fadi fahd fouad frerich
friedel fuad gennadi georgs gideon hannegret hanke henk henkel hosni iban ido jacoby jaden jako jassen jegor
jerko josepha kassem kassim kaya kofi marwan massud matisse menderes moshe muammar mubarak nachman nasser
necdet nimrod nisan nursultan nusret omme patsy raschid rosine samara samin selen serafim sergen shimon
sidney talaat taras thora tizian waldtraud waleri wilbert xian yassir yehuda yitzhak yoko yossi zdenek zenzi
özdemir jamal jamila
"""
# Forms that end like „Lottes“ and are words all the same.
NO_GENITIVES = """
albus anus argus bass boss cords crystals dans dukes etas fonts francs frass genes heros hunters jeans junks
juniors kuss lans les lins loos los lots mais mars mass matjes nachos nass nazis notas olles palms plazas
raids radis rams safaris salamis shorts stones storms toys warriors sass
"""
FORM = re.compile(r"[a-zäöüßéèêáàâîôûçñ]{2,40}")
NAME = re.compile(r"[^\W\d_]{2,40}")


def main() -> None:
    """Write both lists, sorted, one word a line."""
    forms = _german_forms()
    nouns, given = _nouns_and_given_names()
    also = set(ALSO_WORDS.split()) - set(MORE_NAMES.split())
    first, last = _names()
    small = {form.lower() for form in forms if form[0].islower()}
    bogus_small = {
        "roger",
        "thomas",
        "jochen",
        "heidi",
        "nico",
        "joel",
        "tim",
        "sam",
        "nick",
        "franz",
        "frank",
    }
    surnames = {name for name in last if name not in nouns and name not in small}
    rare = {name for name in given if name not in nouns and name not in small}
    names = (first | rare | surnames | bogus_small | set(MORE_NAMES.split())) - also
    genitives = {f"{name}s" for name in names} - set(NO_GENITIVES.split())
    words = {form.lower() for form in forms if FORM.fullmatch(form.lower())} - names - genitives
    _write("german", (word for word in words if not _is_put_together(word, words)))
    _write("names", (name for name in names if NAME.fullmatch(name)))


def _german_forms() -> set[str]:
    factory = importlib.import_module("simplemma.strategies.dictionaries").DefaultDictionaryFactory()
    return {key.decode() if isinstance(key, bytes) else key for key in factory.get_dictionary("de")}


def _nouns_and_given_names() -> tuple[set[str], set[str]]:
    folder = Path(str(importlib.import_module("german_nouns").__path__[0]))
    with (folder / "nouns.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    nouns = {row["lemma"].lower() for row in rows if not re.search("Nachname|Vorname|Eigenname", row["pos"])}
    return nouns, {row["lemma"].lower() for row in rows if "Vorname" in row["pos"]}


def _names() -> tuple[set[str], set[str]]:
    first: set[str] = set()
    last: set[str] = set()
    for locale in LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            listed = getattr(provider, attribute)
            if attribute.startswith(("first_name", "last_name")) and isinstance(listed, (tuple, list, dict)):
                kind = first if attribute.startswith("first_name") else last
                kind.update(unicodedata.normalize("NFC", str(name)).lower() for name in listed)
    return first, last


def _is_put_together(word: str, words: set[str]) -> bool:
    """True if it is two known words in one: programs.domain.screening.lexicon finds that by itself."""
    return len(word) >= 8 and any(
        word[cut:] in words and (word[:cut] in words or (word[cut - 1] == "s" and word[: cut - 1] in words))
        for cut in range(4, len(word) - 3)
    )


def _write(name: str, words: Iterable[str]) -> None:
    text = "\n".join(sorted(words)) + "\n"
    (TARGET / f"{name}.txt.xz").write_bytes(lzma.compress(text.encode(), preset=9))


if __name__ == "__main__":
    main()
