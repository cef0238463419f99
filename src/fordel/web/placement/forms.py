"""Ask for places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from fordel.publish.placement_words import say
from fordel.web.placement.models import GOALS, USUAL_GOALS
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fordel.web.placement.models import Search

MOST = 500  # capacities offered at once; a region has some hundred
SECONDS = (10, 60, 300)
ORDER = ("goal_1", "goal_2", "goal_3")
CHOSEN = ("region", "seconds", *ORDER)


class AskForm(forms.Form):
    """Which region places how many capacities, in how many places, what for, and how long to search."""

    region = forms.ChoiceField()
    capacities = forms.IntegerField(min_value=1, max_value=MOST, initial=20)
    sites = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    per_month = forms.IntegerField(required=False, min_value=1, max_value=MOST, initial=2)
    goal_1 = forms.ChoiceField(required=False, initial=USUAL_GOALS[0])
    goal_2 = forms.ChoiceField(required=False, initial=USUAL_GOALS[1])
    goal_3 = forms.ChoiceField(required=False)
    seconds = forms.TypedChoiceField(coerce=int, initial=60)

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        goals = [("", text("placement.no_goal")), *((goal, say(f"goal_{goal}", language())) for goal in GOALS)]
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["seconds"].choices = [(n, text("placement.n_seconds", n=n)) for n in SECONDS]  # type: ignore[attr-defined]
        for name in ORDER:
            self.fields[name].choices = goals if name != ORDER[0] else goals[1:]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = text(f"placement.{name}")
            field.widget.attrs["class"] = "form-select" if name in CHOSEN else "form-input"

    def clean(self) -> dict[str, Any]:
        """Refuse a goal that is asked for twice."""
        given = super().clean() or {}
        goals = [goal for name in ORDER if (goal := given.get(name))]
        if len(set(goals)) < len(goals):
            self.add_error(ORDER[1], text("placement.goal_twice"))
        return given

    def wishes(self, chosen: Mapping[str, list[dict[str, str]]]) -> dict[str, Any]:
        """Give the wishes as a search keeps them."""
        goals = [goal for name in ORDER if (goal := self.cleaned_data[name])] or list(USUAL_GOALS)
        return {**chosen, "goals": goals, "per_month": self.cleaned_data["per_month"] or 1}


def as_before(search: Search) -> dict[str, Any]:
    """Give what an earlier search asked for, to begin with."""
    goals = dict(zip(ORDER, [*search.wishes.get("goals", USUAL_GOALS), "", ""], strict=False))
    return {
        "region": search.region,
        "capacities": search.capacities,
        "sites": search.sites,
        "per_month": search.wishes.get("per_month", 1),
        "seconds": search.seconds,
        **goals,
    }
