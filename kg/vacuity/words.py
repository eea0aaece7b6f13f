"""The words of the rules that are looked after beside the shapes, in four languages.

Nobody whose language it is has read those in Danish, Norwegian and Swedish.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.shapes import Severity

Words = tuple[str, str, str, str]
"""English, Danish, Norwegian and Swedish; readers of Nynorsk get what is written in Bokmål."""

NEAR: Words = (
    "; did you mean {near}?",
    "; mente du {near}?",
    "; mente du {near}?",
    "; menade du {near}?",
)

TABLE: Mapping[str, tuple[Severity, Words, Words, Words]] = {
    "check.axiom": (
        Severity.WARNING,
        (
            "axioms that inference uses",
            "aksiomer, som slutninger bruger",
            "aksiomer som slutninger bruker",
            "axiom som slutledning använder",
        ),
        (
            "the axiom is left out of inference: {what}",
            "aksiomet bruges ikke til slutninger: {what}",
            "aksiomet brukes ikke til slutninger: {what}",
            "axiomet används inte för slutledning: {what}",
        ),
        (
            "What would follow from an axiom that no rule can be made of is not judged.",
            "Hvad der ville følge af et aksiom, der ikke kan blive en regel, bedømmes ikke.",
            "Det som ville følge av et aksiom som ikke kan bli en regel, bedømmes ikke.",
            "Vad som skulle följa av ett axiom som inte kan bli en regel bedöms inte.",
        ),
    ),
    "check.contradiction": (
        Severity.WARNING,
        (
            "shapes that can be met",
            "shapes, der kan opfyldes",
            "shapes som kan oppfylles",
            "shapes som kan uppfyllas",
        ),
        (
            "nothing can meet {demands}",
            "intet kan opfylde {demands}",
            "ingenting kan oppfylle {demands}",
            "ingenting kan uppfylla {demands}",
        ),
        (
            "A shape that contradicts itself refuses all data, or none, whatever its author meant.",
            "En shape, der modsiger sig selv, afviser alle data eller ingen, hvad end forfatteren mente.",
            "En shape som motsier seg selv, avviser alle data eller ingen, uansett hva forfatteren mente.",
            "En shape som motsäger sig själv avvisar alla data eller inga, vad författaren än menade.",
        ),
    ),
    "check.ill-typed": (
        Severity.WARNING,
        (
            "values of their datatype",
            "værdier af deres datatype",
            "verdier av sin datatype",
            "värden av sin datatyp",
        ),
        (
            "“{value}” is no {datatype}; write it as {example}",
            "“{value}” er ikke en {datatype}; skriv den som {example}",
            "“{value}” er ingen {datatype}; skriv den som {example}",
            "“{value}” är ingen {datatype}; skriv den som {example}",
        ),
        (
            "Stores keep a value that its datatype does not have, and no comparison ever finds it.",
            "Databaser gemmer en værdi, som datatypen ikke har, og ingen sammenligning finder den.",
            "Databaser lagrer en verdi som datatypen ikke har, og ingen sammenligning finner den.",
            "Databaser sparar ett värde som datatypen inte har, och ingen jämförelse hittar det.",
        ),
    ),
    "check.import": (
        Severity.WARNING,
        ("imports at hand", "importer ved hånden", "importer for hånden", "importer till hands"),
        (
            "owl:imports {iri}, which no given file is; nothing is fetched: give it with --import",
            "owl:imports {iri}, som ingen af filerne er; intet hentes: angiv den med --import",
            "owl:imports {iri}, som ingen av filene er; ingenting hentes: oppgi den med --import",
            "owl:imports {iri}, som ingen av filerna är; inget hämtas: ange den med --import",
        ),
        (
            "What an import would have said is not looked at; nothing is ever fetched from the network.",
            "Hvad en import ville have sagt, ses der ikke på; intet hentes fra nettet.",
            "Det en import ville ha sagt, blir ikke sett på; ingenting hentes fra nettet.",
            "Vad en import skulle ha sagt beaktas inte; inget hämtas från nätet.",
        ),
    ),
    "check.not-run": (
        Severity.WARNING,
        (
            "shapes that are run whole",
            "shapes, der udføres helt",
            "shapes som utføres helt",
            "shapes som utförs helt",
        ),
        (
            "{what} is not run: what would come of it is not judged",
            "{what} udføres ikke: hvad der ville komme af det, bedømmes ikke",
            "{what} utføres ikke: det som ville komme av det, bedømmes ikke",
            "{what} utförs inte: det som skulle komma av det bedöms inte",
        ),
        (
            "Rules, functions and other extensions are passed over, and look as if they had been run.",
            "Regler, funktioner og andre udvidelser springes over og ser ud, som om de var udført.",
            "Regler, funksjoner og andre utvidelser hoppes over og ser ut som om de var utført.",
            "Regler, funktioner och andra tillägg hoppas över och ser ut som om de hade utförts.",
        ),
    ),
    "check.prefix": (
        Severity.WARNING,
        (
            "queries with their prefixes",
            "forespørgsler med deres præfikser",
            "spørringer med sine prefikser",
            "frågor med sina prefix",
        ),
        (
            "sh:prefixes does not declare {prefixes}: taken as the file has it",
            "sh:prefixes erklærer ikke {prefixes}: taget, som filen har det",
            "sh:prefixes erklærer ikke {prefixes}: tatt slik filen har det",
            "sh:prefixes deklarerar inte {prefixes}: taget som filen har det",
        ),
        (
            "A query in a shape knows no prefixes but those of sh:prefixes; other tools may refuse it.",
            "En forespørgsel i en shape kender kun præfikserne i sh:prefixes; andre værktøjer afviser den.",
            "En spørring i en shape kjenner bare prefiksene i sh:prefixes; andre verktøy kan avvise den.",
            "En fråga i en shape känner bara prefixen i sh:prefixes; andra verktyg kan vägra den.",
        ),
    ),
    "check.query": (
        Severity.WARNING,
        (
            "queries that can be asked",
            "spørgsmål, der kan stilles",
            "spørringer som kan stilles",
            "frågor som kan ställas",
        ),
        (
            "the query cannot be asked: {what}",
            "forespørgslen kan ikke stilles: {what}",
            "spørringen kan ikke stilles: {what}",
            "frågan kan inte ställas: {what}",
        ),
        (
            "A query with an undeclared prefix or a slip gives no answer to anybody.",
            "En forespørgsel med en fejl, eller et præfiks uden erklæring, giver ingen et svar.",
            "En spørring med en feil, eller et prefiks uten erklæring, gir ingen et svar.",
            "En fråga med ett fel, eller ett prefix utan deklaration, ger ingen ett svar.",
        ),
    ),
    "check.unknown-class": (
        Severity.WARNING,
        ("classes that exist", "klasser, der findes", "klasser som finnes", "klasser som finns"),
        (
            "there is no class {term}",
            "der er ingen klasse {term}",
            "det finnes ingen klasse {term}",
            "det finns ingen klass {term}",
        ),
        (
            "A slip in the name of a class: no shape and no question is about it, and so it passes.",
            "En slåfejl i navnet på en klasse: ingen shape ser på den, så den slipper igennem.",
            "En skrivefeil i navnet på en klasse: ingen shape ser på den, så den slipper gjennom.",
            "Ett skrivfel i namnet på en klass: ingen shape tittar på den, så den slinker igenom.",
        ),
    ),
    "check.unknown-datatype": (
        Severity.WARNING,
        ("datatypes that exist", "datatyper, der findes", "datatyper som finnes", "datatyper som finns"),
        (
            "there is no datatype {term}",
            "der er ingen datatype {term}",
            "det finnes ingen datatype {term}",
            "det finns ingen datatyp {term}",
        ),
        (
            "A value of a datatype that does not exist is compared with nothing.",
            "En værdi af en datatype, der ikke findes, sammenlignes med intet.",
            "En verdi av en datatype som ikke finnes, sammenlignes med ingenting.",
            "Ett värde av en datatyp som inte finns jämförs med ingenting.",
        ),
    ),
    "check.unknown-property": (
        Severity.WARNING,
        ("properties that exist", "egenskaber, der findes", "egenskaper som finnes", "egenskaper som finns"),
        (
            "there is no property {term}",
            "der er ingen egenskab {term}",
            "det finnes ingen egenskap {term}",
            "det finns ingen egenskap {term}",
        ),
        (
            "A slip in the name of a property: no shape and no question is about it, and so it passes.",
            "En slåfejl i navnet på en egenskab: ingen shape ser på den, så den slipper igennem.",
            "En skrivefeil i navnet på en egenskap: ingen shape ser på den, så den slipper gjennom.",
            "Ett skrivfel i namnet på en egenskap: ingen shape tittar på den, så den slinker igenom.",
        ),
    ),
    "vacuity.no-constraint": (
        Severity.WARNING,
        (
            "shapes that demand something",
            "shapes, der kræver noget",
            "shapes som krever noe",
            "shapes som kräver något",
        ),
        (
            "the shape demands nothing",
            "denne shape kræver intet",
            "denne shapen krever ingenting",
            "denna shape kräver ingenting",
        ),
        (
            "A shape without a constraint accepts everything, and looks as if it had judged it.",
            "En shape uden krav godtager alt og ser ud, som om den havde bedømt det.",
            "En shape uten krav godtar alt og ser ut som om den hadde bedømt det.",
            "En shape utan krav godtar allt och ser ut som om den hade bedömt det.",
        ),
    ),
    "vacuity.no-data": (
        Severity.WARNING,
        ("files that say something", "filer, der siger noget", "filer som sier noe", "filer som säger något"),
        (
            "no statement in it",
            "der står ingen udsagn i den",
            "det står ingen utsagn i den",
            "den innehåller inga utsagor",
        ),
        (
            "An empty file breaks no rule, and is seldom the file that was meant.",
            "En tom fil bryder ingen regel og er sjældent den fil, der var ment.",
            "En tom fil bryter ingen regel og er sjelden den filen som var ment.",
            "En tom fil bryter ingen regel och är sällan den fil som avsågs.",
        ),
    ),
    "vacuity.no-focus": (
        Severity.WARNING,
        (
            "shapes with something to judge",
            "shapes, der har noget at bedømme",
            "shapes som har noe å bedømme",
            "shapes som har något att bedöma",
        ),
        (
            "the shape judged nothing: the data has no {targets}",
            "denne shape bedømte intet: der er ingen {targets} i dataene",
            "denne shapen bedømte ingenting: det er ingen {targets} i dataene",
            "denna shape bedömde ingenting: det finns ingen {targets} i datan",
        ),
        (
            "Data that a shape is not for passes it, also where a slip in a name is the reason.",
            "Data, som en shape ikke gælder for, består den, også når grunden er en slåfejl i et navn.",
            "Data som en shape ikke gjelder for, består den, også når grunnen er en skrivefeil i et navn.",
            "Data som en shape inte gäller för klarar den, även när orsaken är ett skrivfel i ett namn.",
        ),
    ),
    "vacuity.no-target": (
        Severity.WARNING,
        (
            "shapes that are for something",
            "shapes, der gælder for noget",
            "shapes som gjelder for noe",
            "shapes som gäller för något",
        ),
        (
            "the shape judges nothing: it has no target, and no other shape uses it",
            "bedømmer intet: den siger ikke, hvad den gælder for, og ingen anden shape bruger den",
            "bedømmer ingenting: den sier ikke hva den gjelder for, og ingen annen shape bruker den",
            "bedömer ingenting: den säger inte vad den gäller för, och ingen annan shape använder den",
        ),
        (
            "A shape that is for nothing demands nothing of any data.",
            "En shape, der ikke gælder for noget, kræver intet af nogen data.",
            "En shape som ikke gjelder for noe, krever ingenting av noen data.",
            "En shape som inte gäller för något kräver ingenting av några data.",
        ),
    ),
    "vacuity.unlooked-term": (
        Severity.INFO,
        (
            "terms that a shape looks at",
            "termer, som en shape ser på",
            "termer som en shape ser på",
            "termer som en shape tittar på",
        ),
        (
            "no shape looks at {terms}",
            "ingen shape ser på {terms}",
            "ingen shape ser på {terms}",
            "ingen shape tittar på {terms}",
        ),
        (
            "What is said with such a term is never checked.",
            "Hvad der siges med en sådan term, kontrolleres aldrig.",
            "Det som sies med en slik term, kontrolleres aldri.",
            "Det som sägs med en sådan term kontrolleras aldrig.",
        ),
    ),
}
"""Each rule: how grave it is, its title, what it says of a slip, and why it is there."""
