"""The public test kit: real fakes that ship with the product."""
