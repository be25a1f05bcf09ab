"""Faults put into articles on purpose: by check, `INJECT` of each module makes a shelf in which an article has one."""
