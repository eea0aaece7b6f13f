"""Sentences of made-up source texts, in Danish, Norwegian and Swedish: before, quote, after.

A quote is at most 12 words. `{m}` is a municipality, `{v}` a vendor, `{p}` and `{q}` platforms, `{w}` a word
for a role, `{n}` a number, `{y}` a year.
"""

from __future__ import annotations

Sentence = tuple[str, str, str]

DA: dict[str, list[Sentence]] = {
    "start": [
        ("Arbejdet ", "gik i gang i {y}", ", efter et halvt års tilløb. "),
        ("Det hele ", "begyndte i {y} med et møde", " på rådhuset. "),
    ],
    "client": [
        ("Det var ", "{m} Kommune, der ville have fælles arbejdsgange", ", og som bad om hjælp. "),
        ("Derfor ", "bestilte {m} Kommune en ny løsning", " til hele forvaltningen. "),
    ],
    "vendor": [
        ("Konsulenter fra ", "{v} stod for at sætte løsningen op", " sammen med de ansatte. "),
        ("Opgaven gik til ", "{v}, som fulgte indførelsen hele vejen", " fra første dag. "),
    ],
    "introduction": [
        ("Siden har ", "alle afdelinger taget {p} i brug", " i det daglige. "),
        ("I foråret ", "blev {p} rullet ud i forvaltningen", ", en afdeling ad gangen. "),
    ],
    "replacement": [("Dermed ", "afløste {p} det gamle {q}", ", som ingen savnede. ")],
    "procurement": [
        ("Først ", "blev opgaven sendt i udbud", " i en samlet pakke. "),
        ("Valget faldt ", "efter en runde med {n} tilbud", " og to interview. "),
    ],
    "role": [
        ("I hver afdeling ", "blev der udpeget en {w}", ", som de andre kunne gå til. "),
        ("Særlig vigtig ", "er den lokale {w}", " i de små enheder. "),
    ],
    "function": [
        ("Meningen var, ", "at de skulle hjælpe deres kolleger", " i hverdagen. "),
        ("Siden har ", "de undervist kollegerne på små hold", " hver måned. "),
    ],
    "group": [
        ("I alt ", "fik {n} ansatte rollen", " i det første år. "),
        ("Der er nu ", "{n} af dem i hele kommunen", ", og flere er på vej. "),
    ],
    "activity": [
        ("Gruppen ", "mødes hver måned og deler erfaringer", " på tværs. "),
        ("Til det har de ", "et fælles rum, som de selv passer", " og holder i live. "),
    ],
    "training": [
        ("Før start ", "blev de oplært over {n} dage", " i små hold. "),
        ("Undervejs ", "holdt {v} kurser for dem", ", som blev godt modtaget. "),
    ],
    "outcome": [
        ("I dag ", "bruger vi mindre tid på at lede", ", siger de ansatte. "),
        ("Resultatet er, at ", "overblikket er blevet bedre", " for alle. "),
        ("Der er tale om ", "{n} procent færre henvendelser", " på et år. "),
    ],
    "saving": [("Kommunen har ", "sparet {n} kroner for hver samling", " efter omlægningen. ")],
    "statement": [
        ("Før var det sådan, at ", "hver afdeling havde sit eget system", " og sine egne regler. "),
        ("Et krav var, ", "at løsningen skulle være let at bruge", " for alle. "),
    ],
    "speaker": [("”Vi er nået langt,” ", "siger projektlederen", ", som har været med fra begyndelsen. ")],
    "phase": [
        ("Som det første ", "kørte et pilotprojekt i {n} uger", " i én afdeling. "),
        ("Lanceringen ", "fandt sted i {y}", " med kage til alle. "),
    ],
}
NB: dict[str, list[Sentence]] = {
    "start": [
        ("Arbeidet ", "kom i gang i {y}", ", etter et halvt års forberedelser. "),
        ("Det hele ", "begynte i {y} med et møte", " på rådhuset. "),
    ],
    "client": [
        ("Det var ", "{m} kommune som ville ha felles arbeidsmåter", ", og som ba om hjelp. "),
        ("Derfor ", "bestilte {m} kommune en ny løsning", " for hele administrasjonen. "),
    ],
    "vendor": [
        ("Konsulenter fra ", "{v} sto for å sette opp løsningen", " sammen med de ansatte. "),
        ("Oppdraget gikk til ", "{v}, som fulgte innføringen hele veien", " fra første dag. "),
    ],
    "introduction": [
        ("Siden har ", "alle avdelinger tatt {p} i bruk", " i det daglige. "),
        ("På våren ", "ble {p} rullet ut i administrasjonen", ", en avdeling om gangen. "),
    ],
    "replacement": [("Dermed ", "avløste {p} det gamle {q}", ", som ingen savnet. ")],
    "procurement": [
        ("Først ", "ble oppdraget lagt ut på anbud", " i en samlet pakke. "),
        ("Valget falt ", "etter en runde med {n} tilbud", " og to intervjuer. "),
    ],
    "role": [
        ("I hver avdeling ", "ble det pekt ut en {w}", ", som de andre kunne gå til. "),
        ("Særlig viktig ", "er den lokale {w}", " i de små enhetene. "),
    ],
    "function": [
        ("Meningen var ", "at de skulle hjelpe kollegene sine", " i hverdagen. "),
        ("Siden har ", "de lært opp kollegene i små grupper", " hver måned. "),
    ],
    "group": [
        ("I alt ", "fikk {n} ansatte rollen", " det første året. "),
        ("Det er nå ", "{n} av dem i hele kommunen", ", og flere er på vei. "),
    ],
    "activity": [
        ("Gruppen ", "møtes hver måned og deler erfaringer", " på tvers. "),
        ("Til det har de ", "et felles rom som de selv passer", " og holder i live. "),
    ],
    "training": [
        ("Før start ", "fikk de opplæring over {n} dager", " i små grupper. "),
        ("Underveis ", "holdt {v} kurs for dem", ", som ble godt mottatt. "),
    ],
    "outcome": [
        ("I dag ", "bruker vi mindre tid på å lete", ", sier de ansatte. "),
        ("Resultatet er at ", "oversikten er blitt bedre", " for alle. "),
        ("Det er snakk om ", "{n} prosent færre henvendelser", " på et år. "),
    ],
    "saving": [("Kommunen har ", "spart {n} kroner for hver samling", " etter omleggingen. ")],
    "statement": [
        ("Før var det slik at ", "hver avdeling hadde sitt eget system", " og sine egne regler. "),
        ("Et krav var ", "at løsningen skulle være lett å bruke", " for alle. "),
    ],
    "speaker": [("– Vi har kommet langt, ", "sier prosjektlederen", ", som har vært med fra begynnelsen. ")],
    "phase": [
        ("Som det første ", "gikk en pilot i {n} uker", " i én avdeling. "),
        ("Lanseringen ", "fant sted i {y}", " med kake til alle. "),
    ],
}
SV: dict[str, list[Sentence]] = {
    "start": [
        ("Arbetet ", "kom i gång {y}", ", efter ett halvårs förberedelser. "),
        ("Det hela ", "började {y} med ett möte", " i kommunhuset. "),
    ],
    "client": [
        ("Det var ", "{m} kommun som ville ha gemensamma arbetssätt", " och som bad om hjälp. "),
        ("Därför ", "beställde {m} kommun en ny lösning", " för hela förvaltningen. "),
    ],
    "vendor": [
        ("Konsulter från ", "{v} stod för att sätta upp lösningen", " tillsammans med personalen. "),
        ("Uppdraget gick till ", "{v}, som följde införandet hela vägen", " från första dagen. "),
    ],
    "introduction": [
        ("Sedan dess har ", "alla avdelningar börjat använda {p}", " i vardagen. "),
        ("Under våren ", "rullades {p} ut i förvaltningen", ", en avdelning i taget. "),
    ],
    "replacement": [("Därmed ", "ersatte {p} det gamla {q}", ", som ingen saknade. ")],
    "procurement": [
        ("Först ", "upphandlades uppdraget i en omgång", " som ett samlat paket. "),
        ("Valet gjordes ", "efter en omgång med {n} anbud", " och två intervjuer. "),
    ],
    "role": [
        ("På varje avdelning ", "utsågs en {w}", ", som de andra kunde gå till. "),
        ("Särskilt viktig ", "är en lokal {w}", " i de små enheterna. "),
    ],
    "function": [
        ("Tanken var ", "att de skulle hjälpa sina kollegor", " i vardagen. "),
        ("Sedan dess har ", "de lärt upp kollegorna i små grupper", " varje månad. "),
    ],
    "group": [
        ("Totalt ", "fick {n} medarbetare rollen", " under första året. "),
        ("Nu finns ", "{n} av dem i hela kommunen", ", och fler är på väg. "),
    ],
    "activity": [
        ("Gruppen ", "träffas varje månad och delar erfarenheter", " med varandra. "),
        ("Till det har de ", "ett gemensamt rum som de själva sköter", " och håller levande. "),
    ],
    "training": [
        ("Före start ", "utbildades de under {n} dagar", " i små grupper. "),
        ("Under vägen ", "höll {v} kurser för dem", ", som togs väl emot. "),
    ],
    "outcome": [
        ("I dag ", "lägger vi mindre tid på att leta", ", säger medarbetarna. "),
        ("Resultatet är att ", "överblicken har blivit bättre", " för alla. "),
        ("Det handlar om ", "{n} procent färre ärenden", " på ett år. "),
    ],
    "saving": [("Kommunen har ", "sparat {n} kronor för varje träff", " efter omläggningen. ")],
    "statement": [
        ("Förut var det så att ", "varje avdelning hade sitt eget system", " och sina egna regler. "),
        ("Ett krav var ", "att lösningen skulle vara lätt att använda", " för alla. "),
    ],
    "speaker": [("– Vi har kommit långt, ", "säger projektledaren", ", som har varit med från början. ")],
    "phase": [
        ("Det första var ", "en pilot under {n} veckor", " på en avdelning. "),
        ("Lanseringen ", "ägde rum {y}", " med tårta till alla. "),
    ],
}
SENTENCES = {"da": DA, "nb": NB, "sv": SV}

TITLES = {
    "da": "{m} Kommune: fælles arbejdsgange med {p}",
    "nb": "{m} kommune: felles arbeidsmåter med {p}",
    "sv": "{m} kommun: gemensamma arbetssätt med {p}",
    "en": "Shared ways of working with {p}, in {m}",
}
WORDS = {
    "da": [("Superuser", "superbruger"), ("LearningAgent", "læringsagent"), ("Ambassador", "ambassadør")],
    "nb": [("Superuser", "superbruker"), ("SuccessDriver", "suksesspådriver"), ("Ambassador", "ambassadør")],
    "sv": [("Superuser", "superanvändare"), ("LearningAgent", "lärandeagent"), ("Ambassador", "ambassadör")],
}
"""Language → kinds of roles, each with a word that its thesaurus concept bears as label."""

CURRENCIES = {"da": "dkk", "nb": "nok", "sv": "sek"}
SUMMARIES = {
    "function": ["The holders help their colleagues.", "The holders teach their colleagues."],
    "activity": ["The group meets and shares what it knows.", "The group keeps a room of its own."],
    "outcome": ["Less time is spent on searching.", "People see better what is going on."],
    "figure": ["There are fewer enquiries than before.", "More people take part than before."],
    "saving": ["Each gathering costs less than before."],
    "statement": ["Each department had a system of its own.", "The solution had to be easy to use."],
}
