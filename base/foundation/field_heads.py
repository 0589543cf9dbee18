"""A migration that only names fields for people: no statement, and no model built anew for it."""

from collections.abc import Mapping

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class NameFields(Operation):
    """Give fields their `verbose_name`: model (in small letters) to field to words.

    An AlterField for each would build every related model anew, twice, although the database hears of none.
    """

    reduces_to_sql = False

    def __init__(self, heads: Mapping[str, Mapping[str, str]]) -> None:
        self.heads = heads

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for model, words in self.heads.items():
            fields = state.models[app_label, model].fields
            for name, word in words.items():
                _name, _path, args, kwargs = fields[name].deconstruct()
                fields[name] = type(fields[name])(*args, **{**kwargs, "verbose_name": word})

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing: the database does not know what a field is called."""

    database_backwards = database_forwards

    def describe(self) -> str:
        return f"Name the fields of {', '.join(self.heads)}"
