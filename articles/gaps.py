"""What a story still lacks before others read it or it is published, as sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from articles import markup
from articles.models import Article, StoryTemplate
from articles.models.story_template import COPY_MARK

# Of forty without a caption the first few are enough to begin with.
PLACES_NAMED = 10


def submitting(article: Article) -> list[str]:
    """What is missing before others read it: the text itself; the rest editors complete."""
    return [] if article.body else [_("The text is empty. Write it, then submit it.")]


def publishing(article: Article) -> list[str]:
    """What is still missing before an article may be published, as sentences; [] when nothing."""
    gaps = []
    if not article.body:
        gaps.append(_("The text is empty. Write it, then publish."))
    if not article.source_name:
        gaps.append(_("The source is missing. Choose the department the story comes from."))
    return gaps + _blanks(article) + _missing_captions(article)


def _blanks(article: Article) -> list[str]:
    """What a template left to fill in: a sentence for each in the headline, one for the text."""
    headline = f"{article.kicker}\n{article.title}\n{article.subtitle}"
    body = markup.plain_text(article.body) if "【" in article.body else ""
    # Asked once for both: the texts of all templates are read for it.
    blanks = StoryTemplate.objects.unfilled(f"{headline}\n{body}")
    gaps = [
        _("The headline still has %(blank)s. Fill it in or take it out.") % {"blank": blank}
        for blank in blanks
        if blank in headline
    ]
    # The mark of a copy stands in headlines only; in a text it is the writer's own word.
    left = [blank for blank in blanks if blank in body and blank != COPY_MARK]
    if left:
        gaps.append(
            _(
                "The text still has %(count)d blanks (【…】) to fill in, for example %(blank)s. "
                "Fill them in or take them out, then publish."
            )
            % {"count": sum(body.count(blank) for blank in left), "blank": left[0]}
        )
    return gaps


def _missing_captions(article: Article) -> list[str]:
    """Pictures of a group share the caption of the first; a video has its own."""
    captions = dict(article.images.filter(order__gt=0).values_list("pk", "caption"))
    place, places, gaps = 1, [], []
    for figure in markup.read_figures(article.body):
        if figure.pictures and not captions.get(figure.images[0]):
            places.append(str(place))
        place += len(figure.pictures)
    if places:
        named = _(", ").join(places[:PLACES_NAMED])
        more = "…" if len(places) > PLACES_NAMED else ""
        gaps.append(
            _("Pictures without a caption: %(places)s. Write one sentence under each.")
            % {"places": named + more}
        )
    if article.videos.filter(order__gt=0, caption="").exists():
        gaps.append(_("A video has no caption. Write one sentence under it."))
    return gaps
