"""The grammar of Stac documents: every check and rule by the name it is looked up by."""

from __future__ import annotations

from miniprogram.stac.checks.nodes import CHILD_CHECKS
from miniprogram.stac.checks.rules.forms import FORM_CHECKS
from miniprogram.stac.checks.rules.stac import ACTION_RULES, REQUEST_CHECKS, WIDGET_RULES
from miniprogram.stac.checks.run import Grammar
from miniprogram.stac.checks.spellings import SPELLINGS

GRAMMAR = Grammar(
    named={**SPELLINGS, **CHILD_CHECKS, **REQUEST_CHECKS, **FORM_CHECKS},
    widget_rules=WIDGET_RULES,
    action_rules=ACTION_RULES,
)
