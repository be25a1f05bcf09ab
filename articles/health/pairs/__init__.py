"""Pairs of articles that say the same, and pairs of passages that disagree.

`kept.refresh` brings what is stored up to date, with `look.look`. `candidates` says what is compared, `similarity` how
alike two articles are, `claims` what a passage says, and `disagree` whether two claims cannot both hold. What becomes
of a pair is for the checks.
"""
