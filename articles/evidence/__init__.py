"""What coaches and coordinators are shown, to help: never a ranking of people.

`coaching` is what agents search for and fail at, what a team reuses, and who contributes; `coordination` is what is to
be done, by whom, and for how long it has been. Metrics for analysts are in `articles.metrics`.
"""
