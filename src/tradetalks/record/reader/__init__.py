"""From a document to proposed entries: text, sentences, dates, figures, who, what move, about what.

Rules and word lists only; nothing here knows the law or writes a record.
"""
