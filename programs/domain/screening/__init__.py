"""What must not stand in a text: anything by which a child or a family could be known.

No child and no family is stored anywhere; needs describe things and places (§§ 62, 64 SGB VIII). Hard
findings refuse a text, soft ones are questions for the person who releases it. All patterns are linear, and
the forms limit the length of the texts.
"""

from programs.domain.screening.findings import Finding, Kind, Policy, Verdict, verdict
from programs.domain.screening.rule import screen

__all__ = ["Finding", "Kind", "Policy", "Verdict", "screen", "verdict"]
