# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""The actions: one constructor each, listed and explained by editors."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from miniprogram.stac.nodes.actions.platform import (
        backend_call,
        backend_query,
        call_secure_api,
        open_native_screen,
        open_screen,
        pop_screen,
        pop_to_root,
        pop_to_screen,
        refresh_session,
        replace_screen,
        reset_stack,
        restore_session,
        show_email_auth,
        sign_out,
        track_event,
    )
    from miniprogram.stac.nodes.actions.raw import raw
    from miniprogram.stac.nodes.actions.stac import (
        delay,
        get_form_value,
        multi_action,
        navigate,
        network_request,
        none,
        pop,
        set_value,
        show_dialog,
        show_modal_bottom_sheet,
        show_snack_bar,
        validate_form,
    )
else:
    from miniprogram.stac.nodes.on_first_use import on_first_use

    __getattr__ = on_first_use(
        sys.modules[__name__],
        (
            (
                "actions.platform",
                "backend_call backend_query call_secure_api open_native_screen open_screen pop_screen "
                "pop_to_root pop_to_screen refresh_session replace_screen reset_stack restore_session "
                "show_email_auth sign_out track_event",
            ),
            (
                "actions.raw",
                "raw",
            ),
            (
                "actions.stac",
                "delay get_form_value multi_action navigate network_request none pop set_value show_dialog "
                "show_modal_bottom_sheet show_snack_bar validate_form",
            ),
        ),
    )

__all__ = [
    "backend_call",
    "backend_query",
    "call_secure_api",
    "delay",
    "get_form_value",
    "multi_action",
    "navigate",
    "network_request",
    "none",
    "open_native_screen",
    "open_screen",
    "pop",
    "pop_screen",
    "pop_to_root",
    "pop_to_screen",
    "raw",
    "refresh_session",
    "replace_screen",
    "reset_stack",
    "restore_session",
    "set_value",
    "show_dialog",
    "show_email_auth",
    "show_modal_bottom_sheet",
    "show_snack_bar",
    "sign_out",
    "track_event",
    "validate_form",
]


def __dir__() -> list[str]:
    return __all__
