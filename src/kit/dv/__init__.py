"""DV's side: take deliveries in, validate them, find duplicates, register in rounds, report. The command is `kit dv`."""
