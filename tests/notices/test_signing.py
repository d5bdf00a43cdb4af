"""Signatures are those of the standard: checked against its published example and an independent computation."""

from __future__ import annotations

import base64

from miniprogram.notices.signing import new_secret, signature

# the example of the reference implementation's own tests
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, TIMESTAMP_S, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published() -> None:
    assert signature([SECRET], MESSAGE, TIMESTAMP_S, BODY) == EXPECTED


def test_two_secrets_sign_side_by_side() -> None:
    other = new_secret()
    both = signature([other, SECRET], MESSAGE, TIMESTAMP_S, BODY).split(" ")

    assert both[1] == EXPECTED
    assert both[0] == signature([other], MESSAGE, TIMESTAMP_S, BODY) != EXPECTED


def test_a_secret_is_as_long_as_the_standard_wants_and_never_the_same() -> None:
    one, other = new_secret(), new_secret()

    assert one != other
    assert 24 <= len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) <= 64
