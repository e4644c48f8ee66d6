"""Exit with 1 when a file of an installed package is missing or cut short.

pip trusts a package whose metadata exists, even if an interrupted run or a full
disk left it without its modules.
"""

import sys
from importlib.metadata import distributions
from pathlib import Path

wrong = [
    str(file)
    for package in distributions(path=[p for p in sys.path if p.startswith(sys.prefix)])
    for file in package.files or [Path("RECORD")]
    if file.suffix != ".pyc"
    and not (
        (path := Path(str(package.locate_file(file)))).is_file()
        and getattr(file, "size", None) in {None, path.stat().st_size}
    )
]
if wrong:
    sys.exit("Missing or damaged: " + ", ".join(wrong[:5]))
