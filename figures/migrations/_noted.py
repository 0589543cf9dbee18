"""SQL for triggers that note what a statement has touched. Migrations are made of it: write a new one beside."""

from typing import NamedTuple


class Note(NamedTuple):
    """The rows named by the column `cause` are touched where one of `columns` changes.

    Rows that come and go are noted as well, except where `is_wide`: what others refer to comes before them.
    """

    kind: str
    cause: str
    columns: str
    is_wide: bool = False


def watch(table: str, *notes: Note) -> str:
    """Return the statements that let `table` note changes."""
    coming = "".join(_touched(note, "new_rows") for note in notes if not note.is_wide)
    going = "".join(_touched(note, "old_rows") for note in notes if not note.is_wide)
    changing = "".join(map(_changed, notes))
    function = f"figures_note_{table}()"
    triggers = [("update", "OLD TABLE AS old_rows NEW TABLE AS new_rows")]
    if coming:
        triggers += [("insert", "NEW TABLE AS new_rows"), ("delete", "OLD TABLE AS old_rows")]
    made = "".join(
        f"CREATE TRIGGER figures_noted_{event} AFTER {event.upper()} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function};\n"
        for event, rows in triggers
    )
    return f"""
CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN{changing}
    ELSIF TG_OP = 'INSERT' THEN{coming or " NULL;"}
    ELSE{going or " NULL;"}
    END IF;
    RETURN NULL;
END $$;
{made}"""


def _touched(note: Note, rows: str) -> str:
    return f"""
        PERFORM figures_note('{note.kind}', array_agg(DISTINCT {note.cause}), false)
        FROM {rows} WHERE {note.cause} IS NOT NULL;"""


def _changed(note: Note) -> str:
    columns = ["id", note.cause, *note.columns.split()]
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("was", "became"))
    return f"""
        PERFORM figures_note('{note.kind}', array_agg(DISTINCT cause), {str(note.is_wide).lower()})
        FROM old_rows AS was FULL JOIN new_rows AS became USING (id),
            unnest(ARRAY[was.{note.cause}, became.{note.cause}]) AS cause
        WHERE cause IS NOT NULL AND ({before}) IS DISTINCT FROM ({after});"""


def forget(table: str) -> str:
    """Return the statement that undoes `watch`."""
    return f"DROP FUNCTION figures_note_{table}() CASCADE;"
