"""The mathematics of a network: equations and derivatives in symbols, order of elimination."""
