"""The voorbereidingskit: one schema and one set of rules -> workbooks, findings, markings and a clean export."""

from importlib.metadata import version

__version__ = version("voorbereidingskit")
