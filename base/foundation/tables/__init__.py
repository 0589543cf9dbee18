"""Tables that others wrote, CSV or XLSX, read within limits; what stands in them is text and nothing else."""
