"""A preview, and a tab that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.preview_program import home
from browser.preview_site import Looking, PreviewSite, preview_site, screen, text


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PreviewSite]:
    screens = {"shop_home": home("Hello"), "shop_details": screen("Details", text("All about it"))}
    with preview_site(tmp_path, screens) as site:
        yield site


@pytest.fixture
def tab(chromium: Browser, site: PreviewSite) -> Iterator[Looking]:
    looking = Looking(chromium, site.url)
    yield looking
    looking.page.context.close()
    assert looking.complaints == []
