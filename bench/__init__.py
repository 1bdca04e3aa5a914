"""Measurements and faults on real servers; not part of the product."""
