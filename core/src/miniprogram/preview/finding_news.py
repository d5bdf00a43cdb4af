"""What builds find, told once while a preview runs."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.project.build import BuildReport


class FindingNews:
    """Tells what a build found that the one before did not: what stays is not said again with every save."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._told: set[tuple[str, str, str, str]] = set()

    def tell(self, report: BuildReport) -> None:
        # without the line, which is another one after every line that is added above it
        found = {(each.code, each.file, each.path, each.message): each for each in report.findings}
        for key, finding in found.items():
            if key not in self._told:
                self._say(finding.text(report.location.shown_folder))
        self._told = set(found)
