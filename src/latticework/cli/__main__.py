"""``python -m latticework.cli``."""

from latticework.cli import main

main()
