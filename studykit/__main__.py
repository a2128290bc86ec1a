"""`python -m studykit`."""

from studykit.cli.start import main

main()
