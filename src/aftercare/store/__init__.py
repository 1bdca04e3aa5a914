"""All SQL, one file per noun. Functions take the database session first and never commit."""
