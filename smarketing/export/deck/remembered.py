"""What a deck remembers of how a chart or table was made: tags beside it, which nobody sees.

PowerPoint keeps tags with their shape wherever it goes. Where another program dropped them, nothing
is remembered, and a refresh goes by names and places alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

_PLACE = "/ppt/tags/tag%d.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.tags+xml"
#: The marks of a table's cells, of a chart's series and categories, the looks of series that went,
#: and the hues that a chart was made with.
CELLS, SERIES, LOOKS = "SMARKETING_CELLS", "SMARKETING_SERIES", "SMARKETING_LOOKS"
CATEGORIES, HUES = "SMARKETING_CATEGORIES", "SMARKETING_HUES"


def remembered(shape: Any) -> dict[str, str]:
    """Return what is remembered of a chart or table, by name."""
    found = _relation(shape)
    if found is None:
        return {}
    tags = parse_xml(found.target_part.blob)
    return {tag.get("name", ""): tag.get("val", "") for tag in tags}


def remember(shape: Any, told: Mapping[str, str]) -> None:
    """Remember these of a chart or table, beside what others remember of it."""
    root = parse_xml(f"<p:tagLst {nsdecls('p')}/>")
    for name, value in sorted({**remembered(shape), **told}.items()):
        root.append(root.makeelement(qn("p:tag"), {"name": name, "val": value}))
    content = serialize_part_xml(root)
    part, known = shape.part, shape._element.nvGraphicFramePr.nvPr
    old = _relation(shape)
    if old is not None:
        part.drop_rel(old.rId)
    made = Part(part.package.next_partname(_PLACE), _TYPE, part.package, content)
    held = known.find(qn("p:custDataLst"))
    if held is None:
        held = known.makeelement(qn("p:custDataLst"), {})
        last = known.find(qn("p:extLst"))
        known.append(held) if last is None else last.addprevious(held)
    tags = held.find(qn("p:tags"))
    if tags is None:
        tags = held.makeelement(qn("p:tags"), {})
        held.append(tags)
    tags.set(qn("r:id"), part.relate_to(made, RT.TAGS))


def _relation(shape: Any) -> Any:
    """Return the relation to the tags of a shape; None where it has none, or not on this slide."""
    known = shape._element.nvGraphicFramePr.nvPr
    for tags in known.findall(f"{qn('p:custDataLst')}/{qn('p:tags')}"):
        found = shape.part.rels.get(tags.get(qn("r:id")))
        if found is not None and found.reltype == RT.TAGS:
            return found
    return None
