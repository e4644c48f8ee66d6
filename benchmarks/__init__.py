"""Measuring what we claim about speed: ratios against a named reference, taken in one run.

`python -m benchmarks --help` lists what can be measured; README.md says what the ratios mean.
"""
