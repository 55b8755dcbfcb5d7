"""The structure family: what C looks like."""

from __future__ import annotations

from symtconv.catalogue.bands import BANDS
from symtconv.catalogue.blocks import BLOCKS
from symtconv.catalogue.circulants import CIRCULANTS
from symtconv.catalogue.compositions import COMPOSITIONS
from symtconv.catalogue.depths import DEPTHS
from symtconv.catalogue.mirrors import MIRRORS
from symtconv.catalogue.reading import READING
from symtconv.catalogue.residues import RESIDUES
from symtconv.catalogue.tensors import TENSORS
from symtconv.catalogue.tiles import TILES
from symtconv.proofs.theorem import Theorem

STRUCTURE: tuple[Theorem, ...] = (
    *BANDS,
    *TENSORS,
    *BLOCKS,
    *COMPOSITIONS,
    *RESIDUES,
    *TILES,
    *MIRRORS,
    *DEPTHS,
    *CIRCULANTS,
    *READING,
)
