"""What members are called where no file of members says it."""

from __future__ import annotations

from builders import make_store, rows

from smarketing.analysis.dimensions import owners
from smarketing.analysis.handoff.listing import obligation_records
from smarketing.periods import parse_period


def _deal(name: str, owner: str | None, called: str | None = None) -> dict[str, str | None]:
    return {"deal_id": name, "owner_id": owner, "owner_name": called}


def test_an_owner_is_called_by_the_name_a_source_gave_else_by_the_id_said_as_one() -> None:
    engine = make_store(
        {
            "member": [
                {"member_id": "crm:005A", "name": "Ann Berg"},
                {"member_id": "crm:005B", "name": None},
            ],
            "deal": [
                _deal("d1", "crm:005A", "A. Berg"),  # a file of members knows better
                _deal("d2", "crm:005B", "Bo Dahl"),
                _deal("d3", "crm:Cid Ek"),  # the source gave a name for the id
                _deal("d4", "crm:77"),
                _deal("d5", "shop:88"),
                _deal("d6", "crm:88"),  # two systems, two people
                _deal("d7", "crm:eva@acme.com"),
                _deal("d8", "crm:99", "Fay Ohm"),
                _deal("d9", "crm:99", "Fay Ohm"),
                _deal("d10", "crm:99", "Fay Uhl"),  # before she married
                _deal("d11", None),
            ],
            "touch": [{"touch_id": "t", "kind": "call", "actor_id": "crm:55"}],
        }
    )
    assert dict(rows(engine, "select deal_id, owner from fct_deal")) == {
        "d1": "Ann Berg",
        "d2": "Bo Dahl",
        "d3": "Cid Ek",
        "d4": "id 77",
        "d5": "id 88 (shop)",
        "d6": "id 88 (crm)",
        "d7": "eva@acme.com",
        "d8": "Fay Ohm",
        "d9": "Fay Ohm",
        "d10": "Fay Ohm",
        "d11": None,
    }
    assert rows(engine, "select name from map_member where member_id = 'crm:55'") == [("id 55",)]


def test_every_list_of_owners_says_names() -> None:
    """A lead of a HubSpot list, whose owner is a name; nobody called it."""
    lead = {"lead_id": "l", "owner_id": "hubspot:Ann Berg", "created_at": "2026-06-01 08:00"}
    stage = {"lead_id": "l", "stage": "mql", "entered_at": "2026-06-01 08:00", "kind": "entry"}
    call = {"touch_id": "t", "lead_id": "other", "kind": "call", "side": "sales",
            "occurred_at": "2026-06-01 09:00"}  # fmt: skip
    engine = make_store(
        {"lead": [lead], "lead_stage_event": [stage], "touch": [call]}, as_of="2026-06-30 12:00"
    )
    for mart in ("dim_lead", "fct_handoff", "fct_stage_count"):
        assert set(rows(engine, f"select owner from {mart} where lead_id = 'l'")) == {("Ann Berg",)}
    assert {
        row["owner"] for row in engine.rows("handoff/worklist", {"soon_at": engine.as_of_at})
    } == {"Ann Berg"}
    assert set(obligation_records(engine, parse_period("2026-06"))["owner"]) == {"Ann Berg"}


def test_two_of_one_name_in_one_source_are_two_people_and_one_in_two_sources_is_one() -> None:
    engine = make_store(
        {
            "member": [
                {"member_id": "crm:1", "name": "Ann Berg"},
                {"member_id": "crm:2", "name": "Ann Berg"},
                {"member_id": "shop:9", "name": "Ann Berg"},
                {"member_id": "crm:3", "name": "Bo Dahl"},
            ],
            "deal": [
                _deal("d1", "crm:1"),
                _deal("d2", "crm:2"),
                _deal("d3", "shop:9"),
                _deal("d4", "crm:3"),
                _deal("d5", "crm:Ann Berg"),  # which of the two nobody knows
            ],
        }
    )
    assert dict(rows(engine, "select deal_id, owner from fct_deal")) == {
        "d1": "Ann Berg (1)",
        "d2": "Ann Berg (2)",
        "d3": "Ann Berg",
        "d4": "Bo Dahl",
        "d5": "Ann Berg",
    }
    assert owners(engine) == {"Ann Berg", "Ann Berg (1)", "Ann Berg (2)", "Bo Dahl"}
