"""Alembic's entry: run the steps on the connection that `kit.dv.dossier` hands over."""

from alembic import context

from kit.dv.tabellen import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
