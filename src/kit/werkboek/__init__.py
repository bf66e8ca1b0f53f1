"""Workbooks: generate from the schema, read back, paint markings. The only room that knows the xlsx format."""
