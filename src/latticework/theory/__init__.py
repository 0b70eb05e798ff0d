"""The framework made executable: what it predicts, why, where it is silent, and what happened.

>>> from datetime import date
>>> from latticework.graph import open_graph
>>> theory = open_graph().theory()
>>> quad = theory.mechanism("https://w3id.org/latticework/id/arrangement/quad")
>>> [one.status for one in predict(theory, date(2022, 5, 25), among=[quad])]
['certain']
"""

from __future__ import annotations

from latticework.theory.alternatives import decision_table, sensitivity, why_not
from latticework.theory.expectations import Expectation, predict
from latticework.theory.panel import panel_data
from latticework.theory.reading import Coding, Mechanism, Prediction, Theory, read_theory
from latticework.theory.reasons import Reasons
from latticework.theory.record import Held, Record, Records, against_record

__all__ = [
    "Coding",
    "Expectation",
    "Held",
    "Mechanism",
    "Prediction",
    "Reasons",
    "Record",
    "Records",
    "Theory",
    "against_record",
    "decision_table",
    "panel_data",
    "predict",
    "read_theory",
    "sensitivity",
    "why_not",
]
