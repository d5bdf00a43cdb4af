"""The console script. Answers what needs no command before anything else is imported."""

import sys


def main() -> None:
    """Run the command line of this process and exit with its code."""
    argv = sys.argv[1:]
    if argv == ["--version"]:
        from miniprogram.version import VERSION

        sys.stdout.write(f"miniprogram {VERSION}\n")
        sys.exit(0)
    from miniprogram.cli.main import run
    from miniprogram.cli.toolbox import Toolbox

    sys.exit(run(argv, Toolbox()))
