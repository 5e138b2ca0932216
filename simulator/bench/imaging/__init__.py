"""Is the picture right? Each file measures one property of it; `contract` is all of them, row by row."""
