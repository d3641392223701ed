"""Seeds for tests: those of the shipped bundles, and any at all."""

from pathlib import Path

import yaml
from hypothesis import strategies as st

from theming import tokens
from theming.tokens import Seeds

SHIPPED = Path(__file__).resolve().parents[2] / "tenants" / "bundles" / "shipped"
BUNDLES = ("ciltuk", "linguists", "uhb", "guided", "connect")


def shipped(bundle: str) -> Seeds:
    """The seeds of a shipped bundle."""
    text = (SHIPPED / bundle / "institute.yaml").read_text(encoding="utf-8")
    return Seeds.read(yaml.safe_load(text)["brand"])


def logo_of(bundle: str) -> bytes:
    """The logo of a shipped bundle."""
    return (SHIPPED / bundle / "logo.svg").read_bytes()


COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
ANY_SEEDS = st.builds(
    Seeds,
    accent=COLOURS,
    second=COLOURS,
    pairing=st.sampled_from(tokens.PAIRINGS),
    radius=st.sampled_from(tokens.RADII),
    density=st.sampled_from(tokens.DENSITIES),
    hero=st.sampled_from(tokens.HEROES),
    masthead=st.sampled_from(tokens.MASTHEADS),
)
