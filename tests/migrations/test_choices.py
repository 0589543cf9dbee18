"""Words that rows are stored in stay as the migrations know them: a renamed one could not be read any more."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.utils.translation import override

Choices = dict[tuple[str, str, str], list[object]]


def choices_of(states: dict[tuple[str, str], ModelState]) -> Choices:
    """Return the stored values of every column with choices."""
    return {
        (app, model, name): [value for value, _label in field.flatchoices]
        for (app, model), state in states.items()
        for name, field in state.fields.items()
        if getattr(field, "choices", None)
    }


def test_every_stored_word_is_one_that_a_migration_knows() -> None:
    known = choices_of(MigrationLoader(None).project_state().models)
    today = choices_of(
        {
            (model._meta.app_label, model._meta.model_name or ""): ModelState.from_model(model)
            for model in apps.get_models()
        }
    )
    assert len(today) > 40
    assert ("volunteers", "offer", "status") in today
    assert today == {key: known.get(key) for key in today}




def test_no_migration_is_missing() -> None:
    with override(None):
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        assert detector.changes(graph=loader.graph) == {}
