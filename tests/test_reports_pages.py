"""Reports as pages: Markdown, and HTML that can be read out and asks nobody for anything."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from reporting import Html, rendered

from kg.languages import LANGUAGES

# --- Markdown


def test_a_row_of_markdown_has_four_cells() -> None:
    text = rendered("markdown")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert "<script>" not in text.replace("\\<", "")
    assert "## `boxes.yaml`" in text


# --- HTML


def test_html_is_one_file_that_asks_nobody_for_anything() -> None:
    page = Html(text := rendered("html"))
    assert text.startswith("<!DOCTYPE html>\n")
    assert not page.each("script", "link", "img", "iframe", "object", "base")
    assert not re.search(r"url\(|@import|https?://(?!example\.org)|javascript:", text)
    assert not {name for _, attrs in page.tags for name in attrs if name.startswith("on")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_html_can_be_read_out(lang: str) -> None:
    page = Html(rendered("html", lang=lang))
    assert page.each("html") == [{"lang": lang}]
    assert page.each("th") and all(th["scope"] == "col" for th in page.each("th"))
    assert len(page.each("table")) == len(page.each("caption")) == len(page.each("section")) - 1
    assert len(page.each("main")) == len(page.each("h1")) == len(page.each("title")) == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    links = {str(attrs["href"]).removeprefix("#") for attrs in page.each("a")}
    labels = {str(attrs["aria-labelledby"]) for attrs in page.each("section") if "aria-labelledby" in attrs}
    assert links | labels <= set(ids)


def test_html_says_in_which_language_a_text_is() -> None:
    page = Html(rendered("html", lang="nn"))
    said = Counter(str(attrs["lang"]) for attrs in page.each("span", "dd") if "lang" in attrs)
    assert set(said) == {"en", "nb"}, "what nobody has put into nn is told in nb, else in en"
    assert "heltall" in page.text


def test_html_shows_texts_as_they_are() -> None:
    page = Html(rendered("html"))
    assert "<script>alert('1')</script>" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page.text)


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    r, g, b = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_colours_have_the_contrast_that_wcag_asks_for() -> None:
    """4.5 to 1, by day and by night. Source: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    style = re.search(r"<style>(.*?)</style>", rendered("html"), re.S)
    assert style
    day, night = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in style[1].split("@media (prefers")[:2]
    )
    for colours in (day, day | night):
        pairs = [(colours[name], colours["page"]) for name in ("error", "warning", "info", "text")]
        for one, other in [
            *pairs,
            (colours["text"], colours["soft"]),
            (colours["on-meant"], colours["meant"]),
        ]:
            light, dark = sorted((luminance(one), luminance(other)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)
