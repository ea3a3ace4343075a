"""One finding in a few words."""

from __future__ import annotations

from reelscribe.report.described import content_of
from reelscribe.v1.finding_pb2 import Finding


def brief(finding: Finding) -> str:
    """What was written, said or described (and where), in its own words; of anything else the label, as words."""
    match finding.WhichOneof("shape"):
        case "text":
            return f"“{' '.join(finding.text.content.split())}”"
        case "description":
            where = finding.description.place
            return content_of(finding.description) + (f" ({' '.join(where.split())})" if where else "")
        case "color":
            return ", ".join(dict.fromkeys(swatch.name.replace("_", " ") for swatch in finding.color.swatches[:3]))
        case "shot":
            return f"shot {finding.shot.index + 1}"
    return finding.label.replace("_", " ")
