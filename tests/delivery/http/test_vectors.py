"""The contract as a table, for both profiles."""

from __future__ import annotations

import pytest

from delivery.vectors.runner import Case, differences, load_cases
from miniprogram.delivery.http.messages import Request


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.profile}: {case.name}") for case in load_cases()])
def test_answers_are_as_the_contract_says(case: Case, serve) -> None:
    server = serve(case.profile, **case.settings)

    response = server.service.handle(Request(case.method, case.path, case.query, case.headers, case.body))

    names = [name for name, _ in response.headers]
    assert len(names) == len(set(names)), "a header was sent twice"
    assert differences(case, response.status, dict(response.headers), response.body) == []
    assert server.failures == []
