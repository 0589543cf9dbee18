"""What school holidays are called in the sixteen Länder, as the Kultusministerkonferenz lists them."""

NAMES = (
    "Winterferien",
    "Osterferien",
    "Himmelfahrtsferien",
    "Pfingstferien",
    "Sommerferien",
    "Herbstferien",
    "Weihnachtsferien",
)
