"""The local server: a read-only SPARQL endpoint, and the site on top of it.

``limits`` says how much a query may take, ``guard`` reads a query before the engine does,
``pool`` runs it in a child that can be killed, ``protocol`` speaks SPARQL over HTTP, ``app``
puts them together.
"""
