"""The pages of the ontology: those kept are those written anew, nothing is missing, all links lead on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import whole
from bees import Bees
from pyoxigraph import Literal, NamedNode

from kg import questions
from kg.cli.docs import pages
from kg.cli.main import cli
from kg.context import Kind
from kg.manual import markdown
from kg.manual.ontology import Material, terms_of
from kg.names import CG, RDFS, SKOS
from kg.sparql import Query

DOCS = whole.ROOT / "docs"
LABELS = (RDFS + "label", SKOS + "prefLabel")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """The pages as they stand in the folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((DOCS / "ontology").iterdir())}


@cache
def material() -> Material:
    return Material.of(whole.workspace())


def entries(page: str) -> dict[str, str]:
    """Anchor → what stands between it and the next."""
    parts = ANCHOR.split(page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def local(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


def slugs(page: str) -> list[str]:
    """The anchors that GitHub makes of heads, by its own rule; a second one of a name gets a number."""
    heads = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", page, flags=re.S), flags=re.M)
    found: list[str] = []
    for head in heads:
        slug = re.sub(r"[^\w\- ]", "", head.replace("\\", "").lower()).replace(" ", "-")
        found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
    return found


def lost_links(folder: Path) -> Iterator[str]:
    """The links in the pages of a folder that lead nowhere."""
    texts = {path: path.read_text(encoding="utf-8") for path in folder.resolve().rglob("*.md")}
    spots = {path: {*ANCHOR.findall(text), *slugs(text)} for path, text in texts.items()}
    for path, text in texts.items():
        for file, spot in LINK.findall(re.sub(r"```.*?```", "", text, flags=re.S)):
            target = (path.parent / file).resolve() if file else path
            is_there = target.exists() and (not spot or spot in spots.get(target, ()))
            if "://" not in file and not is_there:
                yield f"{path.name}: {file}#{spot}"


# --- what is there


def test_the_pages_are_those_that_are_written_anew(kept: dict[str, str]) -> None:
    made = pages(whole.workspace(), cli)
    fresh = {name.removeprefix("ontology/"): made[name] for name in made if name.startswith("ontology/")}
    assert sorted(kept) == sorted(fresh)
    stale = [name for name in fresh if fresh[name] != kept[name]]
    assert not stale, "write them anew with: make docs"


def test_every_term_is_at_its_local_name_with_labels_in_all_languages(kept: dict[str, str]) -> None:
    onto = whole.onto()
    for page, terms in (("classes.md", onto.classes), ("properties.md", onto.properties)):
        found = entries(kept[page])
        own = {iri for iri in terms if iri.startswith(CG)}
        assert {local(iri) for iri in own} <= found.keys()
        assert len(found) == len(terms)
        for iri in own:
            assert f"`{iri}`" in found[local(iri)]
    for quad in onto.terms:
        if quad.subject.value.startswith(CG) and isinstance(quad.object, Literal):
            page = "classes.md" if quad.subject.value in onto.classes else "properties.md"
            if quad.predicate.value in (*LABELS, SKOS + "definition", SKOS + "example"):
                assert markdown.text(quad.object.value) in entries(kept[page])[local(quad.subject.value)]


def test_every_code_is_at_its_list_and_name_with_labels_in_all_languages(kept: dict[str, str]) -> None:
    onto, found = whole.onto(), entries(kept["codes.md"])
    for scheme, codes in onto.schemes.items():
        assert f"`{scheme}`" in found[local(scheme)]
        for code in codes:
            row = found[f"{local(scheme)}/{local(code)}"]
            assert row.startswith(f"`{local(code)}` |")
            for lang in ("en", "da", "nb", "sv"):
                assert markdown.text(onto.label(code, lang)) in row
    assert {code for codes in onto.schemes.values() for code in codes} == onto.concepts


def test_every_key_of_case_files_is_there(kept: dict[str, str]) -> None:
    text = kept["properties.md"] + kept["codes.md"]
    for key, entry in whole.onto().context.entries.items():
        if entry.kind not in (Kind.ID, Kind.CLASS):
            assert re.search(rf"(in files: |; |\| )`{key}`, ", text), key


def test_every_rule_of_shapes_is_at_its_name_with_messages_and_examples(kept: dict[str, str]) -> None:
    found = entries(kept["shapes.md"])
    assert found.keys() == material().explained.keys()
    assert len(found) > 200
    for name, explained in material().explained.items():
        for said in explained.rule.demands.values():
            assert markdown.text(re.sub(r"{\w+}", "…", said)) in found[name]
        assert explained.right and f"\n{explained.right}\n```" in found[name]
        assert explained.wrong and f"\n{explained.wrong}\n```" in found[name]


def test_every_axiom_and_every_shortcut_is_there(kept: dict[str, str]) -> None:
    compiled, page = whole.compiled(), kept["inference.md"]
    shortcuts = [rule for group in compiled.shortcuts for rule in group]
    assert list(entries(page)) == [local(rule.axiom.replace(":", "#")) for rule in shortcuts]
    for axiom in {rule.axiom for rule in compiled.axioms} | {pair.axiom for pair in compiled.disjoint}:
        assert f"\n  `{axiom}`\n" in page


# --- what it says


def test_axioms_are_told_in_words(kept: dict[str, str]) -> None:
    classes, properties = entries(kept["classes.md"]), entries(kept["properties.md"])
    network = "if X is a “champion group”, X “coordinated by” Y and Y is a “shared activity”"
    assert f"- follows: {network}, then X is a “champion network”" in classes["ChampionNetwork"]
    assert "- below: [cg:Realisable](classes.md#Realisable)" in classes["RoleGroup"]
    assert "[cg:Ambassador](classes.md#Ambassador)" in classes["Role"].partition("- kinds of it: ")[2]
    assert "[cg:holders](properties.md#holders)" in classes["RoleGroup"].partition("- has: ")[2]
    assert "- nothing is this and also: [cg:Role](classes.md#Role)" in classes["RoleGroup"]
    assert "- leads to: [cg:ChampionNetwork](classes.md#ChampionNetwork)" in classes["ChampionGroup"]
    assert "on: if X has it to Y and Y to Z, then X to Z" in properties["successorOf"]
    assert "- the other way round: [cg:coordinates](properties.md#coordinates)" in properties["coordinatedBy"]
    assert "“client of” Y and Y “introduces” Z, then X “adopts” Z" in properties["adopts"]
    assert (
        "[Who is accepted as a supplier of a project delivers in it](inference.md#"
        in properties["deliversIn"]
    )
    assert "nearly the same as: <http://data.europa.eu/a4g/ontology#Procedure>" in classes["Procurement"]


def test_shapes_are_told_at_what_they_judge(kept: dict[str, str]) -> None:
    classes, properties = entries(kept["classes.md"]), entries(kept["properties.md"])
    holders = next(line for line in properties["holders"].splitlines() if line.startswith("- judged by: "))
    assert "[`RoleGroup.holders`](shapes.md#RoleGroup.holders)" in holders
    judged = next(line for line in classes["RoleGroup"].splitlines() if line.startswith("- judged by: "))
    assert "[`RoleGroup.holders`]" in judged and "[`Outcome" not in judged
    read = properties["realisation"].partition("- also read by: ")[2].partition("\n")[0]
    assert "[`Outcome.ahead`](shapes.md#Outcome.ahead)" in read, "a query of its shape names the property"
    looks = entries(kept["shapes.md"])["RoleGroup.holders"]
    assert "- looks at: [cg:holders](properties.md#holders), [cg:RoleGroup](classes.md#RoleGroup)" in looks


def _algebra(part: Any) -> Iterator[str]:
    """The IRIs in the algebra that rdflib makes of a query."""
    from rdflib import URIRef
    from rdflib.paths import Path as Steps

    if isinstance(part, URIRef):
        yield str(part)
    elif isinstance(part, dict):
        for each in part.values():
            yield from _algebra(each)
    elif isinstance(part, Steps):
        yield from _algebra(
            [getattr(part, "args", None), getattr(part, "arg", None), getattr(part, "path", None)]
        )
    elif isinstance(part, list | tuple | set | frozenset):
        for each in part:
            yield from _algebra(each)


@pytest.mark.parametrize("name", sorted(whole.workspace().questions()))
def test_a_question_needs_the_terms_that_another_parser_finds_in_it(name: str, kept: dict[str, str]) -> None:
    from rdflib.plugins.sparql import prepareQuery

    onto = whole.onto()
    known = onto.classes | onto.properties | onto.concepts
    question = questions.read(whole.workspace().questions()[name])
    judge = {*_algebra(prepareQuery(question.sparql).algebra)} & known
    assert terms_of(question) & known == judge
    for iri in judge & (onto.classes | onto.properties):
        page = kept["classes.md" if iri in onto.classes else "properties.md"]
        anchor = local(iri) if iri.startswith(CG) else material().said.anchor(iri)
        assert f"](../reference/questions.md#{name})" in entries(page)[anchor].partition("- behind")[0]


def test_a_term_in_a_comment_or_a_text_is_not_asked_for() -> None:
    text = 'PREFIX e: <http://e/> # e:a\nSELECT ?x { ?x e:b \'e:c\', """<http://e/d>""" ; ^e:f/e:g ?y }'
    assert Query(text).iris == {"http://e/b", "http://e/f", "http://e/g"}
    values = "PREFIX e: <http://e/> SELECT * { VALUES (?x) { (e:a) (<http://e/b>) } FILTER(?x IN (e:c)) }"
    assert Query(values).iris == {"http://e/a", "http://e/b", "http://e/c"}


def test_what_an_answer_rests_on_is_followed_through_rules(kept: dict[str, str]) -> None:
    functions = entries(kept["properties.md"])["function"]
    behind = functions.partition("- behind the answers to: ")[2].partition("\n")[0]
    assert "[champion-network-vendors]" in behind and "[tenders]" not in behind


# --- diagrams and links


def test_diagrams_are_well_formed_and_complete(kept: dict[str, str]) -> None:
    blocks = re.findall(r"```mermaid\n(.*?)\n```", kept["README.md"], flags=re.S)
    assert len(blocks) == 2
    for block in blocks:
        head, title, told, *lines = block.split("\n")
        assert head == "flowchart LR"
        assert re.fullmatch("    accTitle: .+", title) and re.fullmatch("    accDescr: .+", told)
        boxes = [m[1] for line in lines if (m := re.fullmatch(r'    (\w+)\["[^"]+"\]', line))]
        arrows = [m for line in lines if (m := re.fullmatch(r'    (\w+) -->(?:\|"[^"]+"\|)? (\w+)', line))]
        assert len(boxes) + len(arrows) == len(lines)
        assert len({*boxes}) == len(boxes)
        assert {*boxes} == {end for arrow in arrows for end in (arrow[1], arrow[2])}
    below = [q for q in whole.onto().axioms if q.predicate.value == RDFS + "subClassOf"]
    named = [q for q in below if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)]
    assert blocks[1].count("-->") == len(named)


def test_every_link_leads_somewhere() -> None:
    assert list(lost_links(DOCS)) == []


def test_anchors_are_told_apart_also_where_case_does_not_count(kept: dict[str, str]) -> None:
    for text in kept.values():
        found = [name.casefold() for name in ANCHOR.findall(text)]
        assert len(found) == len({*found})


def test_the_readme_leads_there() -> None:
    assert "(docs/ontology/README.md)" in (whole.ROOT / "README.md").read_text(encoding="utf-8")


# --- another domain


MORE = """
bee:Drone a owl:Class ; rdfs:label "drone"@en ; owl:deprecated true ; rdfs:comment "Use | not"@en ;
    <http://purl.org/dc/terms/isReplacedBy> bee:Colony ; skos:exactMatch <https://example.org/Drone> .
bee:twin a owl:ObjectProperty ; a owl:FunctionalProperty ; rdfs:label "twin"@en .
"""


PREFIXES = """
PREFIX more: <https://example.org/more#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX vann: <http://purl.org/vocab/vann/>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""
ADDED = f"""{PREFIXES}
<https://example.org/more> a owl:Ontology ; dcterms:title "Hives"@en ;
    vann:preferredNamespacePrefix "more" ; vann:preferredNamespaceUri "https://example.org/more#" .
more:Hive a owl:Class ; rdfs:label "hive"@en .
more:Assertion a owl:Class ; rdfs:label "my assertion"@en .
"""
ADDED_SHAPE = f"{PREFIXES} more:HiveShape a sh:NodeShape ; sh:targetClass more:Hive ; sh:nodeKind sh:IRI ."


def test_another_domain_is_told_in_its_own_words(own: Bees, tmp_path: Path) -> None:
    own.write("ontology/bees.ttl", own.read("ontology/bees.ttl") + MORE)
    own.write(
        "ontology/axioms.ttl", own.read("ontology/axioms.ttl") + "bee:Book owl:hasKey ( bee:digest ) .\n"
    )
    said = own("docs", str(tmp_path / "out"), "--lang", "da")
    assert said.code == 0, said.err
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out/ontology").iterdir()}
    assert list(lost_links(tmp_path / "out")) == []
    classes, properties = entries(made["classes.md"]), entries(made["properties.md"])
    assert "**drone**\n\n**skal ikke bruges mere**" in classes["Drone"]
    assert "- i stedet: [bee:Colony](classes.md#Colony)" in classes["Drone"]
    assert "- det samme som: <https://example.org/Drone>" in classes["Drone"]
    assert r"- note: Use \| not" in classes["Drone"]
    assert "- kendes fra hinanden på: [bee:digest](properties.md#digest)" in classes["Book"]
    assert "- den går: til højst én værdi" in properties["twin"]
    assert "- følger: hvis X “stood at” Y og Y “grows” Z, så X “forages on” Z" in properties["foragesOn"]
    assert "owl:hasKey" in made["inference.md"].partition("## Sagt, men")[2]
    assert 'bee_Finding["finding"]' in made["README.md"]
    assert "**heather** · de: Heide" in entries(made["codes.md"])["plant/heather"]
    count = entries(made["shapes.md"])["Finding.count"]
    assert "**must be a whole number, 0 or more**" in count and "- niveau: fejl" in count


def test_what_a_workspace_adds_to_another_is_told_first(
    own: Bees, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension that has a class of the same local name as one of what it builds on."""
    assert own("init", str(tmp_path / "more")).code == 0
    monkeypatch.chdir(tmp_path / "more")
    Path("ontology/more.ttl").write_text(ADDED, encoding="utf-8")
    Path("ontology/shapes.ttl").write_text(ADDED_SHAPE, encoding="utf-8")
    assert own("docs", "out").code == 0
    assert list(lost_links(Path("out"))) == []
    index = Path("out/ontology/README.md").read_text(encoding="utf-8")
    added = index.partition("## What this workspace adds\n\n")[2].partition("\n\n")[0]
    assert added == (
        "[more:Assertion](classes.md#more:Assertion) · [more:Hive](classes.md#Hive) · "
        "[`HiveShape`](shapes.md#HiveShape)"
    )
    assert "**Hives**" in index
    assert "What this workspace adds" not in (DOCS / "ontology/README.md").read_text(encoding="utf-8")


def test_pages_are_in_the_language_of_labels_too(own: Bees, tmp_path: Path) -> None:
    assert own("docs", str(tmp_path / "out"), "--lang", "de").code == 0
    text = (tmp_path / "out/ontology/properties.md").read_text(encoding="utf-8")
    assert "**Bienenstand** · en: apiary" in text
