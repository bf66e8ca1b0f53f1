"""Texts live in `templates/` (jinja2); this finds them in a checkout and in an installed package."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


@cache
def omgeving() -> Environment:
    """The jinja2 environment over the templates; HTML templates escape by themselves."""
    pakket = Path(__file__).parent
    map_ = next(p for p in (pakket / "templates", pakket.parents[1] / "templates") if p.is_dir())
    return Environment(
        loader=FileSystemLoader(map_),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html", "html.j2", "xml.j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def vul(sjabloon: str, **gegevens: object) -> str:
    return omgeving().get_template(sjabloon).render(gegevens)
