"""What the screen checks of plugins say of the screens that are otherwise right, where their authors wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.plugins.loading.contained import pass_on_interrupt, stdout_guarded
from miniprogram.plugins.specs import ScreenCheckSpec
from miniprogram.project.check import CheckedProgram
from miniprogram.project.findings import BuildFinding
from miniprogram.project.source_tree import SOURCE_FOLDER, shown
from miniprogram.seams.screen_check import ScreenRemark
from miniprogram.seams.screen_source import ScreenDraft
from miniprogram.stac.json_path import read_steps

log = get_log(__name__)

FAILED = "screen_check_failed"


def screen_remarks(program: CheckedProgram, checks: Sequence[ScreenCheckSpec]) -> Iterator[BuildFinding]:
    """Warnings about the screens without errors, in the order of `checks`; a check that fails is a warning too."""
    root = program.location.root
    wrong = {finding.file for finding in program.findings if finding.is_error}
    drafts = {
        draft.name: draft
        for draft in program.drafts
        if draft.kind == "screen" and shown(draft.origin, root) not in wrong
    }
    nodes = {name: draft.node for name, draft in drafts.items()}
    for check in checks if nodes else ():
        try:
            with stdout_guarded():
                found = [
                    _finding(remark, drafts[remark.screen], program)
                    for remark in check.run(nodes)
                    if remark.screen in drafts
                ]
        except MiniProgramError as error:
            found = [BuildFinding("warning", FAILED, SOURCE_FOLDER, f"{check.label}: {error}")]
        except BaseException as error:  # noqa: BLE001 - a plugin's check may raise or return anything
            pass_on_interrupt(error)
            log.debug("screen_check_failed", label=check.label, error=repr(error))
            reason = " ".join(f"{check.label} failed: {type(error).__name__}: {error}".split())
            found = [BuildFinding("warning", FAILED, SOURCE_FOLDER, reason)]
        yield from found


def _finding(remark: ScreenRemark, draft: ScreenDraft, program: CheckedProgram) -> BuildFinding:
    root = program.location.root
    mark = draft.locate(read_steps(remark.path)) if draft.locate else None
    file = mark.file if mark and mark.file.is_relative_to(root) else draft.origin
    line, column = (mark.line, mark.column) if mark else (None, None)
    name = shown(file, root)
    return BuildFinding("warning", remark.code, name, remark.message, remark.path, None, line, column)
