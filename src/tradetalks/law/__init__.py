"""The tariff law as data and the evaluator that reads it: any line, any origin, any day, two clocks."""
