"""One way to look through many rows: search, filters, order, pages and a table to take away.

A list is declared once (`declaring.Listing`); screen and export ask the same declaration, so that a file
never holds another row or another column than its page.
"""
