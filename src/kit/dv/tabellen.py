"""The dossier's tables. A change here needs a step in `migraties/versions/` (a test compares the two)."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row: which workspace this is, so that a decisions file of another one is recognised.
werkmap = Table("werkmap", metadata, Column("kenmerk", String(36), primary_key=True), Column("ronde", Integer, nullable=False))

gi = Table(
    "gi",
    metadata,
    Column("ovo", String(9), primary_key=True),
    Column("naam", Text, nullable=False),
    Column("sinds", DateTime, nullable=False),
)

# One workbook of one delivery. `actueel`: the newest of this GI, service and workbook.
levering = Table(
    "levering",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ovo", ForeignKey("gi.ovo"), nullable=False, index=True),
    Column("dienst", Text, nullable=False),
    Column("werkboek", Text, nullable=False),
    Column("bestand", Text, nullable=False),
    Column("soort", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("manifest", JSON),
    Column("schema", Text, nullable=False),
    Column("ontvangen", DateTime, nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
    Column("actueel", Boolean, nullable=False),
    Column("nagekeken", DateTime),
)

# One association as it was last delivered. `hash` is over everything that goes to the register.
vereniging = Table(
    "vereniging",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ovo", ForeignKey("gi.ovo"), nullable=False, index=True),
    Column("dienst", Text, nullable=False),
    Column("werkboek", Text, nullable=False),
    Column("nr", Text, nullable=False),
    Column("levering", ForeignKey("levering.id"), nullable=False, index=True),
    Column("rij", Integer, nullable=False),
    Column("naam", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("migreren", Boolean, nullable=False),
    Column("reden", Text, nullable=False),
    Column("kandidaat", JSON),
    Column("verzoeken", JSON, nullable=False),
    Column("aanwezig", Boolean, nullable=False),
    Column("fouten", Integer),
    UniqueConstraint("ovo", "dienst", "werkboek", "nr"),
)

bevinding = Table(
    "bevinding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("levering", ForeignKey("levering.id"), nullable=False, index=True),
    Column("nr", Text, nullable=False),
    Column("regel", Text, nullable=False),
    Column("ernst", Text, nullable=False),
    Column("inhoud", JSON, nullable=False),
)

# What the register holds, from its own export.
registerlijst = Table(
    "registerlijst", metadata, Column("vcode", String(8), primary_key=True), Column("kandidaat", JSON, nullable=False)
)

# A probable double: of another delivered association (`ander`), or of one in the register (`vcode`).
dubbel = Table(
    "dubbel",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vereniging", ForeignKey("vereniging.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False),
    Column("ander", ForeignKey("vereniging.id")),
    Column("ander_hash", String(64)),
    Column("vcode", String(8)),
    Column("herkomst", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("redenen", JSON, nullable=False),
    Column("getoond", JSON),
)

beslissing = Table(
    "beslissing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vereniging", ForeignKey("vereniging.id"), nullable=False, index=True),
    Column("hash", String(64), nullable=False),
    Column("ander", ForeignKey("vereniging.id")),
    Column("ander_hash", String(64)),
    Column("vcode", String(8)),
    Column("wat", Text, nullable=False),
    Column("reden", Text, nullable=False),
    Column("op", DateTime, nullable=False),
)

# A call that may have been carried out, or not.
OPEN = ("onderweg", "onzeker")
# Every call that changes something in the register. Written as `onderweg` before it leaves, so that nothing that may have
# happened is forgotten.
oproep = Table(
    "oproep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vereniging", ForeignKey("vereniging.id"), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("volgnr", Integer, nullable=False),
    Column("ronde", Integer, nullable=False),
    Column("methode", Text, nullable=False),
    Column("pad", Text, nullable=False),
    Column("correlatie", String(36), nullable=False),
    Column("vanaf", String(8), nullable=False),
    Column("stand", Text, nullable=False),
    Column("status", Integer),
    Column("melding", Text),
    Column("begonnen", DateTime, nullable=False),
    Column("klaar", DateTime),
    Index("ix_oproep_vereniging_volgnr", "vereniging", "volgnr"),
)

registratie = Table(
    "registratie",
    metadata,
    Column("vereniging", ForeignKey("vereniging.id"), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("vcode", String(8), nullable=False, index=True),
    Column("versie", Integer, nullable=False),
    Column("wijze", Text, nullable=False),
    Column("ronde", Integer, nullable=False),
    Column("volledig", Boolean, nullable=False),
    Column("op", DateTime, nullable=False),
)
