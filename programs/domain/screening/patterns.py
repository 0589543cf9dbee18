"""The patterns by which one sentence speaks of one person."""

import re

from programs.domain.screening import grammar
from programs.domain.screening.findings import Kind

CHILD = re.compile(
    rf"\b(?P<article>{grammar.DEFINITE}"
    rf"|{grammar.INDEFINITE}){grammar.ADJECTIVES}\s(?P<noun>{grammar.CHILD})\b(?![-–])"
)
ADULT = re.compile(
    rf"(?<!\b[Ii]n )\b(?P<article>{grammar.DEFINITE}"
    rf"|{grammar.INDEFINITE}){grammar.ADJECTIVES}\s(?P<noun>{grammar.ADULT})\b(?![-–/])"
)
TELEGRAM = re.compile(
    rf"(?:^|[.!?:\n]\s{{0,3}}|,\s|[Gg]esucht\s|[Ff]ür\s(?!\w*(?:[Mm]ädchen"
    rf"|klässler|[Rr]ollstuhlfahrer|[Dd]iabetiker"
    rf"|[Aa]sylbewerber)\b))(?:[\wäöüß]{{3,15}}e[rs]\s)?(?P<noun>{grammar.ROLE_WITHOUT_ARTICLE})\b(?!\s(?:und|oder"
    rf"|in Gefahr|(?:ab|zwischen) \d{{1,2}})\b|[-&/*:]|\sund\s)"
)
PRONOUN = re.compile(
    r"\b(?:[Ee]r|[Ss]ie|[Dd]er|[Dd]ie)\s(?:ist|kam|hat|wird|kann|wohnt|lebt|braucht|war|kommt|geht"
    r"|spricht|leidet"
    r"|darf|muss|möchte|mag|will"
    r"|sitzt|trägt|schläft|isst|heißt|liest|weint|macht|freut|wiegt|hatte|wurde|bekommt|nimmt|besucht|musste"
    r"|konnte|stottert|traut)\b"
    r"|\b(?:hat|ist|wird|kann|braucht|lebt|wohnt|war|wurde)\s(?:er|sie)\b|\b(?:ihm|ihn)\b|\b(?:[Ss]ein"
    r"|[Ss]eine[nmrs]?|[Ii]hre[nmrs]?|[Ii]hr)\s(?:(?:[a-zäöüß]{3,20}e[rnms]?|eigene[nrms]?)\s)?(?P<kin>Vater|Mutter"
    r"|Eltern|Bruder|Schwester|Familie|Oma|Opa|Stiefvater|Mama|Papa|Geschwister)\b"
)
SOMETHING = re.compile(
    r"\b(?:[Dd](?:er|ie|as)|[Ee]ine?|[Uu]nsere?|[Ii]hre?)\s(?:[a-zäöüß-]+\s)?[A-ZÄÖÜ][\wäöüß-]+"
)
# Any noun for one person; programs.domain.screening.persons asks the dictionary and leaves out who helps.
ROLE = re.compile(
    rf"\b(?P<article>{grammar.DEFINITE}"
    rf"|{grammar.INDEFINITE}){grammar.ADJECTIVES}\s(?P<noun>[A-ZÄÖÜ][a-zäöüß]{{3,25}})\b(?![-–/*:])"
)
HELPER = re.compile(
    r"(?:[Ll]eit|[Tt]rain|[Ee]rzieh|[Ll]ehr|[Aa]rbeit|[Mm]eist|[Pp]artn|[Hh]elf|[Bb]egleit|[Bb]etreu"
    r"|[Ss]pend|[Ss]tift|[Ff]örder"
    r"|[Dd]olmetsch|[Üü]bersetz|[Mm]usik|[Kk]ünstl|[Bb]erat|[Ff]ühr|[Tt]räg|[Aa]nbiet|[Vv]eranstalt"
    r"|[Ff]ahr|[Bb]esuch|[Nn]utz"
    r"|[Kk]äuf|[Ll]es|[Gg]ärtn|[Ss]äng|[Pp]fleg|[Ll]otst?s|[Vv]orles|[Ss]prech|[Aa]usbild"
    r"|[Rr]ett|[Kk]enn|[Ss]amml|[Gg]eb"
    r"|[Aa]nsprechpartn|[Hh]andwerk|[Zz]aub|[Vv]ertret|[Ee]mpfäng|[Vv]erkäuf|[Aa]nleit|[Kk]ümmer"
    r"|[Bb]ewerb|[Tt]eilnehm|[Ee]hrenamtl|[Vv]ermiet|[Aa]ntragstell)er(?:in|s)?$"
    r"|(?:[Pp]ate|[Pp]atin|[Mm]entor|[Tt]utor|[Aa]utor|[Kk]olleg|[Pp]raktikant|[Kk]oordinator"
    r"|[Pp]ädagog|[Rr]eferent|[Tt]herapeut"
    r"|[Kk]ünstl|[Aa]rzt|[Ää]rzt|[Ww]irt|[Kk]och|[Kk]öch|[Pp]räsident|[Ss]tudent|[Pp]olizist|[Gg]ast"
    r"|[Kk]und|[Bb]ürg|[Ff]reund|[Ff]eind"
    r"|[Mm]ensch|[Hh]err|[Dd]irektor|[Rr]ektor|[Mm]oderator|[Pp]sycholog|[Mm]inist|[Dd]irigent"
    r"|[Ss]ponsor|[Ll]otse|[Bb]ote"
    r"|[Dd]ezernent|[Pp]astor|[Ss]ekretär|[Bb]ibliothekar|[Pp]artner|[Aa]dressat|[Rr]at|[Gg]ott|[Ee]sel"
    r"|[Hh]und|[Ll]öwe|[Bb]är"
    r"|[Ww]olf|[Kk]önig|[Rr]iese|[Zz]willing|[Mm]ann|[Tt]eil|[Ww]elt|[Zz]eug|[Nn]arr"
    r"|[Kk]aiser)(?:er)?(?:in|e|en|s|es)?$"
)
_PERSONS = (
    r"(?:[\wäöüß]{3,25}innen|[Jj]ungs|[Jj]ungen|[Mm]ädchen|[Mm]ädels|[Kk]inder|[\wäöüß]{0,20}[Ss]chüler"
    r"|[Jj]ugendlichen|[Kk]leinen"
    r"|[Gg]roßen|[\wäöüß]{0,20}[Ss]pieler|[Bb]rüder|[Ss]chwestern|[Gg]eschwister|[Zz]willinge|[Ss]öhne"
    r"|[Tt]öchter|[Ff]amilien"
    r"|[Mm]ütter|[Vv]äter)"
)
# „Eine unserer Tänzerinnen“, „Ihr Patenkind“
ONE_OF = re.compile(
    rf"\b[Ee]in(?:e|er|es|s|em|en)\s(?:unserer|der|meiner|seiner|ihrer"
    rf"|dieser)\s(?:[\wäöüß]{{3,20}}en\s)?(?P<noun>{_PERSONS})\b"
    r"|\bIhr(?:e[nmrs]?)? (?P<yours>Schützling|Patenkind|Lesekind|Leihenkel|Mentee)\b"
)
# „brauche kinderbett für baby“
WANT = re.compile(
    r"(?:^\W{0,3}(?:[Bb]rauche|[Ss]uche|[Bb]räuchte)|\b(?:brauche|suche|bräuchte))\b[^.!?\n]{0,80}"
    r"\b(?:[Ff]amilie|[Bb]aby|[Kk]ind|[Ss]ohn|[Tt]ochter|[Jj]unge|[Mm]ädchen|[Ee]nkel(?:in)?|[Mm]ama"
    r"|[Pp]apa)\b"
)
SMALL_ONE = re.compile(
    r"\b(?:[Dd](?:er|ie|em|en)|[Uu]nsere?[mnr]?|[Ee]ine?[mnr]?) kleine[nrm]? (?:Mann|Dame|Kerl|Fräulein"
    r"|Herrn?|Lady|Madame|Mensch|Frau)\b"
    r"|\b[Dd](?:er|ie|em|en) [Ee]inzigen?\s(?:Schwarzen?|Weißen?|Deutschen?|mit|ohne|von|aus|in|der|die)\b"
)
_GROUP = (
    r"(?:\d{1,2}\.?\s?[a-f]\b|[\wäöüß-]{0,25}(?:[Kk]lasse|[Gg]ruppe|[Kk]urs|[Ss]tunde|[Mm]annschaft"
    r"|[Jj]ugend|AG|[Tt]raining"
    r"|[Tt]eam|[Hh]ort|[Kk]ita|OGS|[Cc]hor|[Ss]tadt|[Ss]iedlung)\b)"
)
# „der dünne Blonde aus der Ballgruppe“, „unsere Lesekönigin aus der 4a“
OF_A_GROUP = re.compile(
    r"\b(?:[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Ee]in|[Ee]ine)\s(?:[a-zäöüß]{3,20}e[nr]?\s){0,2}(?:Blonde"
    r"|Dunkelhaarige|Rothaarige|Dicke|Dünne|Große"
    rf"|Kleine|Lange|Schwarze|Braune|Brünette|Lockige|Stille|Laute|Freche|Schüchterne)[rnm]?\s(?:aus|in"
    rf"|von|vom)\s[^.!?\n]{{0,20}}?{_GROUP}"
    r"|\b(?:[Dd]as|[Uu]nser)\s(?:[a-zäöüß]{3,20}e?s?\s){0,2}(?:Locken|Blond|Rot)(?:köpfchen|kopf|schopf)\b"
    r"|\b(?:[Uu]nsere?|[Dd]er|[Dd]ie|[Dd]as)\s(?!(?:Kinder|Eltern|Schüler|[\wäöüß]+innen"
    r"|[\wäöüß]*[Ll]ehrer(?:in)?|[\wäöüß]*[Ll]eitung|Mädchen|Jungs|Jungen|Gruppe|Klasse|Stunde"
    r"|Raum)\b)[A-ZÄÖÜ][\wäöüß-]{2,30}\s(?:aus\s)?(?:der|unserer)\s(?:Klasse\s)?\d{1,2}\s?[a-f]\b"
    r"|\b[Nn]ummer \d{1,2} (?:aus |von |in )?(?:der|unserer) [\wäöüß-]{0,20}(?:Jugend|Mannschaft"
    r"|[DEFUG]\d?)\b"
)
# „ein Polizistensohn“: called by what a parent is
CHILD_OF_ONE = re.compile(
    r"\b(?:[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Dd]en|[Ee]in|[Ee]ine[nmr]?"
    r"|[Uu]nsere?[nmr]?)\s[A-ZÄÖÜ][a-zäöüß]{2,25}?(?:sohn|tochter|söhne|töchter|mädel"
    r"|bub)s?\b|\b(?:[Dd]as|[Ee]in|[Ee]inem|[Dd]em|[Uu]nser)\s(?:Lehrer|Pfarrers?|Pastoren|Arzt|Ärzte"
    r"|Polizisten|Wirts|Bauern|Flüchtlings"
    r"|Heim|Scheidungs|Trennungs|Adoptiv|Roma|Sinti)kind\b"
)
# „Wir, eine Pflegefamilie in Lendersdorf“
WE_FAMILY = re.compile(
    r"\b[Ww]ir(?:,| sind) (?:eine |ein |zwei )(?:[a-zäöüß]{3,20}e[ns]?\s)?(?:(?:Pflege|Groß|Adoptiv"
    r"|Patchwork)?[Ff]amilie|Ehepaar"
    r"|Paar|Mütter|Väter|Großeltern|Geschwister)\b"
)
# „leben die Kinder jetzt beim Onkel“
CHILDREN_AT = re.compile(
    r"\b(?:die|ihre|seine|deren|alle (?:drei|vier|fünf)) Kinder\b[^.!?\n]{0,40}\b(?:beim|bei der"
    r"|bei dem|bei ihrer|bei seiner)"
    r" (?:Oma|Opa|Onkel|Tante|Vater|Mutter|Großmutter|Großvater|Großeltern|Nachbarin|Nachbarn)\b"
    r"|\bKindern? (?:aus|von|in) (?:Wohnung|Zimmer|Haus|Hausnummer) (?:Nr\.? )?\d"
    r"|\bKindern? von (?:nebenan|gegenüber|oben|unten)\b"
)
# „Ich geh in die 5b“
MY_CLASS = re.compile(
    r"\b[Ii]ch\s(?:gehe?|bin)\s(?:auf|in|aufs|ins)\s[^.!?\n]{0,15}(?:\d{1,2}\.?\s?[a-f]?\b(?!\s?(?:Uhr"
    r"|Minuten))|[Kk]lasse\b)"
    r"|\b[Mm]einer [Kk]lasse\b|\b[Mm]eine (?:[Ll]ehrerin|[Ee]rzieherin|[Ss]chwester|[Ll]ehrer)\b"
    r"|\b[Mm]ein (?:[Ll]ehrer|[Bb]ruder)\b"
)
# „w 7 J LRS su“
FORM = re.compile(r"(?:^|[\n;.]\s?)\W{0,3}[mwdj]\.?[,/]?\s(?:1\d|[1-9])\b(?!\s?(?:Uhr|x\b|km))")
# „Ein Kind in der Turngruppe ist Bluter“
CHILD_WITH = re.compile(
    r"\b[Ee]in(?:es)?\s(?:Kind|Mädchen|Junge|Baby)\s(?:in|bei|aus|von)\s(?:der|dem|unserer|unserem|uns|einer)"
    r"(?:\s[A-ZÄÖÜ][\wäöüß-]{2,25})?\s(?:ist|hat|trägt|bekommt|braucht|wird)\b"
)
# „Kind mit …“: without an article, and one
CHILD_SO = re.compile(
    r"(?:^|[.!?:;\n]\s{0,2})(?:Kind|Junge|Bub|Baby|Kleinkind|Säugling|Schülerin|Sohn|Tochter)\smit\s"
    r"(?!(?:und|oder)\b)[A-ZÄÖÜ]?[\wäöüß]{2,}"
)
# „Das Kind mit der Narbe“: told by what there is about it to see
CHILD_TOLD_BY = re.compile(
    r"\b(?:[Dd]as|[Dd]em|[Dd]ieses|[Dd]iesem|[Ee]in|[Ee]inem)\s(?:[a-zäöüß]{3,20}e[sn]?\s){0,2}[\wäöüß]{0,20}(?:[Kk]ind"
    r"|[Bb]aby|[Ee]nkelchen)\smit\s(?:de[mnr]|(?:eine|seine|ihre)[mnr]|zwei|nur|ohne"
    r"|(?!anderen|allen|beiden|kleinen|eigenen|neuen)[a-zäöüß]{3,20}en)\s"
    r"|\b[Ff]ür\s[A-ZÄÖÜ][\wäöüß]{2,15}(?:kind|mädchen|junge|sohn|tochter)\s?:"
)
# „um wen es geht“: the text says itself that one person can be told from it
HINTED = re.compile(
    r"\bum wen (?:es (?:geht|sich handelt)|(?:es )?sich(?: hier)? handelt)\b|\bwer (?:damit )?gemeint ist\b"
    r"|\b(?:[Nn]amen?|[Ww]er es ist|[Ww]er das ist)\b[^.!?\n]{0,30}\b(?:nicht|nenn\w*|verrat\w*|sag\w*)\b"
    r"|\b(?:weiß|wissen|wisst|kennt|kennen)\b[^.!?\n]{0,30}\b(?:ohnehin|eh|schon|sowieso|jede[rs]?|alle)\b"
    r"[^.!?\n]{0,20},?\s(?:wen|wer|welche[nrs]?)\b"
)
# „eine Fünftklässlerin“
GRADER = re.compile(
    r"\b[Ee]in(?:e[nmrs]?)?\s(?:[a-zäöüß]{3,20}e[nrsm]?\s)?[A-ZÄÖÜ0-9][\wäöüß.-]{0,15}klässler(?:in)?s?\b"
    r"|\b(?:[Dd]ie|[Dd]er|[Uu]nsere?r?)\s(?:[a-zäöüß]{3,20}en?\s)?[A-ZÄÖÜ0-9][\wäöüß.-]{0,15}klässlerin\b"
)
SUPERLATIVE = re.compile(r"\b(?:jüngste|älteste|kleinste)[nrms]?\s")
OVERHEARD = re.compile(r"\b(?:hört|sieht|riecht) (?:man|es)\b")
AT_HOME = re.compile(r"\b[Bb]ei\s(?:[\w.]{2,20}\s){1,3}(?:zu ?[Hh]ause|daheim)\b")
# „die vier Buben vom Bauernhof“
A_FEW_OF = re.compile(
    r"\b(?:[Dd]ie|[Uu]nsere|[Dd]en) (?:zwei|drei|vier|fünf|sechs"
    r"|beiden) (?:[a-zäöüß]{3,20}en\s)?(?:Buben|Jungs|Jungen|Mädels|Mädchen|Kinder"
    r"|Kindern|Kleinen|Brüder|Schwestern)\s(?:vom|aus dem|aus der|hinter|über|neben"
    r"|gegenüber)\b(?! (?:jeder|jedem|der Gruppe))"
    r"|\b[Ww]ir sind (?:zwei|drei|vier|fünf) (?:Schwestern|Brüder|Geschwister|Mädchen|Jungs|Jungen)\b"
)
# „jemand aus der Bärengruppe“, „eine aus der 3b“
SOMEBODY_OF = re.compile(
    r"\b(?:[Jj]emand(?:e[nm])?|[Ee]ine[nmr]?|[Ee]ins)\s(?:aus|in|von)\s(?:der|dem|unserer|unserem"
    r"|seiner|ihrer)\s"
    r"(?:[\wäöüß.-]{2,20}\s){0,2}(?:\d{0,2}\.?\s?[a-f]\b|[\wäöüß-]{0,25}(?:[Kk]lasse|[Gg]ruppe|[Kk]urs"
    r"|[Mm]annschaft|[Jj]ugend|AG)\b)"
)
# „Ich habe Diabetes“: what a child tells of itself
SELF = re.compile(
    r"\b[Ii]ch\s(?:habe?|bin|leide?|lebe?|komme?|kann|war|wurde|schlafe?|nehme?|wiege?|wohne?|ritze?"
    r"|werde?|krieg|bekomme?)\b"
    r"|\b(?:[Hh]abe|[Bb]in)\s[Ii]ch\b"
    r"|^\W{0,3}(?:wohne?|bin|habe?|lebe?)\s"
)
# „1,25 m groß, 40 kg, sucht …“: a line of facts and a verb, but nobody in it
FACTS = re.compile(
    r"^(?!\W{0,3}(?:[Ww](?:er|enn|as|o)|[Jj]ede|[Dd](?:er|ie|as)|[Ee]ine?|[Uu]nsere?|[Ff]ür|[Ii]m|[Ii]n"
    r"|[Aa]m|[Ss]eit|[Ww]ir|Sie)\b)[^.!?\n]{2,100}?,\s(?:sucht|braucht|mag|wohnt|lebt"
    r"|liebt|wünscht sich)\s"
)
_THEN = (
    r"(?=[“\"«”]?(?:\s(?:aus|vom|von|im|mit|hat|ist|kann|braucht|wird|trägt|schläft|sucht|möchte|mag"
    r"|darf|kommt|geht|soll"
    r"|bekommt|spricht|wohnt|lebt)\b|,\s(?:der|die|das|\d)))"
)
# „Unser Sonnenschein aus der blauen Gruppe“
PET = re.compile(
    rf"\b(?:{grammar.POSSESSIVE}|[Ee]uer|[Dd]ein){grammar.ADJECTIVES}\s[„\"»“]?(?:Sonnenschein|Spatz"
    rf"|Spätzchen|Prinzessin|Prinz|Engel"
    r"|Engelchen|Stern|Sternchen|Schatz|Zwerg|Mäuschen|Maus|Küken|Liebling|Held|Heldin|Krümel|Floh|Wirbelwind"
    rf"|Nachwuchstalent|Neuzugang|Schäfchen|Bärchen|Löwe|Löwin){_THEN}"
)
# „Meine Kleine kommt im Sommer“, with the noun written small
OWN_SMALL = re.compile(
    rf"\b{grammar.POSSESSIVE}\s(?:kleine|große|grosse|jüngste|älteste|mittlere)[rn]?\s(?=(?:ist|hat"
    rf"|wird|braucht|brauche|suche"
    r"|sucht|kommt|geht|mag|kann|will|darf|möchte|isst|schläft|trägt|wünscht|hätte|war|soll)\b)"
)
HEADLESS = re.compile(
    r"^\W{0,3}(?:Hat|Ist|Wiegt|Wohnt|Lebt|Leidet|Kommt|Braucht|Wird|Sitzt|Trägt|Spricht|War|Nimmt|Bekommt"
    r"|Kann|Stottert|Isst|Schläft"
    r"|Kam|Ging|Geht)\s(?![^.!?\n]{0,200}\?)"
)
LOTS = [
    (Kind.HEALTH, re.compile(grammar.HEALTH, re.IGNORECASE)),
    (Kind.LIFE, re.compile(grammar.BODY)),
    (Kind.LIFE, re.compile(grammar.BELIEF)),
    (Kind.LIFE, re.compile(grammar.STATUS)),
    (Kind.LIFE, re.compile(grammar.VIOLENCE)),
    (Kind.LIFE, re.compile(grammar.POVERTY)),
]
TRACES = [
    re.compile(each) for each in (grammar.ORIGIN, grammar.CLASS, grammar.HOME, grammar.ONLY + grammar.CHILD)
]
FATE = re.compile(grammar.FATE)
GENERAL = re.compile(
    r"\b(?:[Ww]enn|[Ff]alls|[Jj]ede[srnm]?|[Kk]eine?[mnrs]?|[Pp]ro|[Oo]b|[Jj]eweils|[Mm]anch\w*|Ihr(?:em?|en"
    r"|e)?(?=\s(?:\w+\s)?(?:Kind|Baby))|Euer|eure?m?)\s"
    r"(?:[\wäöüß]{2,20}\s){0,2}(?:Kind|Schüler|Schülerin|Jugendliche|Mädchen|Junge|Baby|Familie|Mutter|Frau"
    r"|Mann|Vater|Person)\w*"
    r"|\b(?:nie|niemals|nicht)\s(?:[a-zäöüß]{2,15}\s){0,3}mit einem (?:einzelnen )?Kind allein"
    r"(?: sein)?[.!]?\s{0,3}$"
)
GENDERED = re.compile(
    r"\b(?:[Ee]in|[Ee]inen|[Ee]inem|[Dd]em|[Dd]as|[Dd]iesem?|[Uu]nserem?|[Dd]ieses|[Ee]ines|[Dd]es)"
    + grammar.ADJECTIVES
    + r"\s(?:[A-ZÄÖÜ]?[a-zäöü]{0,12})(?:[Mm]ädchens?|Mädels?)\b(?![-–])"
    r"|\b(?:[Ee]in|[Dd]er|[Dd]ieser|[Uu]nser|[Mm]ein)" + grammar.ADJECTIVES + r"\sJunge\b|\b(?:[Ee]inen"
    r"|[Ee]inem|[Dd]em|[Dd]iesem|[Uu]nserem)"
    + grammar.ADJECTIVES
    + r"\sJungen\b|(?<!mit )(?<!bei )(?<!von )\b[Dd]en"
    + grammar.ADJECTIVES
    + r"\sJungen\b"
    r"|\b(?:[Ff]ür|[Uu]m|[Oo]hne|[Dd]urch|[Gg]egen)\s(?:[Uu]nser|[Mm]ein|[Dd]|[Ee]uer|[Ee]ur)en"
    + grammar.ADJECTIVES
    + r"\sJungen\b"
    r"|\b(?:[Dd]er|[Dd]em|[Dd]as) Kleine[rn]?\b(?!\s[a-zäöü]{2,}\s[A-Z])|\b[Dd]er (?:Bub|Bengel)\b"
    rf"|\b(?:[Dd]ie|[Dd]er|[Ee]iner?|[Uu]nserer?) (?:klein|jung)en? (?:{grammar.SYRER}|{grammar.TUERK})in\b"
    rf"|\b(?:[Dd]er (?:klein|jung)e|[Ee]in (?:klein|jung)er|(?:[Ee]inem|[Ee]inen|[Dd]em) (?:klein|jung)en)"
    rf" (?:{grammar.SYRER}|{grammar.TUERK}en?)\b"
    r"|\b(?:[Dd]ie|[Dd]er|[Ee]iner?|[Uu]nserer?) (?:klein|jung)e[nr]? (?:Romni|Sinteza|Rom|Sinto|Jüdin|Jude"
    r"|Jesidin|Jeside|Muslimin|Muslim|Alevitin|Alevite|Christin|Christ)\b"
    r"|\b[Dd](?:ie|er|as|em|en) (?:klein|jung)e[nr]? [A-ZÄÖÜ][\wäöüß-]{2,30} (?:aus|von) (?:dem|der|den)"
    r" (?:[\wäöüß-]{2,20}\s)?(?:Nachbar|Neben|Hinter|Hoch)?(?:[Hh]aus|Stock|Heim|Wohnung|Unterkunft"
    r"|Siedlung)\b"
)
SIBLINGS = re.compile(
    r"\b(?:[Zz]wei|[Dd]rei|[Vv]ier|[Ff]ünf|[Bb]eide[nr]?|[Dd]ie"
    r"|\d)\s(?:[a-zäöüß]{3,20}e[nr]?\s){0,2}(?:Geschwister|Brüder[n]?|Schwestern|Söhne[n]?|Töchter[n]?"
    r"|Zwillinge[n]?|Drillinge[n]?)\b(?!\s(?:sind|dürfen|können))"
    r"|\b[Dd]en (?:[a-zäöüß]{3,20}en\s)?(?:Brüdern|Schwestern|Geschwistern|Zwillingen)"
    r"\s(?:aus|von|vom|im|in|fehlt|fehlen)\b"
    r"|(?:^|[.!?:;\n]\s{0,2})(?:Zwillinge|Drillinge)\b(?!\s(?:sind|dürfen|können|zahlen|und|oder))"
)
PARENT = re.compile(
    r"(?:^|[.,;:\n(]\s{0,2}|[Uu]nd\s|[Dd]eren\s|[Dd]essen\s)(?:Stief|Groß|Kinds)?(?:[Mm]utter|[Vv]ater|Mama"
    r"|Papa|Oma|Eltern)\s(?:ist|hat|spricht|trinkt|sitzt|arbeitet|lebt|wohnt|kann|war|starb"
    r"|schlägt|bekommt|krank|arbeitslos|alleinerziehend|verstorben|tot|unbekannt|nur|kommt|pflegt|liegt|wurde"
    r"|in Haft|psychisch|getrennt|geschieden)\b"
    r"|\b(?:deren|dessen|ihre[rnms]?|seine[rnms]?)\s(?:Stief|Groß|Halb)?(?:[Mm]utter|[Vv]ater|[Bb]ruder"
    r"|[Ss]chwester)\b"
)
ADVERT = re.compile(
    r"^\W{0,3}[A-ZÄÖÜ][a-zäöüß]{3,25}(?:er|es)\s(?!\w*(?:verein|treff|dienst|club|träger|haus"
    r"|zentrum)\b)[A-ZÄÖÜ][a-zäöüß]{2,25}\b[^.!?\n]{0,120}\b(?:sucht|braucht|hat|benötigt|wünscht)\b"
)
BEARER = re.compile(
    rf"\b{grammar.ONE_ARTICLE}{grammar.ADJECTIVES}\s[A-ZÄÖÜ][a-zäöüß-]{{2,30}}\s(?:hat|hatte|leidet|ist"
    rf"|wurde|war|bekommt"
    rf"|nimmt)\s(?:[\wäöüß]{{2,20}}\s){{0,3}}(?!\w*(?:gerecht|bedingt|[kK]üche|[rR]aum|lift|rampe"
    rf"|platz)\b)(?:{grammar.HEALTH})"
)
AGE_BETWEEN_COMMAS = re.compile(
    rf"\b{grammar.DEFINITE}{grammar.ADJECTIVES}\s[A-ZÄÖÜ][a-zäöüß-]{{2,30}},\s(?:\d{{1,2}}"
    rf"|{grammar.NUMBER_WORDS}),"
    r"|^\W{0,3}[A-ZÄÖÜ][a-zäöüß-]{2,30}(?:\s(?:des\s|der\s|vom\s|von\s)?[A-ZÄÖÜ][a-zäöüß-]{2,30})?,"
    r"\s(?:(?:[Bb]eide|[Aa]lle|erst|gerade|fast|knapp)\s)?"
    rf"(?:\d{{1,2}}|{grammar.NUMBER_WORDS})(?:\s[Jj]ahre)?,"
    r"|^\W{0,3}(?:(?:[a-zäöü]\.\s?){1,3}"
    r"|[a-zäöüß-]{2,30}(?:\s[a-zäöüß-]{2,30})?),?\s\d{1,2}(?:\s?j(?:ahre|\.)?)?,"
)
POSSESSED = re.compile(
    r"\b(?:[Ss]eine?[nmrs]?|[Ii]hre?[nmrs]?|[Dd]eren|[Dd]essen)\s(?:Pflege|Stief|Groß|Halb|Zwillings)?"
    r"(?:[Vv]ater|[Mm]utter|[Bb]ruder|[Ss]chwester|Mama|Papa|Oma|Opa|Onkel|Tante)\b"
    r"|\b(?:[Ss]eine?[nmr]?|[Ii]hre?[nmr]?)\s(?:beste|einzige|liebste)[nrsm]?\s(?:Freund(?:in|es)?|Kumpel)\b"
    r"|(?<!und )\b(?:seine|ihre)[nr]?\s(?:Eltern|Geschwister|Pflegeeltern|Großeltern)\b"
)
PARENT_MEANT = re.compile(
    r"\b(?:[Dd]er|[Dd]em|[Dd]en|[Dd]ie|[Dd]es|[Vv]om|[Bb]eim|[Zz]ur|[Zz]um|[Bb]ei der)\s(?:Stief|Pflege|Groß"
    r"|Kinds)?(?:[Mm]utter|[Vv]aters?|Mama|Papa|Oma|Opa)\b(?!-)"
)
ELDEST = re.compile(
    r"\b(?:[Jj]üngste|[Ää]lteste|[Kk]leinste|[Mm]ittlere)[nrs]?\s(?:der|von|unserer|seiner|ihrer|Sohn|Tochter"
    r"|Kind|Bruder|Schwester|Mädchen|Junge|[\wäöü]{0,12}(?:spieler|Spieler|Teilnehmer)(?:in)?"
    r"|[\wäöü]{0,20}(?:[Mm]itglied|[Gg]ast|[Tt]alent))\b"
)
LODGING = re.compile(
    r"\b(?:[Ww]ohn|[Ll]eb)(?:t|en)\b[^.!?\n]{0,60}(?:Nummer\s\d|Nr\.?\s?\d|Zimmer|Stock|Etage|geschoss|heim\b"
    r"|unterkunft|Keller|Zimmern|Container)"
    r"|(?:Nummer\s\d+|Zimmer\s\d+|Stock|Etage|geschoss|heim|unterkunft|Keller)\b[^.!?\n]{0,40}\b(?:wohn"
    r"|leb)(?:t|en)\b"
)
PARTED = re.compile(r"\bEltern\s(?:haben|sind|leben|trinken|sitzen|können|streiten)\b")
A_FEW = re.compile(
    r"\b(?:[Zz]wei|[Dd]rei|[Bb]eiden?)\s(?:[a-zäöüß]{3,20}e[nr]?\s){0,2}(?:Mädchen|Jungen|Jungs|Kinder"
    r"|Jugendliche|Schüler|Schülerinnen)\b"
)
AGES_OF_A_FEW = re.compile(
    r"\b(?:Kinder|Geschwister|Söhne[n]?|Töchter[n]?|Brüder[n]?|Schwestern|töchter[n]?|söhne[n]?"
    r"|sind)[\s(,]{1,3}\d{1,2}(?:,\s?\d{1,2}){0,4}\s?(?:und|&|,)\s?\d{1,2}(?!\d|\s?(?:Uhr|Euro|bis|\.\s?\d))"
)
MEANT_WORD = re.compile(
    r"\b(?:[Dd](?:er|ie|em)|[Uu]nsere?[rm]?) (?:Neue|Stille|Schüchterne|Schwächste|Ärmste|Auffällige)[nr]?\b"
    r"(?=\s[a-zäöü])"
    r"|\b(?:Sorgenfall|Sorgenkind|Problemkind|Waisenkind|Findelkind|Problemfall|Pflegefall"
    r"|Einzelfall)\b|\bwiegt\b[^.!?\n]{0,30}\d"
)
TELLING = re.compile(
    r"^[^.!?\n]{0,60}?\b(?:[Ee]ine?|[Ee]iner|[Dd]as|[Dd]ieses|[Uu]nser|[Mm]ein)(?:\s[\wäöüß-]{2,25}(?:e|er|es"
    r"|en))?\s(?:Kind|[A-ZÄÖÜ]\w{2,20}kind|[A-ZÄÖÜ]?\w{0,15}(?:[Ss]chüler|[Kk]lässler)(?:in)?|Jugendliche[r]?"
    r"|Abiturient(?:in)?|Teenager)\s"
    r"(?:trägt|hat|kommt|sitzt|spricht|wird|wurde|lebt|wohnt|bekommt|fehlt|kann|schläft|isst|darf|stottert"
    r"|klaut|stört|läuft|friert|weint)\b"
)
ONE_CLASS = re.compile(r"\b(?:[1-9]|1[0-3])\s?[a-f]\b")
OWN = re.compile(
    rf"\b{grammar.POSSESSIVE}{grammar.ADJECTIVES}\s(?:(?:Pflege|Stief|Enkel|Paten|Adoptiv"
    rf"|Nachbars)?(?:[Ss]ohn|[Tt]ochter|[Kk]ind|[Jj]unge|[Mm]ädchen|[Ee]nkel(?:in)?)"
    r"|Neffe|Nichte|Nachbar(?:in)?|Bruder|Schwester|Mann|Frau|Mutter|Vater|Mama|Mami|Papa|Papi|Oma|Opa"
    r"|(?:Stief|Groß|Pflege)(?:vater|mutter|bruder|schwester|eltern)"
    r"|(?<=[Mm]eine )Eltern|(?<=[Mm]einen )Eltern|Zwillinge|Söhne|Töchter"
    r"|Kleine[rn]?|Große[rn]?|Freundin|Freund)\b"
)
ONLY = re.compile(
    rf"{grammar.ONLY}{grammar.CHILD}\b"
    rf"|\b[Uu]nsere?[mn]? einzige[nrms]?\s[A-ZÄÖÜ][a-zäöüß]{{2,20}}(?:in|er)\b"
    rf"|\b[Dd](?:er|ie|en|em|as) einzige[nrms]?\s[A-ZÄÖÜ][a-zäöüß]{{2,20}}(?:in|er)"
    r"\s(?:in|aus|der|an|von|ohne|mit)\b"
    r"|\b[Aa]ls (?:die |der |das )?einzige[rs]?\s[A-ZÄÖÜ][a-zäöüß]{2,20}\b"
)
# More than one person, or people without a number: what is told then is nobody's own.
MANY = re.compile(
    r"\b(?:\w*[Kk]indern?|Menschen|\w*[Ff]amilien|\w*[Jj]ugendlichen?|Frauen|Männern?|Müttern?|Vätern?|Leuten?"
    r"|Personen|\w+innen|\w*[Gg]eflüchteten?|Gemeinden|Religionen|Angehörigen?|Betroffenen?|Schwangeren?|Alleinerziehende"
    r"|Senioren|\w*[Ss]chülern|(?:[Dd]ie|[Vv]iele|[Uu]nsere|[Aa]lle|und|\d) \w*[Ss]chüler|Gästen?|Jungs"
    r"|[Aa]llen?|Paten|Klassen|Gruppen|Ihre?[nmr]?|Sie|Elternabend\w*|Infoabend|Beratung|Hilfetelefon"
    r"|Mädels|Patienten|Anträgen?|Sprechstunde|Hotline|Vortrag|Thema|Workshop"
    r"|[Ff]ür (?:Rollstuhlfahrer|Diabetiker|Asylbewerber))\b"
)
# A lot in a word that names help, a house or a thing („Kleiderkammer“, „rollstuhlgerecht“).
IMPERSONAL = re.compile(
    r"^(?:[\wäöüß-]*(?:kammer|gerecht\w*|freie?\w*|haus(?:es)?|ball|pfad|hund\w*|küche|schaft\w*|prävention"
    r"|training|zugang|begleitung|beratung\w*|stelle\w*|hilfen?|gruppe|werkstatt|zuschlag|fonds|lift|rampe|platz|polizei|gemeinden?|laternen?"
    r"|krankheit|bedingt\w*|sport\w*)|Mobbing|Sucht|Drogen|Alkohol|ohne Strom"
    r"|Kilo\s[\wäöüß-]+"
    r"|(?:evangelisch|katholisch)\w*\s[\wäöüß-]*)$",
    re.IGNORECASE,
)
