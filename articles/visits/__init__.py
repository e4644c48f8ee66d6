"""Counting views once a visit: who is reading (recognition), what was counted (ledger)."""
