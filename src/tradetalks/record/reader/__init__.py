"""From a document to proposed entries: text, sentences, dates, figures, who, what move, about what.

Rules find sentences, clauses, people, governments, dates and figures; a linear model, shipped as a table of weights,
tells whose move a clause is, which, and on what issue. Nothing here knows the law or writes a record.
"""
