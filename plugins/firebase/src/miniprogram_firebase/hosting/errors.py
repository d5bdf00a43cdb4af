"""What Firebase Hosting's refusals mean."""

from __future__ import annotations

from miniprogram.errors import PublishError
from miniprogram.provider_kit.redaction import Redaction
from miniprogram.provider_kit.sdk_errors import SdkErrors, after_tries, when
from miniprogram_gcp.credentials import SIGN_IN
from miniprogram_gcp.google_calls import read_failure

ERRORS = SdkErrors(
    read=read_failure,
    rules=(
        when((), "the sign-in to Google is not accepted", SIGN_IN, statuses=(401,)),
        when(
            {"SERVICE_DISABLED", "accessNotConfigured"},
            "Firebase Hosting is not enabled in {resource}",
            "Run `gcloud services enable firebasehosting.googleapis.com`, wait a minute, and try again.",
        ),
        when(
            {"BILLING_DISABLED"},
            "{resource} has no billing account",
            "Attach one in the Google Cloud console.",
        ),
        when(
            {"RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"},
            "a quota of {resource} is used up",
            "Wait a while, or ask Google for more.",
        ),
        when(
            (),
            "this account may not do it in {resource}",
            "It needs the role Firebase Hosting Admin (roles/firebasehosting.admin) there.",
            statuses=(403,),
        ),
        when((), "{resource} has no such site, or this account may not see it", statuses=(404,)),
        *after_tries("Firebase Hosting", unreachable={"Unreachable"}),
    ),
    redact=Redaction(("<account>", r"\S+@\S+"), ("<id>", r"\b\d{10,}\b")),
    default=PublishError,
)
