"""What may be asked for in an address of the directory for other programs."""

from django import forms

MOST_PER_PAGE = 100


class ServicesAsked(forms.Form):
    """A page of services, by word and organisation; what makes no sense is refused, not guessed."""

    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    per_page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PER_PAGE)
    search = forms.CharField(required=False, max_length=80)
    organization_id = forms.UUIDField(required=False)
    full = forms.TypedChoiceField(
        required=False, choices=[("true", "true"), ("false", "false")], coerce=lambda said: said == "true"
    )
