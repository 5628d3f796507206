"""Of the titles that a page gives itself, the article's headline is found."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.pages.headlines import headline, same

SITE = "Lindenauer Bote bote.example"


def test_the_publisher_s_name_and_the_section_are_left_out():
    for title in (
        "Die Schleuse wird saniert | Lindenauer Bote",
        "Die Schleuse wird saniert - Lindenauer Bote",
        "Die Schleuse wird saniert – bote.example",
    ):
        assert headline(None, title, None, None, SITE) == "Die Schleuse wird saniert"


def test_what_stands_behind_another_title_is_no_part_of_the_headline():
    told = headline(
        "Die Schleuse wird saniert | Lokales", "Die Schleuse wird saniert", None, None, SITE
    )
    assert told == "Die Schleuse wird saniert"


def test_a_dash_inside_the_headline_stays():
    title = "Zwei Rücktritte - und viele offene Fragen"
    assert headline(title, title, title, f"{title} | Lindenauer Bote", SITE) == title


def test_a_headline_that_ends_in_the_site_s_name_by_itself_stays():
    assert headline("Lindenauer Bote", None, None, None, SITE) == "Lindenauer Bote"


def test_of_two_wordings_the_one_that_readers_see_and_share_is_taken():
    seen = "Schleuse am Mühlkanal wird für 2,4 Millionen Euro saniert"
    told = headline("Schleuse am Mühlkanal wird für viel Geld saniert", seen, seen, seen, SITE)
    assert told == seen


def test_where_the_page_follows_the_news_metadata_names_the_article():
    seen = "++ Pegel steigt weiter ++"
    told = headline("Hochwasser in Lindenau im Ticker vom 3. bis 9. Mai", seen, seen, seen, SITE)
    assert told == "Hochwasser in Lindenau im Ticker vom 3. bis 9. Mai"


def test_the_title_for_sharing_wins_where_page_and_metadata_repeat_one_made_for_search():
    made = "Mühlkanal Lindenau: Schleuse, Kosten, Termine"
    told = headline(made, "Warum die Schleuse erst jetzt saniert wird", made, made, SITE)
    assert told == "Warum die Schleuse erst jetzt saniert wird"


def test_a_title_that_is_cut_off_gives_way_to_the_whole_one():
    whole = 'Beim Lauf am Kanal: Sieger und "königlicher Besuch"'
    told = headline(
        "Lauf am Kanal: alle Ergebnisse", "Beim Lauf am Kanal: Sieger und", whole, whole, SITE
    )
    assert told == "Lauf am Kanal: alle Ergebnisse"


def test_behind_two_different_kickers_stands_the_headline():
    told = headline(
        None,
        "Lindenau: „Wir haben lange gewartet“",
        "Der Streit um die Schleuse - „Wir haben lange gewartet“",
        None,
        SITE,
    )
    assert told == "„Wir haben lange gewartet“"


def test_titles_are_compared_without_case_marks_and_hyphenation():
    assert same("Die Schleuse\xad am „Kanal“!", "die schleuse am kanal")


_TITLE = st.one_of(st.none(), st.text(max_size=80))


@given(_TITLE, _TITLE, _TITLE, _TITLE, _TITLE)
def test_whatever_pages_say_the_headline_is_one_line_or_none(
    described, shared, shown, window, site
):
    told = headline(described, shared, shown, window, site)
    assert told is None or told == " ".join(told.split())
    assert told is not None or not any(t and t.strip() for t in (described, shared, shown, window))
