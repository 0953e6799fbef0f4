"""What the `trialmart` command shows and asks: progress, summaries, query output, the data dictionary.

Belongs here: text for people, one module for each command that has much to say. Does not: work on data; that is done by
the rooms below and, for runs, by Dagster. Modules here import Dagster, polars and Great Expectations only inside the
functions that run the pipeline, so that `status`, `sql` and a run with nothing new answer at once.
"""
