"""Names as givers type them and as banks show who paid: pairs from life, each decided by hand."""

import pytest

from donations.domain.names import is_same_payer, may_be_same, spellings

SAME = [
    ("Anna Schmidt", "ANNA SCHMIDT"),
    ("Anna Schmidt", "Schmidt, Anna"),
    ("Anna Schmidt", "SCHMIDT ANNA"),
    ("Jürgen Müller", "JUERGEN MUELLER"),
    ("Jürgen Müller", "Jurgen Muller"),
    ("Jürgen Müller", "Ju\u0308rgen Mu\u0308ller"),
    ("Käthe Groß", "Kaethe Gross"),
    ("René Lefèvre", "RENE LEFEVRE"),
    ("Łukasz Nowak", "Lukasz Nowak"),
    ("Dr. Eva Klein", "Eva Klein"),
    ("Eva Klein", "Prof. Dr. med. Eva Klein"),
    ("Dr. rer. nat. Tim Wolf", "Wolf, Dr. Tim"),
    ("Frau Eva Klein", "Eva Klein"),
    ("Dipl.-Ing. Uwe Roth", "Uwe Roth"),
    ("Anna Schmidt-Weber", "Anna Schmidt"),
    ("Anna Schmidt", "Anna Schmidt-Weber"),
    ("Anna Schmidt-Weber", "Weber-Schmidt Anna"),
    ("Hans-Peter Kurz", "Hanspeter Kurz"),
    ("Hans Peter Kurz", "Hans-Peter Kurz"),
    ("Karlheinz Lang", "Karl-Heinz Lang"),
    ("Peter Schmidt", "Peter Hans Schmidt"),
    ("Peter Hans Schmidt", "Peter Schmidt"),
    ("Peter H. Schmidt", "Peter Hans Schmidt"),
    ("Peter Hans Schmidt", "PETER H SCHMIDT"),
    ("Peter Schmidt", "Anna und Peter Schmidt"),
    ("Peter Schmidt", "Peter u. Anna Schmidt"),
    ("Peter Schmidt", "SCHMIDT PETER U ANNA"),
    ("Peter Schmidt", "Anna Schmidt oder Peter Schmidt"),
    ("Peter Müller", "Anna Schmidt & Peter Müller"),
    ("Anna und Peter Schmidt", "Peter und Anna Schmidt"),
    ("Anna und Peter Schmidt", "Eheleute Anna u. Peter Schmidt"),
    ("Anna Schmidt und Peter Müller", "Peter Müller + Anna Schmidt"),
    ("Maria Theresia von der Hohenburg", "MARIA THERESIA VON DER HOHE"),
    ("Alexandra Charlotte Wiedemann-Lüdenscheidt", "Alexandra Charlotte Wiedemann-Lüden"),
    ("Anna Mustermann", "Maximilian Mustermann u. An"),
    ("Verein für Kinder und Jugend Düren e.V.", "VEREIN FUER KINDER UND JUGE"),
    ("Bäckerei Nobis GmbH", "BAECKEREI NOBIS GMBH"),
    ("Förderverein Lesen e.V.", "Foerderverein Lesen e. V."),
    ("Nguyễn Thị Hoa", "NGUYEN THI HOA"),
    ("Ayşe Yılmaz-Çelik", "Ayse Yılmaz Celik"),
    ("Anna Schmidt", ""),
    ("", "Anna Schmidt"),
    ("O'Brien Mary", "Mary O’Brien"),
]  # fmt: skip
OTHER = [
    ("Jonas Schmidt", "Erna Schmidt"),
    ("Jonas Schmidt", "Oma Erna Klein"),
    ("Anna Schmidt", "Bäckerei Anna Schmidt"),
    ("Anna Schmidt", "Anna Schmidt GmbH"),
    ("Anna Schmidt", "Anna Schmidt e.K."),
    ("Anna Schmidt", "Praxis Dr. Anna Schmidt"),
    ("Anna Schmidt", "Muster Logistik GmbH & Co. KG"),
    ("Bäckerei Nobis GmbH", "Bäckerei Nobis GmbH & Co. KG"),
    ("Bäckerei Nobis", "Bäckerei Nobis GmbH"),
    ("Bäckerei Nobis GmbH", "Kurt Nobis"),
    ("Förderverein Lesen e.V.", "Förderverein Lesen Kreuzau e.V."),
    ("Anna Schmidt", "Schmidt"),
    ("Anna Schmidt", "Familie Schmidt"),
    ("Anna Schmidt", "Peter und Erna Schmidt"),
    ("Anna Müller", "Anna Schmidt und Peter Müller"),
    ("Anna und Peter Schmidt", "Peter Schmidt"),
    ("Anna und Peter Schmidt", "Anna Schmidt und Jonas Schmidt"),
    ("Anna Schmidt", "Anna Schmitt"),
    ("Anna Schmidt-Weber", "Anna Schmidt-Koch"),
    ("Anna Bauer", "Anna Baur"),
    ("Anna Schmidt", "A. Schmidt"),
    ("A. Schmidt", "Alfred Schmidt"),
    ("Anna Schmidt", "Anna Weber"),
    ("Anna Schmidt", "PayPal Europe S.a.r.l. et Cie S.C.A"),
    ("Anna Schmidt", "Nachlass Anna Schmidt"),
    ("Anna Schmidt", "RA Klug Anderkonto Anna Schmidt"),
    ("Phil Collins", "Collins"),
    ("Li Wei", "Wang Li"),
    ("Anna Maria Schmidt", "Anna Elisabeth Schmidt"),
    ("Maximilian Mustermann", "Maria"),
    ("Hans Peter", "Peter Kurz"),
]  # fmt: skip


@pytest.mark.parametrize(("giver", "payer"), SAME)
def test_written_otherwise_it_is_the_giver(giver: str, payer: str) -> None:
    assert is_same_payer(giver, payer)


@pytest.mark.parametrize(("giver", "payer"), OTHER)
def test_another_name_is_asked_about(giver: str, payer: str) -> None:
    assert not is_same_payer(giver, payer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *SAME[:40],
        ("Anna Schmidt", "A. Schmidt"),
        ("A. Schmidt", "Alfred Schmidt"),
        ("Bäckerei Nobis", "Bäckerei Nobis GmbH"),
    ],
)
def test_what_may_be_one_giver_is_looked_at(one: str, other: str) -> None:
    assert may_be_same(one, other)
    assert may_be_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Schmidt", "Anna Weber"),
        ("Anna Schmidt", "Peter Schmidt"),
        ("A. Schmidt", "Berta Schmidt"),
        ("Anna Schmidt", ""),
        ("Bäckerei Nobis GmbH", "Metzgerei Nobis GmbH"),
    ],
)
def test_other_givers_are_others(one: str, other: str) -> None:
    assert not may_be_same(one, other)
    assert not may_be_same(other, one)


@pytest.mark.parametrize(
    ("typed", "at_bank"),
    [
        ("Jürgen Müller", "JUERGEN MUELLER"),
        ("Jürgen Müller", "Mueller, Juergen"),
        ("Jürgen Müller", "MÜLLER JÜRGEN"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Jürgen Müller", "jurgen muller"),
        ("Dr. Jürgen Müller", "Müller Jürgen"),
        ("Müller, Jürgen", "Juergen Mueller"),
        ("Ada", "ADA"),
    ],
)
def test_the_spellings_of_a_name_by_which_its_payers_are_looked_up(typed: str, at_bank: str) -> None:
    assert at_bank.casefold() in {each.casefold() for each in spellings(typed)}
    assert "" not in spellings("")
