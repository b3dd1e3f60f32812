"""What moderators send in about rules, bans, trust and saved replies."""

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.blog import Blog
from app.core.web import MemberForm

from .bans import BanDraft, is_address, is_email
from .models import LONGEST_WORDS, Scope
from .rulebook import RulesDraft
from .wording import LENGTHS, SCOPES
from .words import problems_in

_NUMBER = "Write a whole number."


class RulesForm(MemberForm):
    """How a blog is screened. `tried` is the print of the word list that was tried out."""

    words = TextAreaField(
        "Words that hold a comment",
        [Length(max=LONGEST_WORDS, message=f"At most {LONGEST_WORDS:,} characters.")],
        description=(
            "One word or phrase a line. * stands for any letters, # begins a remark. Case and"
            " accents do not matter; a word is found whole, never inside another."
        ),
        render_kw={"rows": 12, "spellcheck": "false"},
    )
    links_allowed = IntegerField(
        "Links that may pass",
        [InputRequired(_NUMBER), NumberRange(0, 20, "Between 0 and 20.")],
        description="A comment with more links waits for a moderator.",
    )
    report_threshold = IntegerField(
        "Reports that hide a comment",
        [InputRequired(_NUMBER), NumberRange(0, 100, "Between 0 and 100.")],
        description="It then waits for a decision. With 0, reports never hide anything.",
    )
    publishes_first = BooleanField(
        "Publish strangers' comments at once and look at them afterwards",
        description="The other rules still hold what they find.",
    )
    #: What is kept of it, and which state of that the form was filled from.
    SAVED = ("words", "links_allowed", "report_threshold", "publishes_first", "revision")
    revision = HiddenField()
    tried = HiddenField()
    do = HiddenField()

    def validate_words(self, field: TextAreaField) -> None:
        """Say why a list cannot be used."""
        problems = problems_in(field.data or "")
        if problems:
            raise ValidationError(problems[0])

    def draft(self) -> RulesDraft:
        """The rules as they were filled in."""
        revision = self.revision.data or ""
        return RulesDraft(
            words=self.words.data or "",
            publishes_first=bool(self.publishes_first.data),
            links_allowed=self.links_allowed.data or 0,
            report_threshold=self.report_threshold.data or 0,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
        )


class BanForm(MemberForm):
    """Somebody to keep out. `warned` is the print of what was warned about.

    Only administrators type addresses: the warning tells whether anybody wrote from there.
    """

    blog = SelectField("Blog", coerce=int)
    scope = RadioField(
        "Keep out",
        choices={scope.value: label for scope, label in SCOPES.items()},
        default=Scope.EMAIL.value,
    )
    value = StringField(
        "Email or address",
        [InputRequired("Type whom to keep out."), Length(max=254)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    lasts = SelectField("For", choices=dict(LENGTHS), default="month")
    reason = StringField(
        "Reason",
        [InputRequired("Whoever meets the ban is told why."), Length(max=300)],
        description="Shown to whoever meets the ban. Name nobody in it.",
    )
    warned = HiddenField()
    #: The blogs of which the viewer may know addresses; set by `offer`.
    administered: frozenset[int] = frozenset()

    def validate_scope(self, field: RadioField) -> None:
        """By address only where the viewer may know addresses."""
        if field.data != Scope.EMAIL.value and self.blog.data not in self.administered:
            raise ValidationError(
                "Only administrators type addresses. Open a comment to keep its author out by one."
            )

    def validate_value(self, field: StringField) -> None:
        """An email for a ban by email, an address for one by address."""
        value = field.data or ""
        if self.scope.data == Scope.EMAIL.value and not is_email(value):
            raise ValidationError("That is not an email address.")
        if self.scope.data != Scope.EMAIL.value and not is_address(value):
            raise ValidationError("That is not an address such as 203.0.113.7.")

    def offer(self, blogs: list[Blog], *, administered: frozenset[int]) -> None:
        """Let one of these blogs be chosen, and what the viewer may keep out of them."""
        self.blog.choices = [(blog.id, blog.title) for blog in blogs]
        self.administered = administered
        if not administered:
            self.scope.choices = [(Scope.EMAIL.value, SCOPES[Scope.EMAIL])]

    def draft(self) -> BanDraft:
        """The ban as it was filled in."""
        return BanDraft(
            self.blog.data, Scope(self.scope.data), self.reason.data or "", self.lasts.data
        )


class DistrustForm(MemberForm):
    """Trust is taken back, and what it let through since some day waits again."""

    since = DateField(
        "Put back into the queue what they wrote since",
        [Optional()],
        description="Leave it empty to let everything stay published.",
    )


class ReplyForm(MemberForm):
    """An answer to use again."""

    title = StringField("Title", [InputRequired("Give it a title."), Length(max=80)])
    text = TextAreaField(
        "Text",
        [InputRequired("Write the answer."), Length(max=2_000)],
        description="{name} becomes the commenter's name, {post} the title of the post.",
        render_kw={"rows": 6},
    )
