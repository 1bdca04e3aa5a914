"""HTTP: the client's pages, the REST interface, signs of life."""
