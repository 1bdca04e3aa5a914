"""Use cases: plain functions `f(db, ..., now)`. They decide nothing that `domain` can decide."""
