"""What can be wrong with a home, checked one by one, and mended where it is derived.

Without being asked, only Chroma is. With `repair`, whatever is made from the articles is made
again, what was deleted is removed to the end, and a damaged catalogue is restored from its last
backup. Each repair may be cut off and begun anew.
"""

from bot.doctor.check import Check
from bot.doctor.examination import diagnose, examine
from bot.doctor.surroundings import versions

__all__ = ["Check", "diagnose", "examine", "versions"]
