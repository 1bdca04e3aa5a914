"""Tests of the SQL, on both databases."""
