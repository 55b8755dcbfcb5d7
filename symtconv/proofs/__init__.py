"""Proofs and what checks them. Nothing here knows of convolution; only kernel.check makes a Proof."""
