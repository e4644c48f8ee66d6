"""审核流程: which reviews a story passes, by channel and content class. Data, not code."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.channel import Channel
from articles.models.content_class import ContentClass
from articles.models.stage import Stage
from articles.models.tree import Tree, number_or_none


class ReviewChain(models.Model):
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="review_chains",
        help_text=_("With all channels beneath it. Empty: every channel without a chain."),
    )
    content_class = models.ForeignKey(
        ContentClass,
        verbose_name=_("content class"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="review_chains",
        help_text=_("Empty: every class that has no chain of its own in this channel."),
    )
    has_unit = models.BooleanField(
        _("unit review"),
        default=False,
        help_text=_("Manuscripts of correspondents are read in their own unit first."),
    )
    has_first = models.BooleanField(_("first review"), default=False)
    has_second = models.BooleanField(_("second review"), default=False)
    has_final = models.BooleanField(_("final review"), default=False)

    class Meta:
        verbose_name = _("review chain")
        verbose_name_plural = _("review chains")
        ordering = ["channel__order", "channel_id", "content_class__order", "id"]
        constraints = [
            models.UniqueConstraint(
                number_or_none("channel"),
                number_or_none("content_class"),
                name="review_chain_once",
                violation_error_message=_(
                    "There is a chain for this channel and class already. Change that one."
                ),
            )
        ]

    def __str__(self) -> str:
        names = [str(stage.label) for stage in self.stages]
        return " → ".join(names) or str(_("no review"))

    def clean(self) -> None:
        """Whoever wants no review anywhere has no chain; a form sent empty is a mistake."""
        if not (self.stages or self.channel_id or self.content_class_id):
            raise ValidationError(
                _(
                    "Tick at least one review, or choose the channel or class that needs none. "
                    "Without any chain nothing is reviewed."
                )
            )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The reviews of this chain in order, zero to four."""
        switches = {
            Stage.UNIT: self.has_unit,
            Stage.FIRST: self.has_first,
            Stage.SECOND: self.has_second,
            Stage.FINAL: self.has_final,
        }
        return tuple(stage for stage, is_on in switches.items() if is_on)


class Chains:
    """All chains, read once."""

    def __init__(self) -> None:
        rows = ReviewChain.objects.all()
        self._chains = {(row.channel_id, row.content_class_id): row for row in rows}
        self._tree: Tree | None = None

    def of(self, channel: int, content_class: int | None) -> ReviewChain | None:
        """The chain for stories in this channel and of this class.

        The nearest channel upwards that has a chain decides, in it the chain of the very class
        before the one for every class; where no channel has one, the chain for every channel.
        """
        if not self._chains:
            return None
        self._tree = self._tree or Tree(Channel.objects.only("id", "parent_id", "order"))
        path = self._tree.path_to(channel)
        for place in [*(row.pk for row in reversed(path)), None]:
            for kind in (content_class, None):
                if chain := self._chains.get((place, kind)):
                    return chain
        return None


def stages_for(article: Article) -> tuple[Stage, ...]:
    """The reviews of a story in this channel and of this class; () when there are none."""
    chain = Chains().of(article.channel_id, article.content_class_id)
    return chain.stages if chain else ()
