"""Figures for papers and slides (matplotlib): SVG, PDF or PNG, in English or Chinese.

One module a figure; each makes a matplotlib ``Figure`` from plain data. :mod:`.style` holds what
they share. The same data give the same bytes.
"""
