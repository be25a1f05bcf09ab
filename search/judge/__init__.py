"""How good are the answers? Judged sets, metrics, evaluation and tuning."""
