"""What may be brought in as a file: one module per kind reads its rows, `kinds` names them all."""
