"""What was said and done, dated twice: when it happened and when it became known."""
