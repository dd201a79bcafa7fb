"""What a move is worth: the case, its terms and packages, valued for both parties."""
