"""Landing: which files there are, exact copies of them, and the readable members in them. Knows nothing of studies."""
