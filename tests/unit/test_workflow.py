"""What GitHub runs is pinned: a tag can be moved to other code, a commit can't."""

import re
from pathlib import Path

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def test_actions_are_pinned_by_commit_with_their_version_beside_it():
    used = [
        line.partition("uses:")[2].strip()
        for file in WORKFLOWS.glob("*.yml")
        for line in file.read_text("utf-8").splitlines()
        if "uses:" in line
    ]
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []
