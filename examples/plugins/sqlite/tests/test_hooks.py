"""What this distribution adds fits beside the core. Install it first: `pip install -e .`"""

from miniprogram.testing import HooksContract


class TestHooks(HooksContract):
    distribution = "miniprogram-sqlite"
