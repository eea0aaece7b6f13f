"""The terms of SHACL, and what may be the value of each: for telling a slip from a shape.

Source: SHACL, https://www.w3.org/TR/shacl/, with the Advanced Features that other tools write into the
same graph, https://www.w3.org/TR/shacl-af/
"""

from __future__ import annotations

import re
from functools import cache

from pyoxigraph import NamedNode

from kg import names


@cache
def sh(local: str) -> NamedNode:
    """The term `local` of SHACL."""
    return NamedNode(names.SH + local)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMPONENTS = _words(
    """And Class Closed Datatype Disjoint Equals HasValue In LanguageIn LessThan LessThanOrEquals MaxCount
    MaxExclusive MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength Node NodeKind Not Or
    Pattern Property QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang Xone Expression"""
)
"""The constraint components, without their ending `ConstraintComponent`."""

BUILT_IN = frozenset(sh(name + "ConstraintComponent") for name in COMPONENTS)

PROPERTIES = _words(
    """alternativePath and ask class closed condition conforms construct datatype deactivated declare
    defaultValue description detail disjoint entailment equals flags focusNode group hasValue
    ignoredProperties in inversePath labelTemplate languageIn lessThan lessThanOrEquals maxCount
    maxExclusive maxInclusive maxLength message minCount minExclusive minInclusive minLength name namespace
    node nodeKind nodeValidator not object oneOrMorePath optional or order parameter path pattern predicate
    prefix prefixes property propertyValidator qualifiedMaxCount qualifiedMinCount qualifiedValueShape
    qualifiedValueShapesDisjoint result resultMessage resultPath resultSeverity returnType rule select
    severity shapesGraph shapesGraphWellFormed sourceConstraint sourceConstraintComponent sourceShape sparql
    subject suggestedShapesGraph targetClass targetNode targetObjectsOf targetSubjectsOf uniqueLang update
    validator value xone zeroOrMorePath zeroOrOnePath"""
)

NOT_RUN = _words(
    """codeIdentifier expression filterShape js jsFunctionName jsLibrary jsLibraryURL memberShape
    nodeByExpression reificationRequired reifierShape rootClass shape singleLine someValue subsetOf target
    targetWhere uniqueMembers values"""
)
"""Properties of SHACL's Advanced Features, of its JavaScript extension, and of later and earlier drafts."""

EXPRESSIONS = _words(
    """count desc distinct else exists groupConcat if intersection limit max min minus nodes offset orderBy
    sum then union"""
)
"""Properties of the nodes of expressions, which are no shapes: `sh:min` of a shape is a slip."""

CLASSES = _words(
    """AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction JSLibrary JSRule
    JSTarget JSTargetType JSValidator NodeKind NodeShape Parameter Parameterizable
    PrefixDeclaration PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable
    SPARQLAskValidator SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule
    SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable
    Severity Shape Target TargetType TripleRule ValidationReport ValidationResult Validator"""
)

NODE_KINDS = _words("BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral")
SEVERITIES = _words("Violation Warning Info")

TERMS = (
    PROPERTIES
    | NOT_RUN
    | CLASSES
    | NODE_KINDS
    | SEVERITIES
    | {name + "ConstraintComponent" for name in COMPONENTS}
    | {"this", "resultAnnotation", "annotationProperty", "annotationValue", "annotationVarName"}
)
"""Every term of the namespace, by its local name, but for parameters as nodes: see `is_term`."""

_PARAMETER = re.compile(r"(JSConstraint|(\w+)ConstraintComponent)-(\w+)")


def is_term(local: str) -> bool:
    """Whether SHACL has this term.

    >>> is_term("minCount"), is_term("minCont"), is_term("PatternConstraintComponent-flags")
    (True, False, True)
    """
    if local in TERMS:
        return True
    match = _PARAMETER.fullmatch(local)
    return bool(match and (match[2] is None or match[2] in COMPONENTS) and match[3] in TERMS)


TARGETS = tuple(map(sh, ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")))
LISTS_OF_SHAPES = tuple(map(sh, ("and", "or", "xone")))
NEED_A_PATH = tuple(
    map(sh, ("lessThan", "lessThanOrEquals", "maxCount", "minCount", "qualifiedValueShape", "uniqueLang"))
)
COMPANIONS = {
    sh("flags"): (sh("pattern"),),
    sh("ignoredProperties"): (sh("closed"),),
    sh("qualifiedMaxCount"): (sh("qualifiedValueShape"),),
    sh("qualifiedMinCount"): (sh("qualifiedValueShape"),),
    sh("qualifiedValueShape"): (sh("qualifiedMinCount"), sh("qualifiedMaxCount")),
}
"""Parameters that demand nothing without one of others."""

SHAPE_VALUED = tuple(map(sh, ("node", "property", "not", "qualifiedValueShape")))
VALIDATORS = tuple(map(sh, ("validator", "nodeValidator", "propertyValidator")))
CONSTRAINING = frozenset(sh(name[0].lower() + name[1:]) for name in COMPONENTS - {"SPARQL", "Expression"}) | {
    sh("sparql")
}
"""The parameters of SHACL's own components by which a shape demands something."""

VALUES: dict[str, str] = {
    local: kind
    for kind, parameters in {
        "boolean": "closed deactivated qualifiedValueShapesDisjoint uniqueLang",
        "count": "maxCount maxLength minCount minLength qualifiedMaxCount qualifiedMinCount",
        "iri": """class datatype disjoint equals lessThan lessThanOrEquals severity targetClass
            targetObjectsOf targetSubjectsOf""",
        "list": "and ignoredProperties in languageIn or xone",
        "literal": "maxExclusive maxInclusive minExclusive minInclusive",
        "node kind": "nodeKind",
        "shape": "node not property qualifiedValueShape sparql",
        "string": "flags",
        "text": "message pattern",
    }.items()
    for local in parameters.split()
}
"""What the value of a parameter has to be; `WORDS` says it to a person."""

WORDS: dict[str, str] = {
    "boolean": "true or false",
    "count": "a whole number, 0 or more",
    "iri": "an IRI",
    "list": "a list",
    "literal": "a literal",
    "node kind": "one of " + ", ".join("sh:" + kind for kind in sorted(NODE_KINDS)),
    "shape": "a shape",
    "string": "a string",
    "text": "a string, with or without a language",
}

SINGLE = _words(
    """closed datatype deactivated flags ignoredProperties in languageIn maxCount maxExclusive maxInclusive
    maxLength minCount minExclusive minInclusive minLength nodeKind pattern qualifiedMaxCount
    qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint severity uniqueLang"""
)
"""Parameters that a shape has at most once."""
