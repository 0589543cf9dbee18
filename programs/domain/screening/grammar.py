"""Words by which a text speaks of one person, and of what nobody may read about one person.

Pieces of patterns only; programs.domain.screening.persons puts them together.
"""

NUMBER_WORDS = (
    "(?i:ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|fuenf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwoelf"
    "|dreizehn|vierzehn|fünfzehn"
    "|fuenfzehn|sechzehn|siebzehn)"
)
_YEARS = (
    r"(?:\d{1,2}(?:[.,]5|½)?|" + NUMBER_WORDS.replace("ein(?:e[mnrs]?)?", "ein(?:e[mnrs]?)?(?:inhalb)?") + ")"
)

CHILD = (
    r"(?:(?:[A-ZÄÖÜ]?[\wäöüß]{2,20})?"
    r"(?:[Kk]ind(?:es)?|[Jj]ungen?|[Mm]ädchens?|[Ss]ohne?s?|[Tt]ochter|[Ss]chüler(?:in|s)?|[Ee]nkel(?:in|s)?"
    r"|[Ss]chwester|[Bb]ruders?|[Nn]effen?|[Nn]ichte|[Kk]lässler(?:in|s)?|[Zz]willing)"
    r"|Babys?|Säuglings?|Teenagers?|Teenie|Buben?|Bursche|Kleinkind|Jugendliche[nr]?|Junge[nr]? Mensch(?:en)?"
    r"|Knirps(?:es)?|Dreikäsehoch|Rabauken?|Rackers?|Frechdachs|Wildfang|Lausbuben?|Nesthäkchens?"
    r"|Zappelphilipp"
    r"|Azubi|Kerlchen|Kleine[nrs]?|Mädel|Bub|Bengel|Sprössling|Täufling|Erstkommunikant(?:in)?"
    r"|Konfirmand(?:in)?|Waise|Halbwaise|Vollwaise|Pflegling|Schützlings?|Große[nr]|Jüngste[nrs]?"
    r"|Älteste[nrs]?|Kleinste[nrs]?|Größte[nrs]?|Mittlere[nrs]?"
    r"|Teilnehmer(?:in|s)?|Torwart|Torhüter(?:in)?|Spieler(?:in|s)?|Klassensprecher(?:in)?|Abiturient(?:in"
    r"|en)?|Patient(?:in|en)?"
    r"|Klient(?:in|en)?|Diabetiker(?:in|s)?|[\wäöü]{0,12}[Ff]ahrer(?:in)|Sorgenfall|Zwillingspaar"
    r"|Minderjährige[nrs]?|Neuankömmling)"
)
ADULT = (
    r"(?:(?:Groß|Stief|Schwieger|Pflege|Adoptiv|Allein|Kinds)?[Mm]utter|(?:Groß|Stief|Pflege|Adoptiv"
    r"|Kinds)?[Vv]ater"
    r"|Mama|Mami|Papa|Papi|Oma|Opa|Omi|Onkel|Tante|Witwe[r]?|Nachbar(?:in)?|Frau|Mann|Mieter(?:in)?"
    r"|Alleinerziehende[nr]?|Rentner(?:in)?|Geflüchtete[nr]?|Asylbewerber(?:in)?|Bewohner(?:in)?"
    r"|(?:Groß|Pflege|Flüchtlings|Nachbars|Sinti-|Roma-|Teil|Patchwork)?[Ff]amilie|Ehepaar|Paar"
    r"|Geschwisterpaar|Prinzessin|Prinz(?:en)?|Wirbelwind|Neuzugang|Nachzügler(?:in)?"
    r"|Geschwister(?:kinder)?|Zwillinge|Drillinge|Brüder|Schwestern)"
)
DEFINITE = (
    r"(?:[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Dd]en|[Dd]es|[Dd]iese[mnrs]?|[Jj]ene[mnrs]?|[Uu]nsere?[mnrs]?"
    r"|[Mm]eine?[mnrs]?"
    r"|[Ss]eine?[mnrs]?|ihre?[mnrs]?|[Dd]eine?[mnrs]?|[Bb]esagte[mnrs]?)"
)
INDEFINITE = r"(?:[Ee]ine?[mnrs]?|[Gg]ewisse[mnrs]?)"
ONE_ARTICLE = r"(?:[Ee]ine?[nmrs]?|[Uu]nsere?[nmrs]?|[Mm]eine?[nmrs]?|[Dd]e[rnms]|[Dd]as|[Dd]iese[rnms])"
ROLE_WITHOUT_ARTICLE = (
    r"(?:[Kk]ind|[Jj]unge(?!\s[A-ZÄÖÜ])|[Mm]ädchen|[Mm]ädel|[Ss]ohn|[Tt]ochter|[Bb]aby|[Bb]ub|[Ss]äugling"
    r"|[Ss]chülerin|(?:[Gg]rund)?[Ss]chüler(?=,\s(?:\d|[Kk]lasse|männl|erste|zweite|dritte|vierte))"
    r"|[Ee]nkel(?:in)?|[Jj]ugendlicher|[Tt]eenager"
    r"|[\wäöüß]{2,15}(?:mädchen|junge|sohn|tochter|schülerin|kind|klässler|klässlerin)"
    r"|[Rr]ollstuhlfahrer(?:in)?|[Aa]sylbewerber(?:in)?"
    r"|[Dd]iabetiker(?:in)?|[Aa]utist(?:in)?|[Ww]itwer?|[Aa]lleinerziehender?(?=,)|[Ff]lüchtling"
    r"|[Aa]biturient(?:in)?|[Mm]utter|[Vv]ater|[Ff]amilie)"
)
POSSESSIVE = r"(?:[Mm]eine?[mnrs]?|[Uu]nsere?[mnrs]?)"
ADJECTIVES = r"(?:\s[\wäöüß-]{2,25}(?:e|en|er|es|em|ige|igen)){0,3}"

FEAST = (
    r"(?:Heiligabend|Heilig Abend|(?:ersten |zweiten )?Weihnachts(?:tag|feiertag)|Weihnachten|Silvester"
    r"|Neujahr(?:stag)?"
    r"|Dreikönigstag|Rosenmontag|Weiberfastnacht|Karfreitag|Oster(?:n|sonntag|montag)|Pfingst(?:en"
    r"|sonntag|montag)"
    r"|Nikolaus(?:tag)?|Martinstag|Valentinstag|Muttertag|Weltkindertag|Halloween|Allerheiligen"
    r"|Tag der Deutschen Einheit"
    r"|Tag der Arbeit|Zuckerfest)"
)
AGE = (
    rf"\b{_YEARS}[- ]?[Jj](?:ä|ae)hrige[rsnm]?\b"
    rf"|\b{_YEARS}\s(?:[Jj]ahre?n?|[Jj]\.|[Jj]hr\.?|[Mm]onate?|[Ww]ochen)(?:\s(?:und\s\w+\sMonate\s)?(?:alt"
    rf"|jung)\b)?"
    rf"|\b(?:[Ii]st|[Ww]ar|[Ww]ird|[Ww]erde|[Ww]urde|[Bb]in)\s(?:(?:erst|jetzt|gerade|schon|bald|knapp"
    rf"|fast|nun|heute|morgen"
    rf"|nächste Woche"
    rf"|im \w+|am [\w. ]{{3,12}}|(?:an |am |zu )?{FEAST}|grade|mal)\s){{0,3}}{_YEARS}(?=\s?(?:[.,:;!?)]"
    rf"|$|und\b|Jahre?\b|geworden"
    rf"|alt\b|sitzt|hat))"
    r"|\(\s?\d{1,2}\s?(?:J\.?|Jahre?|,[^)]{0,30})?\)"
    rf"|\b(?:ist|wird|war|wurde)\s(?:sie|er)\s(?:(?:erst|jetzt|schon|bald|fast"
    rf"|gerade)\s){{0,2}}{_YEARS}(?=\s?(?:[.,:;!?)]|$|und\b|Jahre?\b|geworden|alt\b))"
    rf"|\b\d{{1,2}}(?:,\s\d{{1,2}}){{0,4}} und \d{{1,2}}(?= Jahre\b(?! alte))"
    rf"|\b(?:gerade|eben|schon|bald|neulich|kürzlich|jetzt|letztens)\s{_YEARS}\sgeworden\b"
    rf"|\bAlter:?\s{_YEARS}\b|\b(?<!ersten )(?<!den )[Ll]ebensjahr\b"
)
RANGE_BEFORE = (
    r"(?:\bvon|\bbis|\bab|\bunter|\büber|\bzwischen|\bund|\bseit|\bvor|\bnach|\bmindestens|\bmit|\bfür|\boder"
    r"|\bca\.|\bin"
    r"|\binnerhalb|\betwa|\brund|\bnächsten?|\bletzten?|\balle|\bfast|\b[Dd]ie|\b[Dd]en|\b[Dd]er"
    r"|\bknapp|\bgut"
    r"|\bmehr als|\bkommenden"
    r"|\bmax\.|\bmaximal|\bhöchstens|\bwegen|-|–|/|,)\s{0,2}$"
)
RANGE_AFTER = r"^\s{0,2}(?:bis\b|-\s?\d|–|und \w+[- ]?[Jj]ähr|oder \w+[- ]?[Jj]ähr|Jahre bis)"

HEALTH = (
    r"\b(?:ADHS|ADS\b|AD\(H\)S|Autis|Asperger|[Tt]rauma|Epilep|Diagnos|Depress|depress|FASD?\b|LRS\b"
    r"|Legasthen|Dyskalkul"
    r"|[Ll]ese-?\s?-?[Rr]echtschreib|Rechenschwäche|Down-?\s?Syndrom|Trisomie|[Bb]ehindert|Behinderung|Diabet"
    r"|[Zz]uckerkrank"
    r"|psychisch|[Rr]ollstuhl|[Kk]rebs|Leukämie|Tumor|Asthma|Mukoviszidose|Allergie|allergisch|HIV|Aids"
    r"|Hepatitis"
    r"|[Kk]rank(?:\b|e[mnrs]?\b|heit|enhaus)|chronisch|Rheuma|Herzfehler|Schizophren|Psychos|Borderline"
    r"|Magersucht"
    r"|magersüchtig|Bulimie|Essstörung|Tourette|[Tt]aub|gehörlos|[Bb]lind|sehbehindert|hörgeschädigt|Hörgerät"
    r"|stotter"
    r"|[Ss]pastik|Lähmung|gelähmt|Ritalin|Medikinet|Tabletten|Medikament|Insulin|Therapie|Psychiatrie|Klinik"
    r"|Operation"
    r"|operiert|Chemo|Prothese|schwanger|(?-i:Sucht)|süchtig|Autismus|Entwicklungsverzögerung"
    r"|entwicklungsverzögert"
    r"|Förderbedarf|[Ff]örderschwerpunkt|lernbehindert|Schulbegleit|Inklusionskind|I-Kind|Pflegegrad|Mutismus"
    r"|mutistisch"
    r"|Angststörung|Panikattacke|Zwangsstörung|hyperaktiv|Bettnäss|nässt|einnässt|einkotet|Windeln"
    r"|Neurodermitis|Zöliakie"
    r"|Fetal|Frühchen|Anfälle|Krampf|Migräne|Skoliose|Kleinwuchs|kleinwüchsig|zerebral|Zerebral|Bipolar"
    r"|bipolar|suizid"
    r"|Suizid|Selbstmord|selbstverletz|ritzt|verhaltensauffällig|Verhaltensstörung|aggressiv|hochbegabt|IQ\b"
    r"|Intelligenz"
    r"|leidet|Leiden|Anämie|Transplant|Dialyse|Sichelzell|Hydrozephalus|Spina|Niere|dement|Demenz|Sklerose"
    r"|Brille|Muskelschwund|Muskeldystroph|Hirn|PTBS)"
)
# From here to POVERTY capitals do not count, but for what stands in (?-i:…).
BODY = (
    r"\b(?:wiegt|kilo(?:gramm)?\b|\d{2,3}\s?kg\b|übergewicht|untergewicht|zu dick|zu dünn|adipos"
    r"|adipös|fettleibig"
    r"|dick(?:e[rsnm]?)?\b|mollig|bmi\b|abgemagert|unterernährt|konfektionsgröße|narbe|muttermal|feuermal"
    r"|zahnspange"
    r"|rothaarig|hautfarbe|schwarzhäutig|dunkelhäutig)"
)
BELIEF = (
    r"\b(?:muslim|moslem|islam|jüdisch|jude\b|jüdin|jesid|êzid|alevit|sunnit|schiit"
    r"|zeugen? jehova"
    r"|getauft|taufe|kopftuch|betet\b|religion\b|konfession|moschee|synagoge|fastet|ramadan|hindu|buddhist"
    r"|atheist"
    r"|konvertier|katholisch(?:e[rsnm]?)?\b|evangelisch(?:e[rsnm]?)?\b|orthodox"
    r"|christlich(?:e[rsnm]?)? erzogen|sinti\b|(?-i:Roma)\b"
    r"|sinto|romni|(?-i:Rom)\b|schwul|lesbisch|transident|trans(?:gender|sexuell|-?junge|-?mädchen)"
    r"|queer|bisexuell|afd\b)"
)
STATUS = (
    r"\b(?:asyl|abschieb|abgeschoben|duldung|geduldet|aufenthalt(?:s|\b)|ohne papiere"
    r"|papierlos|flüchtling"
    r"|geflüchtet|geflohen|flucht\b|ausweisung|ausreisepflichtig|bamf\b|visum|ausländerbehörde|illegal"
    r"|eingereist"
    r"|unbegleitet|subsidiär|staatsangehörigkeit|staatenlos|schutzstatus|dublin|einbürgerung|kriegsgebiet)"
)
VIOLENCE = (
    r"\b(?:geschlagen|schlägt|schlug|schlagen\b|verprügel|misshandel|missbrauch|missbraucht|gewalt"
    r"|vergewaltig|frauenhaus"
    r"|inobhut|in obhut|weggelaufen|abgehauen|gefängnis|haft\b|jva\b|knast|alkohol|drogen|betrunken"
    r"|trinkt zu|säuft|polizei"
    r"|vernachlässig|verwahrlost|kindeswohl|bedroht|morddrohung|ermordet|getötet|gestorben|verstorben|starb\b"
    r"|tod\b|tot\b|gefallen ist|blaue flecken|wunden?\b|verletzt|geschrien|versteckt sich|streit der eltern"
    r"|sitzt ein\b|einsitz|zwangsverheirat"
    r"|umgebracht|kinderheim|(?-i:Heim)\b|sorgerecht|scheidung|trennung|getrennt|stiehlt|gestohlen|geklaut"
    r"|klaut|straffällig|vorbestraft"
    r"|bewährung|jugendarrest|gemobbt|mobbing|zwangsheirat|beschneidung|beschnitten|eingesperrt|verwaist"
    r"|verlassen hat"
    r"|stalking|angezündet|diebstahl|prostitu|schwänz|schulverweis|sitzen ?geblieben|vormund|pflegeeltern"
    r"|verloren"
    r"|anzeige\b|kriminal|dealt|kifft|prügelt|gequält|belästigt|verhaftet|abgeholt worden)"
)
POVERTY = (
    r"\b(?:hartz|bürgergeld|sozialhilfe|grundsicherung|wohngeld|schulden|überschuldet"
    r"|verschuldet|insolvenz|pleite"
    r"|räumung|zwangsräum|stromsperre|strom abgestellt|obdachlos|wohnungslos|notunterkunft"
    r"|sammelunterkunft|arbeitslos"
    r"|kein(?:e[nmrs]?)? (?:eigene[snm]? )?(?:bett|geld|jacke|winterjacke|schuhe|winterschuhe|ranzen|essen"
    r"|frühstück|heizung|strom"
    r"|schreibtisch|zimmer|pausenbrot|zuhause|kleidung|fahrrad|computer|möbel|matratze|warme)"
    r"|ohne (?:bett|geld|frühstück|pausenbrot|essen|heizung|strom|winterjacke|ranzen|job|arbeit|wohnung)"
    r"|nicht leisten|hungr|hungert|hunger\b|arm(?:e[rsnm]?)?\b|bedürftig|mittellos|bettel|pfandflaschen"
    r"|lebensmittelgutschein"
    r"|nichts zu essen|genug zu essen|verdreckt|schimmel|kaputte schuhe|zerrissen|löchrig"
    r"|barfu(?:ß|ss)|ohne (?:jacke|schuhe|mantel|socken|handschuhe|winterschuhe)|friert\b|frieren\b"
    r"|kleiderkammer|pfändung|auf der straße (?:lebt|schläft|sitzt)"
    r"|schlafen? (?:auf dem boden|im auto)|schläft (?:auf|im)|existenz|miete|kinderzuschlag"
    r"|leistungen vom amt|vom amt\b)"
)
SYRER = (
    r"(?:Syr|Irak|Iran|Eritre|Somali|Ukrain|Rumän|Bulgar|Alban|Arab|Serb|Bosni|Kosovar|Marokkan|Tunesi"
    r"|Nigerian|Georgi|Armeni|Pakistan|Ind|Afrikan|Italien|Spani|Ghana)er"
)
TUERK = r"(?:Afghan|Türk|Kurd|Pol|Russ|Tschetschen|Vietnames|Chines|Griech|Kroat)"
ORIGIN = (
    r"\b(?:syr|afghan|irak|iran|eritre|somal|ukrain|türk|kurd|rumän|bulgar|poln|russ|alban|arab|afrikan"
    r"|serb|bosn|kosovar"
    r"|marokkan|tunes|nigerian|vietnames|tschetschen|georg|armen|pakistan|indi)isch\w{0,3}\b|"
    r"\b(?:aus|stammt aus|kommt aus) (?:der |dem |den )?(?:Syrien|Afghanistan|Irak|Iran|Eritrea|Somalia"
    r"|Ukraine|Türkei|Rumänien"
    r"|Bulgarien|Polen|Russland|Albanien|Kosovo|Serbien|Bosnien|Mazedonien|Nordmazedonien|Marokko|Tunesien"
    r"|Algerien|Ägypten"
    r"|Nigeria|Ghana|Kongo|Kamerun|Guinea|Gambia|Äthiopien|Sudan|Libanon|Pakistan|Indien|Bangladesch"
    r"|Sri Lanka|Vietnam|China"
    r"|Georgien|Armenien|Aserbaidschan|Tschetschenien|Moldawien|Moldau|Griechenland|Italien|Spanien|Portugal"
    r"|Kroatien|Libyen"
    r"|Jemen|Palästina|Gaza|Israel|Venezuela|Kolumbien|Brasilien|Mali|Senegal|Togo|Angola|Kurdistan"
    r"|Tadschikistan|Usbekistan"
    r"|Kasachstan|Belarus|Weißrussland|Ungarn|Tschechien|Slowakei|Mariupol|Charkiw|Aleppo|Kabul|Damaskus"
    r"|Mossul|Kiew|Kyjiw|Odess?a|Lwiw|Cherson|Bachmut|Idlib|Homs|Raqqa|Hama|Latakia|Afrin|Kobane|Herat"
    r"|Kundus|Kandahar"
    r"|Bagdad|Erbil|Dohuk|Sindschar|Teheran|Asmara|Mogadischu|Tirana|Pristina|Skopje|Sofia|Bukarest"
    r"|Istanbul|Ankara"
    r"|Diyarbak[iı]r|Grosny|Tiflis|Eriwan|Beirut|Lagos|Accra)\b"
)
CLASS = (
    r"\b(?:Klasse\s?\d{1,2}\s?[a-f]\b|(?:[1-9]|1[0-3])\s?[a-f]\b|(?:in|aus) (?:die|der) (?:\d{1,2}\."
    r"|erste[nr]?|zweite[nr]?|dritte[nr]?"
    r"|vierte[nr]?|fünfte[nr]?|sechste[nr]?|siebte[nr]?|achte[nr]?|neunte[nr]?|zehnte[nr]?) Klasse"
    r"|Klasse (?:von|der) (?:Frau|Herrn?)\b"
    r"|(?:gelbe|rote|blaue|grüne|Bären|Igel|Mäuse|Sonnen|Löwen|Schmetterlings|Marienkäfer|Frosch|Elefanten"
    r"|Delfin|Regenbogen"
    r"|Sternen|Eulen|Fuchs|Hasen)-?n?\s?-?[Gg]ruppe|\d{1,2}\. Klasse|Klasse \d{1,2}\b|(?:dritten|vierten"
    r"|zweiten|ersten) Schuljahr"
    r"|[1-4]\. Schuljahr)"
)
HOME = (
    r"\b(?:wohnt|wohnen|wohnhaft|lebt\b|leben in|[Ww]ohnung|zu Hause|zuhause|bei den Eltern|Elternhaus"
    r"|bei der Mutter|beim Vater"
    r"|bei (?:ihrer|seiner|der) (?:Oma|Tante|Großmutter|Mutter)|bei (?:ihrem|seinem|dem) (?:Opa|Onkel"
    r"|Großvater|Vater)|privat\b"
    r"|gegenüber (?:der|dem|vom)|Hochhaus|Mehrfamilienhaus|\d\. ?(?:Stock|Etage|OG)|(?:ersten|zweiten|dritten"
    r"|vierten) (?:Stock|Etage)"
    r"|nebenan|Nachbarhaus|Nebenhaus|(?:[Ee]rd|[Dd]ach|[Oo]ber|[Uu]nter)geschoss|Etage links|Haus Nr"
    r"|Haustür|Wohnungstür"
    r"|Hausnummer|Wohnblock|Klingel"
    r"|klingeln|Adresse|Wohnheim|Unterkunft|Containerdorf|Asylheim)"
)
ONLY = (
    r"\b(?:[Dd]as einzige|[Dd]er einzige|[Dd]ie einzige|[Dd]em einzigen|[Dd]en einzigen|[Ee]inzige[rs]?"
    r"|[Nn]ur ein(?:e[nm]?)?)\b"
    r"(?:\s[\wäöüß-]{2,25}){0,2}\s"
)
FATE = (
    r"\b(?:nicht\b|keine?[nmrs]?\b|nie\b|niemals|niemand|ausgelacht|gehänselt|geärgert|verspottet"
    r"|beschimpft|ausgegrenzt|adoptiert|zwei (?:Mütter|Väter)\b|zur Welt\b|Läuse\b|ausgeschlossen|gefehlt"
    r"|kann (?:kaum|kein|noch kein|nur wenig|noch wenig|nicht) |spricht (?:kaum|kein|noch kein|nicht|nur)"
    r"|kein Wort Deutsch"
    r"|überfordert|einsam\b|schüchtern|traurig|weint|schreit|Schulweg|Einschulung verpasst|ohne Eltern"
    r"|ohne Vater|ohne Mutter"
    r"|allein(?:e)? (?:mit|zu Hause)|alleinerziehend|Alleinerziehend|schlechte Noten|versetzungsgefährdet"
    r"|Fünf in|schläft nicht"
    r"|liest nicht|Angst\b|Geburtstag\b|kleine(?:n|m|r|s)? (?:Bruder|Schwester)|Spielkamerad|Freunde"
    r"|braucht\b|ganz allein)"
)
SURNAMES = (
    "(?:Müller|Schmi(?:dt|tt|tz)|Schneider|Fischer|M[ae][iy]er|Weber|Schul(?:z|ze|te)|Wagner|Becker"
    "|Ho(?:ff|f)mann|Schäfer|Koch"
    "|Bauer|Richter|Klein|Wol(?:f|ff)|Schröder|Neumann|Schwarz|Zimmermann|Braun|Krüger|Hartmann|Langen?"
    "|Kraus(?:e)?|Werner"
    "|Lehmann|Köhler|Herrmann|Walter|König|Huber|Kaiser|Fuchs|Peters|Scholz|Möller|Weiß|Jung|Hahn"
    "|Schubert|Vogel"
    "|Friedrich|Keller|Günther|Frank|Berger|Winkler|Roth|Beck|Lorenz|Baumann|Franken?|Albrecht|Schuster|Simon"
    "|Ludwig|Böhm|Martin|Schumacher|Krämer|Kramer|Vogt|Stein|Jäger|Otto|Groß|Seidel|Heinrich|Brandt|Haas"
    "|Schreiber|Graf|Dietrich|Ziegler|K[uü]hn|Pohl|Horn|Busch|Bergmann|Thomas|Voigt|Sauer|Arnold"
    "|Pfeiffer|Esser"
    "|Decker|Breuer|Kremer|Nießen|Hansen|Janss?en|Hermanns|Heinen|Küpper|Schiffer|Ritter|Metzger|Schlosser"
    "|Schreiner|Maurer|Gerber|Förster|Hirsch|Adler|Sperling|Wirtz)"
)
