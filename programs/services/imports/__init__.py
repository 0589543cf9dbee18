"""Bringing in what others wrote as a file: preview, a second person where all read it, taking it back."""
