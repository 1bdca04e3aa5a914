"""`python -m aftercare.cli`."""

from aftercare.cli import main

main()
