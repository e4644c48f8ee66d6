"""`python -m benchmarks`: measures in a scratch newsroom, prints tables of ratios."""

from __future__ import annotations

import argparse
import signal
import sys
from importlib import import_module

from benchmarks.measures import NAMES
from benchmarks.plan import Plan


def main() -> int:
    arguments = _arguments()
    # Unwind, so that server and scratch database go too; a shell's background job would
    # otherwise ignore SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    from benchmarks import scratch

    plan = Plan(
        arguments.articles,
        arguments.views,
        arguments.rounds,
        arguments.seconds,
        arguments.restart,
    )
    faults = 0
    with scratch.newsroom(arguments.postgres):
        for name in arguments.measures or NAMES:
            report = import_module(f"benchmarks.measures.{name}").measure(plan)
            print(report, end="\n\n", flush=True)
            faults += len(report.faults)
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("measures", nargs="*", metavar="MEASURE", help=f"any of: {', '.join(NAMES)} (all)")
    add("--articles", type=_positive, default=2_000, help="synthetic stories (%(default)s)")
    add("--views", type=_positive, default=4_000, help="views a round at most (%(default)s)")
    add("--rounds", type=_positive, default=3, help="interleaved rounds (%(default)s)")
    add("--seconds", type=float, default=3.0, help="seconds a step at most (%(default)s)")
    add(
        "--postgres",
        default="",
        metavar="URL",
        help="any database of a server on which a scratch one may be made; else SQLite",
    )
    add(
        "--restart",
        default="",
        metavar="COMMAND",
        help="drills: how the server of --postgres is restarted without warning; nobody else's!",
    )
    arguments = parser.parse_args()
    unknown = set(arguments.measures) - set(NAMES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return arguments


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("write a whole number from 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
