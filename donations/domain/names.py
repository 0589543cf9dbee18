"""Whether two names can be one giver: as somebody typed it, and as a bank shows who paid (RULES §2)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l"})
_AS_ONE = str.maketrans({"ß": "ss", "æ": "a", "ø": "o", "ł": "l"})
_UNMARKED = _AS_ONE | str.maketrans("äöü", "aou")
_SHARP_S = str.maketrans({"ß": "ss"})
_LETTERS = re.compile(r"\b[^\W\d_](?:\.\s?[^\W\d_]\b)+")
_SHORT_FORM = re.compile("ev|eg|ek|bv|sarl|hc")
_DEGREES = re.compile(
    r"\b(?:dr|prof)\b(?:[\s.]+(?:dr|prof|rer|med|phil|nat|jur|pol|oec|ing|habil|hc|dent|vet|mult)\b)*"
    r"|\bdipl\W+\w+"
)
_BESIDE = re.compile("herrn?|frau|eheleute|familie|fam|professor(?:in)?|doktor(?:in)?|phd")
_AND = re.compile(r"\s(?:und|u|oder|od|and)\.?\s|[&+/;]")
_FORM = re.compile(
    "gmbh|mbh|ug|ag|kg|ohg|gbr|se|ev|eg|ek|ekfr|ekfm|co|kgaa|partg|partgmbb|haftungsbeschraenkt|stiftung|verein"
    "|ltd|inc|llc|bv|sarl"
)
_TRADE = re.compile(
    "firma|fa|inh(?:aber(?:in)?)?|.*buero|.*praxis|.*kanzlei|.*apotheke|.*baeckerei|.*metzgerei|.*fleischerei"
    "|autohaus|kfz|friseur.*|.*salon|restaurant|.*gaststaette|pizzeria|hotel|.*verlag|.*handel|.*bau|.*services?"
    "|solutions|consulting|immobilien|.*versicherung(?:en)?|.*agentur|.*werkstatt|.*betrieb|dachdecker|elektro"
    "|sanitaer|.*schule|.*gymnasium|kita|kindergarten|kirche|.*gemeinde|pfarr(?:ei|amt)|stadt|kreis|amt"
    "|.*sparkasse|.*bank|paypal|klarna|.*klub|club|bund|.*verband|.*verwaltung|nachlass|.*verwalter|treuhand"
    "|anderkonto|.*betreuung|betreuer(?:in)?"
)
_CUT_AT = frozenset({26, 27, 34, 35, 69, 70, 139, 140})
"""Where banks cut a name off; a blank at the end is lost as well."""
_ENOUGH = 2
"""One word is shared by whole families."""


def is_same_payer(giver: str, payer: str) -> bool:
    """True if the bank's name of who paid is the giver's, written in another way.

    Order, titles, umlauts, capital letters, further first names, half of a double name, what was cut off, and
    a joint account that names the giver too make no difference. Whatever else does, a firm of that name too;
    an empty name says nothing.
    """
    if not _words(giver) or not _words(payer):
        return True
    return any(_is_same(giver, payer, umlauts) for umlauts in (_AS_TWO, _AS_ONE))


def spellings(name: str) -> set[str]:
    """Return how a bank may write the same name: order, titles and umlauts; as it is at least."""
    small = unicodedata.normalize("NFC", name).lower()
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", _DEGREES.sub(" ", small))
    words = [word for word in words if not _BESIDE.fullmatch(word)]
    last_first = [*words[-1:], *words[:-1]]
    first_last = [*words[1:], *words[:1]]
    plain = {" ".join(order) for order in (words, last_first, first_last)}
    plain |= {", ".join([order[0], " ".join(order[1:])]) for order in (last_first,) if len(order) > 1}
    written = {each.translate(umlauts) for each in plain for umlauts in (_AS_TWO, _UNMARKED, _SHARP_S, {})}
    marked = {_with_umlauts(each) for each in plain}
    return {name, *written, *marked, *(each.replace("ss", "ß") for each in marked)} - {""}


def telling_words(name: str) -> set[str]:
    """Return the words by which a name is looked for: the longest, and where the family name stands.

    That is the first or the last; who writes a letter for the first name shares no other.
    """
    words = [word for word in _words(name, _AS_ONE) if len(word) > 1]
    return {max(words, key=len), words[0], words[-1]} if words else set()


def may_be_same(one: str, other: str) -> bool:
    """True if two names can be of one giver, certainly or not: a first letter stands for a first name."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return False
    if is_same_payer(one, other) or is_same_payer(other, one):
        return True
    if _is_body(mine) or _is_body(theirs):
        return _without_form(mine) == _without_form(theirs)
    return _initials_agree(mine, theirs) or _initials_agree(theirs, mine)


def _with_umlauts(text: str) -> str:
    for two, one in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        text = text.replace(two, one)
    return text


def _is_same(giver: str, payer: str, umlauts: dict[int, str]) -> bool:
    one, other = _words(giver, umlauts), _words(payer, umlauts)
    if _key(one) == _key(other):
        return True
    is_cut = len(payer.strip()) in _CUT_AT
    if _is_body(_words(giver)) or _is_body(_words(payer)):
        return is_cut and "".join(one).startswith("".join(other))
    if is_cut:
        other[-1] = next((word for word in one if word.startswith(other[-1])), other[-1])
    owners = [_words(part, umlauts) for part in _AND.split(f" {_plain(payer, umlauts)} ")]
    if is_cut:
        owners[-1] = [*owners[-1][:-1], other[-1]]
    if len(owners) > 1 and all(len(each) >= _ENOUGH for each in owners):
        return all(
            any(_agree(_words(part, umlauts), each) for each in owners)
            for part in _AND.split(f" {_plain(giver, umlauts)} ")
        )
    is_of_several = len(owners) > 1 or _AND.search(f" {_plain(giver, umlauts)} ") is not None
    return _is_within(_joined(one, other), _joined(other, one)) if is_of_several else _agree(one, other)


def _plain(name: str, umlauts: dict[int, str]) -> str:
    small = unicodedata.normalize("NFC", name).casefold().translate(umlauts)
    bare = "".join(each for each in unicodedata.normalize("NFKD", small) if not unicodedata.combining(each))
    return _LETTERS.sub(_together, bare)


def _together(letters: re.Match[str]) -> str:
    """„e. V.“ is a word; „A. M.“ are the first letters of two names."""
    word = re.sub(r"\W", "", letters[0])
    return word if _SHORT_FORM.fullmatch(word) else " ".join(word)


def _words(name: str, umlauts: dict[int, str] = _AS_TWO) -> list[str]:
    plain = _DEGREES.sub(" ", _AND.sub(" ", f" {_plain(name, umlauts)} "))
    return [word for word in re.findall(r"[^\W_]+", plain) if not _BESIDE.fullmatch(word)]


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _is_body(words: Iterable[str]) -> bool:
    return any(_FORM.fullmatch(word) or _TRADE.fullmatch(word) for word in words)


def _without_form(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if not _FORM.fullmatch(word))


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """One is the other with more first names, or with half of a double name."""
    mine, theirs = _joined(one, other), _joined(other, one)
    return _is_within(mine, theirs) or _is_within(theirs, mine)


def _joined(words: Sequence[str], other: Sequence[str]) -> list[str]:
    """„Hans-Peter“ as „Hanspeter“, where the other name has it so."""
    found: list[str] = []
    for word in words:
        if found and found[-1] + word in other:
            found[-1] += word
        else:
            found.append(word)
    return found


def _is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether each word of `part` is one of `whole`, two at least in full, others perhaps by their letter."""
    in_full = [word for word in part if word in whole]
    left = [word for word in whole if word not in part]
    others = [word for word in part if word not in whole]
    return len(in_full) >= _ENOUGH and all(any(_stands_for(word, each) for each in left) for word in others)


def _stands_for(word: str, other: str) -> bool:
    return 1 in {len(word), len(other)} and word[0] == other[0]


def _initials_agree(short: Sequence[str], full: Sequence[str]) -> bool:
    """„A. Schmidt“ and „Anna Schmidt“: the long words agree, and each letter begins another one."""
    longs = {word for word in short if len(word) > 1}
    rest = [word for word in full if word not in longs]
    letters = [word for word in short if len(word) == 1]
    is_short = bool(letters and longs) and longs <= set(full)
    return is_short and all(any(word.startswith(each) for word in rest) for each in letters)
