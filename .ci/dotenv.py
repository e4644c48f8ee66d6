"""Put what is missing into .env: made whole or not at all, readable by its owner only."""

import os
import secrets
import tempfile
from pathlib import Path

# Without 0/o, 1/l/i: the password is read from a screen and typed by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def demo_password() -> str:
    """Such as k7pd-wmx4-tz9h."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


# token_urlsafe because django-environ would take a leading $ for the name of another variable.
VALUES = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "DEMO_PASSWORD": demo_password,
}


def present(line: str) -> str:
    """Return the name that a line gives a value to, or ''."""
    name, equals, value = line.strip().removeprefix("export ").partition("=")
    return name.strip() if equals and value.strip(" \t'\"") else ""


def main() -> None:
    env = Path(".env")
    lines = env.read_text(encoding="utf-8").splitlines() if env.exists() else []
    missing = [name for name in VALUES if name not in {present(line) for line in lines}]
    if not missing:
        return
    emptied = {f"{prefix}{name}=" for name in missing for prefix in ("", "export ")}
    lines = [line for line in lines if line.strip().rstrip("'\" \t") not in emptied]
    lines += [f"{name}={VALUES[name]()}" for name in missing]

    # mkstemp makes the file with mode 600.
    handle, draft = tempfile.mkstemp(prefix=".env.", suffix=".tmp", dir=".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(env.resolve())
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    print("Wrote " + " and ".join(missing) + " to .env")


main()
