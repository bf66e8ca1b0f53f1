"""A register to rehearse with: a real HTTP server that answers as the Verenigingsregister does (register.md 1, 4 and 8)."""
