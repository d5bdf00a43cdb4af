"""The codes of the rules that refuse something, and what each demands.

A refusal names its code: `rule` in answers of the web API, `details.rule` of a denial in the audit trail. Codes
are stable; the sentence that comes with a refusal is for people and may change.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    # who asks
    "role": "the actor has a role that may do this, on this target",
    "sight": "the reader has some role for what is read",
    "session": "the session has not ended",
    "account": "the account is the member's, who has a role and did not leave",
    "own_rights": "nobody gives roles to themselves",
    "token": "the token is known, not revoked, and not expired",
    "is_applicant": "whoever withdraws an application made it",
    "maker_is_not_checker": "whoever decides is not the one who applied",
    "approves_once": "whoever approves has not approved it already, where several must",
    # where the release is
    "state": "the command starts from the state and overlay the release is in",
    "as_seen": "the release of a brake is the one, in the state, that was looked at",
    "target_exists": "the host app has this environment",
    "target_capable": "the target can do what the release needs: windows, protected lists, signed links",
    "pair_unused": "the version never went to this target",
    "not_withdrawn": "no inspector removed the version",
    "attempt_exists": "the version went to this target before",
    "never_finished_well": "the version was never fully released on the target",
    "none_in_flight": "no other release of the kind is between review and full on the target",
    "nothing_in_flight": "no release at all is between review and full on the target",
    "was_there": "the version was a release on the target and is not suspended",
    # what is published
    "version_published": "the version is published whole",
    "package_unchanged": "the published package is the one the release was created from",
    "provenance_proven": "the version has the provenance that the target demands",
    # what is said about it
    "configuration_complete": "title, description and server domains are said",
    "segments_exist": "the segments an audience asks exist",
    "reason_given": "a reason is given",
    "digest_unchanged": "what is approved is what was applied for, and what the reviewer saw",
    # pilot and percentage
    "official_only": "the version is an official one",
    "target_supports_pilot": "the target has a pilot",
    "pilot_not_demanded": "the target does not demand a pilot",
    "testers_named": "a tester is named",
    "ratio_in_range": "the percentage is from 0.01 to 100, or a time window alone decides",
    "ratio_goes_up": "the percentage is above the present one",
    "ratio_goes_down": "the percentage is below the present one",
    "earlier_full_release": "the target has a full release that the rest of the users keep",
    "whole_or_final": "the percentage is 100, or `final` is said",
    # taking back
    "destination_known": "the version to go back to was fully released on the target",
    "nothing_full": "no release is full on the target",
    "destination_named": "a version is named that comes back, where no release is full",
    "destination_usable": "the version to go back to was not removed and its package is the one released",
    "offline_requested": "somebody asked to take the release offline",
    "offline_not_requested": "nobody asked yet to take the release offline",
    # from another environment
    "promotion_accepted": "the target takes what is exported with this key",
    "promotion_new": "what is imported is newer than what came from there before, and goes on from it",
    "promotion_approved": "enough people approved exactly this, none of whom applied, under rules as strict",
    "promotion_newer": "the version is above the full one, or an older one was asked for",
    # beside releases
    "links_bounded": "a mini-program has no more links that are still valid than delivery reads keys",
    "work_budget": "one decision takes no more steps than are allowed, or than before",
    "value_budget": "the values of all switches together are no larger than is allowed, or than before",
    "newer_document": "the document holds nothing that only a newer version knows",
    "repair_needed": "the release document cannot be read",
    "good_revision": "there is a good revision to restore",
    "unreadable": "the document can be read again from the bytes that would be stored",
    "policy": "delivery can read the policy that the change would make",
    "role_left": "a member keeps at least one role",
    "not_administered": "nobody administers the environment yet",
    "administrator_left": "somebody administers the environment, once anybody does",
    "app_is_new": "there is no host app of this name",
    "app_is_unused": "nothing is released to the host app, and no role is for it alone",
    "sealing_key_is_new": "the app has no such key, revoked ones included",
    "sealing_key_known": "the app has exactly one key that begins so, and it is not revoked",
    "subscription_off": "the subscription that a notice is sent to is switched on",
    "subscriptions_bounded": "an environment has at most 100 subscriptions",
    "segment_is_new": "there is no segment of this name",
    "segment_changes": "an id to add is not in the segment yet, or one to remove is in it",
    "segment_of_ids": "the segment is a list of ids, not patterns",
    "segment_in_use": "no release, override or switch asks the segment",
    "segment_unchanged": "nobody else changed the segment meanwhile",
    "release_is_live": "the version is a live release on the target",
    "release_is_linked": "the release is in a state in which a link opens something",
}
"""By code. What must hold, in the order the reference shows it."""
