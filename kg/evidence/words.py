"""The words in which quotes and texts are told of, in four languages.

Nobody whose language it is has read those in Danish, Norwegian and Swedish.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.shapes import Severity

Words = tuple[str, str, str, str]
"""English, Danish, Norwegian and Swedish; readers of Nynorsk get what is written in Bokmål."""

QUOTE, REACH, TEXT = "evidence.quote", "evidence.reach", "evidence.text"

RULE_WORDS: Mapping[str, tuple[Severity, Words, Words]] = {
    QUOTE: (
        Severity.VIOLATION,
        (
            "quotes that stand in their sources",
            "citater, der står i deres kilder",
            "sitater som står i sine kilder",
            "citat som står i sina källor",
        ),
        (
            "A quote that its source does not have, or that leaves out a word such as “not”, proves nothing.",
            "Et citat, som kilden ikke har, eller som udelader et ord som ”ikke”, beviser intet.",
            "Et sitat som kilden ikke har, eller som utelater et ord som «ikke», beviser ingenting.",
            "Ett citat som källan inte har, eller som utelämnar ett ord som ”inte”, bevisar inget.",
        ),
    ),
    REACH: (
        Severity.WARNING,
        (
            "quotes out of the reach of negations and hedges",
            "citater uden for nægtelsers og forbeholds rækkevidde",
            "sitater utenfor rekkevidden av nektelser og forbehold",
            "citat utom räckhåll för negationer och förbehåll",
        ),
        (
            "Words that a source denies, expects or has from others are no plain facts; the"
            " statement has to show it.",
            "Ord, som en kilde benægter, venter eller har fra andre, er ikke rene kendsgerninger;"
            " udsagnet skal vise det.",
            "Ord som en kilde benekter, venter eller har fra andre, er ikke rene kjensgjerninger;"
            " utsagnet må vise det.",
            "Ord som en källa förnekar, väntar eller har från andra är inga rena fakta; utsagan"
            " måste visa det.",
        ),
    ),
    TEXT: (
        Severity.WARNING,
        (
            "texts and lock that are up to date",
            "tekster og lås, der er ajour",
            "tekster og lås som er à jour",
            "texter och lås som är aktuella",
        ),
        (
            "What was checked against another text, or never, is believed and not known.",
            "Hvad der er holdt op mod en anden tekst, eller aldrig, er noget, man tror, ikke noget, man ved.",
            "Det som er holdt opp mot en annen tekst, eller aldri, er noe man tror, ikke noe man vet.",
            "Det som har jämförts med en annan text, eller aldrig, är något man tror, inte något man vet.",
        ),
    ),
}

TABLE: Mapping[str, tuple[str, Words]] = {
    "unnamed": (
        QUOTE,
        (
            "the quote does not say from which of the sources of the case it is; write source: … beside it",
            "citatet siger ikke, hvilken af sagens kilder det er fra; skriv source: … ved siden af",
            "sitatet sier ikke hvilken av sakens kilder det er fra; skriv source: … ved siden av",
            "citatet säger inte vilken av fallets källor det är från; skriv source: … bredvid",
        ),
    ),
    "long": (
        QUOTE,
        (
            "the quote {long}; quote only the words that carry it",
            "citatet er for langt; citér kun de ord, der bærer det",
            "sitatet er for langt; siter bare de ordene som bærer det",
            "citatet är för långt; citera bara de ord som bär det",
        ),
    ),
    "absent": (
        QUOTE,
        (
            "the quote does not stand in {source}; copy it from the text, word for word, with no ellipsis",
            "citatet står ikke i {source}; kopiér det fra teksten, ord for ord, uden udeladelser",
            "sitatet står ikke i {source}; kopier det fra teksten, ord for ord, uten utelatelser",
            "citatet står inte i {source}; kopiera det från texten, ord för ord, utan utelämningar",
        ),
    ),
    "capitals": (
        QUOTE,
        (
            "the quote does not stand in {source}; but for capitals, it stands at {place}; copy it"
            " from the text",
            "citatet står ikke i {source}; på nær store bogstaver står det på {place}; kopiér det"
            " fra teksten",
            "sitatet står ikke i {source}; bortsett fra store bokstaver står det på {place}; kopier"
            " det fra teksten",
            "citatet står inte i {source}; bortsett från versaler står det på {place}; kopiera det"
            " från texten",
        ),
    ),
    "spliced": (
        QUOTE,
        (
            "the quote does not stand in {source}; but for “{words}” at {place} it does: if that is"
            " the alternative text"
            " of an image, write it into the description of the source",
            "citatet står ikke i {source}; på nær ”{words}” på {place} gør det: er det et billedes"
            " alternative tekst,"
            " så skriv den i kildens beskrivelse",
            "sitatet står ikke i {source}; bortsett fra «{words}» på {place} gjør det det: er det"
            " den alternative teksten"
            " til et bilde, så skriv den i kildens beskrivelse",
            "citatet står inte i {source}; bortsett från ”{words}” på {place} gör det det: är det en"
            " bilds alternativa"
            " text, skriv den i källans beskrivning",
        ),
    ),
    "elsewhere": (
        QUOTE,
        (
            "the quote does not stand in {source}; it stands in {other}, at {place}; write source: {other}",
            "citatet står ikke i {source}; det står i {other}, på {place}; skriv source: {other}",
            "sitatet står ikke i {source}; det står i {other}, på {place}; skriv source: {other}",
            "citatet står inte i {source}; det står i {other}, på {place}; skriv source: {other}",
        ),
    ),
    "shortened": (
        QUOTE,
        (
            "the quote does not stand in {source}, whose text ends at {length}, before the place of"
            " the quote: is all"
            " of it there?",
            "citatet står ikke i {source}, hvis tekst slutter ved {length}, før citatets sted: er"
            " den der helt?",
            "sitatet står ikke i {source}; teksten slutter ved {length}, før sitatets sted: er alt med?",
            "citatet står inte i {source}, vars text slutar vid {length}, före citatets plats: finns"
            " hela där?",
        ),
    ),
    "garbled": (
        QUOTE,
        (
            "the quote does not stand in {source}, whose text is garbled (“Ã¸” for “ø”): it was read"
            " in the wrong"
            " encoding once, and saved",
            "citatet står ikke i {source}, hvis tekst er forvansket (”Ã¸” for ”ø”): den er engang"
            " læst i forkert"
            " tegnsæt og gemt",
            "sitatet står ikke i {source}; teksten er forvansket («Ã¸» for «ø»): den er en gang lest"
            " i feil tegnsett"
            " og lagret",
            "citatet står inte i {source}, vars text är förvanskad (”Ã¶” för ”ö”): den har lästs i"
            " fel teckenkodning"
            " och sparats",
        ),
    ),
    "times": (
        QUOTE,
        (
            "the quote stands {count} times in {source}: {places}; write “at” yourself, or quote more words",
            "citatet står {count} gange i {source}: {places}; skriv selv ”at”, eller citér flere ord",
            "sitatet står {count} ganger i {source}: {places}; skriv selv «at», eller siter flere ord",
            "citatet står {count} gånger i {source}: {places}; skriv själv ”at”, eller citera fler ord",
        ),
    ),
    "selector": (
        QUOTE,
        (
            "“{words}” stands at {place}; correct its selector",
            "”{words}” står på {place}; ret dets selector",
            "«{words}» står på {place}; rett selektoren",
            "”{words}” står på {place}; rätta dess selektor",
        ),
    ),
    "moved": (
        QUOTE,
        (
            "the quote stands at {place}, not at {said}",
            "citatet står på {place}, ikke på {said}",
            "sitatet står på {place}, ikke på {said}",
            "citatet står på {place}, inte på {said}",
        ),
    ),
    "placeless": (
        QUOTE,
        (
            "the quote stands at {place}; its place is not given",
            "citatet står på {place}; dets sted er ikke angivet",
            "sitatet står på {place}; stedet er ikke oppgitt",
            "citatet står på {place}; dess plats anges inte",
        ),
    ),
    "characters": (
        QUOTE,
        (
            "the quote stands at {place} in other characters, “{words}”, such as spaces, hyphens or marks",
            "citatet står på {place} med andre tegn, ”{words}”, f.eks. mellemrum, bindestreger eller"
            " anførselstegn",
            "sitatet står på {place} med andre tegn, «{words}», f.eks. mellomrom, bindestreker eller"
            " anførselstegn",
            "citatet står på {place} med andra tecken, ”{words}”, t.ex. mellanslag, bindestreck"
            " eller citattecken",
        ),
    ),
    "cut": (
        QUOTE,
        (
            "the quote begins or ends in the midst of “{word}” at {place}; quote whole words and"
            " whole figures",
            "citatet begynder eller slutter midt i ”{word}” på {place}; citér hele ord og hele tal",
            "sitatet begynner eller slutter midt i «{word}» på {place}; siter hele ord og hele tall",
            "citatet börjar eller slutar mitt i ”{word}” på {place}; citera hela ord och hela tal",
        ),
    ),
    "swallowed": (
        QUOTE,
        (
            "the ellipsis swallows “{word}” ({kind}), which {source} has at {place}; quote each part"
            " by itself, and see"
            " what the words then say",
            "udeladelsen sluger ”{word}” ({kind}), som {source} har på {place}; citér hver del for"
            " sig, og se, hvad"
            " ordene så siger",
            "utelatelsen sluker «{word}» ({kind}), som {source} har på {place}; siter hver del for"
            " seg, og se hva"
            " ordene da sier",
            "utelämningen sväljer ”{word}” ({kind}), som {source} har på {place}; citera varje del"
            " för sig, och se vad"
            " orden då säger",
        ),
    ),
    "ellipsis": (
        QUOTE,
        (
            "the ellipsis leaves out {count} characters of {source}, at {place}; quote each part by itself",
            "udeladelsen springer {count} tegn af {source} over, på {place}; citér hver del for sig",
            "utelatelsen hopper over {count} tegn av {source}, på {place}; siter hver del for seg",
            "utelämningen hoppar över {count} tecken av {source}, på {place}; citera varje del för sig",
        ),
    ),
    "blind": (
        QUOTE,
        (
            "the quote has an ellipsis, which no text at hand can tell the words of; quote each part"
            " by itself",
            "citatet har en udeladelse, og ingen tekst ved hånden kan sige, af hvad; citér hver del for sig",
            "sitatet har en utelatelse, og ingen tekst for hånden kan si av hva; siter hver del for seg",
            "citatet har en utelämning, och ingen text till hands kan säga av vad; citera varje del för sig",
        ),
    ),
    "part": (
        QUOTE,
        (
            "“{words}”, a part of the quote with an ellipsis, does not stand in {source} in this"
            " order; quote each part"
            " by itself",
            "”{words}”, en del af citatet med udeladelse, står ikke i {source} i denne rækkefølge;"
            " citér hver del for sig",
            "«{words}», en del av sitatet med utelatelse, står ikke i {source} i denne rekkefølgen;"
            " siter hver del for seg",
            "”{words}”, en del av citatet med utelämning, står inte i {source} i denna ordning;"
            " citera varje del för sig",
        ),
    ),
    "within": (
        REACH,
        (
            "the quote stands within the reach of “{word}” ({kind}) at {place}; let the statement say"
            " so as well, or tell why not with “reach”",
            "citatet står inden for rækkevidden af ”{word}” ({kind}) på {place}; graduér udsagnet"
            " derefter, eller sig"
            " hvorfor ikke med ”reach”",
            "sitatet står innenfor rekkevidden av «{word}» ({kind}) på {place}; gradér utsagnet"
            " deretter, eller si"
            " hvorfor ikke med «reach»",
            "citatet står inom räckhåll för ”{word}” ({kind}) på {place}; gradera utsagan därefter,"
            " eller säg varför"
            " inte med ”reach”",
        ),
    ),
    "changed": (
        TEXT,
        (
            "the text at hand is another than the one that is described here{shorter}: of its quotes"
            " {stand} stand,"
            " {moved} moved, {gone} are gone; if it is the right one, write sha256: {sha256}",
            "teksten ved hånden er en anden end den, der er beskrevet her{shorter}: af dens citater"
            " står {stand},"
            " {moved} er flyttet, {gone} er væk; er den den rette, så skriv sha256: {sha256}",
            "teksten for hånden er en annen enn den som er beskrevet her{shorter}: av sitatene står"
            " {stand}, {moved} er"
            " flyttet, {gone} er borte; er den den rette, så skriv sha256: {sha256}",
            "texten till hands är en annan än den som beskrivs här{shorter}: av dess citat står"
            " {stand}, {moved} har"
            " flyttat, {gone} är borta; är den den rätta, skriv sha256: {sha256}",
        ),
    ),
    "unchecked": (
        TEXT,
        (
            "not checked: no text of {source}, and the lock does not cover it",
            "ikke kontrolleret: ingen tekst til {source}, og låsen dækker det ikke",
            "ikke kontrollert: ingen tekst til {source}, og låsen dekker det ikke",
            "inte kontrollerat: ingen text till {source}, och låset täcker det inte",
        ),
    ),
    "unlocked": (
        TEXT,
        (
            "does not cover {count} of the quotes; run kg evidence --fix",
            "dækker ikke {count} af citaterne; kør kg evidence --fix",
            "dekker ikke {count} av sitatene; kjør kg evidence --fix",
            "täcker inte {count} av citaten; kör kg evidence --fix",
        ),
    ),
}
