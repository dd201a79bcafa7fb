"""The parts of the brief, each made from the briefing as blocks of a document."""
