"""Ideas of both teams, and the plans that they become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from smarketing.analysis.campaigns.planned import drop, keep
from smarketing.analysis.campaigns.together import promises, utm_names
from smarketing.analysis.review.agenda import members
from smarketing.charts.names import as_written, html, quoted
from smarketing.engine.written import read_workspace
from smarketing.errors import SmarketingError
from smarketing.ui.gate import writes
from smarketing.ui.labels import labels_of
from smarketing.ui.person import Person
from smarketing.ui.session import Store, ask
from smarketing.ui.states import tell
from smarketing.ui.view import DAY
from smarketing.workspace import Workspace
from smarketing.workspace.records import Idea, Plan, Reply
from smarketing.workspace.store import now

_NONE, _EDITION = "", "plan_edition"


def ideas(store: Store, who: Person) -> None:
    """Ideas of both teams: anyone adds one, others comment or support it, it becomes a plan."""
    workspace, may_write = _workspace(store), store.access.may("write") and who.is_known
    replies = workspace.of(Reply).all()
    for idea in workspace.of(Idea).all():
        mine = [reply for reply in replies if reply.idea_id == idea.id]
        support = len({reply.email or reply.author for reply in mine if not reply.text})
        state = "planned" if idea.plan_id else f"{support} in support"
        st.html(
            f'<p class="sm-promise sm-of-{html(idea.team)}"><b>{as_written(idea.title)}</b> · '
            f"{state}<br>{as_written(idea.text)} — {html(idea.author)}</p>"
            + "".join(
                f'<p class="sm-reading">{quoted(r.text)} — {html(r.author)}</p>'
                for r in mine
                if r.text
            )
        )
        if may_write and not idea.plan_id:
            _answer(store, who, idea, backed=any(who.gave(r, r.author) for r in mine if not r.text))
    if may_write:
        with (
            st.expander("Add an idea", icon=":material/lightbulb:", key="idea_box"),
            st.form("idea", border=False, clear_on_submit=True),
        ):
            st.text_input("What do customers ask for?", key="idea_title")
            st.text_area("Why, and for whom?", key="idea_text")
            st.form_submit_button("Add it", on_click=_add_idea, args=(store, who))


def _answer(store: Store, who: Person, idea: Idea, *, backed: bool) -> None:
    with (
        st.form(f"answer_{idea.id}", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        key = f"reply_{idea.id}"
        st.text_input("Comment", key=key, width=360)
        st.form_submit_button("Comment", on_click=_reply, args=(store, who, idea, key))
        st.form_submit_button(
            "Support",
            icon=":material/thumb_up:",
            disabled=backed,
            on_click=_reply,
            args=(store, who, idea, ""),
        )


@writes
def _reply(store: Store, who: Person, idea: Idea, key: str) -> None:
    """Put down a comment, or support where there is no key of one."""
    text = str(st.session_state[key]).strip() if key else ""
    if key and not text:
        return
    reply = Reply(idea_id=idea.id or 0, text=text, author=who.name, team=who.team, written_at=now())
    _taken(lambda: _workspace(store).of(Reply).add(reply), "The answer was not taken")


@writes
def _add_idea(store: Store, who: Person) -> None:
    title, text = (str(st.session_state[f"idea_{name}"]).strip() for name in ("title", "text"))
    if not title:
        tell("An idea needs a line that says what customers ask for.")
        return
    idea = Idea(title=title, text=text, author=who.name, team=who.team, raised_at=now())
    _taken(lambda: _workspace(store).of(Idea).add(idea), "The idea was not taken")


def plan_form(store: Store, who: Person) -> None:
    """Plan a campaign together, or change a plan: dates, owners, budget, promise, names."""
    if not (store.access.may("write") and who.is_known):
        return
    workspace = _workspace(store)
    plans = {plan.id: plan for plan in workspace.of(Plan).all()}
    with st.expander("Plan a campaign", icon=":material/event:", key="plan_box"):
        chosen = st.selectbox(
            "Plan",
            [None, *plans],
            format_func=lambda one: "a new one" if one is None else plans[one].name,
            width=360,
            key="plan_chosen",
        )
        plan = plans.get(chosen)
        with st.form(f"plan{_key(plan)}", border=False):
            ideas_ = {i.id: i for i in workspace.of(Idea).all() if not i.plan_id}
            _fields(store, plan, ideas_)
            label = "Plan it" if plan is None else "Change it"
            st.form_submit_button(
                label, on_click=_planned, args=(store, who, plan, ideas_), type="primary"
            )
        if plan is not None:
            st.button(
                "Take it off the calendar", on_click=_dropped, args=(store, plan), type="tertiary"
            )


def _fields(store: Store, plan: Plan | None, ideas_: Mapping[int | None, Idea]) -> None:
    """The form of a plan, as it stands; what is typed is read from the session by its key."""
    if plan is None:
        st.selectbox(
            "From the idea",
            [None, *ideas_],
            format_func=lambda one: "none" if one is None else ideas_[one].title,
            key=f"idea{_key(plan)}",
        )
    left, right = st.columns(2, gap="large")
    with left:
        _what_and_when(store, plan)
    with right:
        _promises(store, plan)


def _what_and_when(store: Store, plan: Plan | None) -> None:
    of, day = _key(plan), store.engine.as_of_day
    st.text_input("Name", value=plan.name if plan else "", key=f"name{of}")
    for name, held in (
        ("channel", plan.channel if plan else _NONE),
        ("persona", plan.persona if plan else _NONE),
    ):
        _pick(name.capitalize(), labels_of(store.agreement, name), held, f"{name}{of}")
    first = plan.starts_on if plan else day + dt.timedelta(days=14)
    st.date_input("First day", value=first, format=DAY, key=f"starts{of}")
    last = plan.ends_on if plan else day + dt.timedelta(days=44)
    st.date_input("Last day", value=last, format=DAY, key=f"ends{of}")
    owner = plan.marketing_owner if plan else ""
    st.text_input("Owner in marketing", value=owner, key=f"marketing{of}")
    owner = plan.sales_owner if plan else ""
    st.text_input("Owner in sales", value=owner, key=f"sales{of}")


def _promises(store: Store, plan: Plan | None) -> None:
    of, committed = _key(plan), store.agreement.service_levels.committed_stage
    stage = next(one.label for one in store.agreement.stages if one.id == committed)
    _amount(store, "Budget", plan.budget if plan else None, f"budget{of}")
    held = plan.promised_leads if plan else None
    st.number_input("Promised leads", value=held, min_value=0, key=f"leads{of}")
    held = plan.promised_mqls if plan else None
    st.number_input(f"Promised {stage}s", value=held, min_value=0, key=f"mqls{of}")
    held = plan.promised_pipeline if plan else None
    _amount(store, "Promised pipeline", held, f"pipeline{of}")
    st.date_input(
        "Promised by (its last day if left out)",
        value=plan.promised_by if plan else None,
        format=DAY,
        key=f"by{of}",
    )
    st.text_area(
        "Matched by: UTM names and platform ids, a line each (made from the name if left out)",
        value=plan.aliases if plan else "",
        height=148,
        key=f"aliases{of}",
    )


def _pick(title: str, labels: Mapping[str, str], held: str, key: str) -> None:
    options = list(dict.fromkeys([_NONE, *labels, held]))
    st.selectbox(
        title,
        options,
        index=options.index(held),
        format_func=lambda one: labels.get(one, one) or "none",
        key=key,
    )


def _amount(store: Store, title: str, held: int | None, key: str) -> None:
    value = None if held is None else held / 10**store.engine.minor_digits
    st.number_input(f"{title} ({store.engine.currency})", value=value, min_value=0.0, key=key)


def _key(plan: Plan | None) -> str:
    """What tells the fields of one plan, as it was read, from those of another."""
    if plan is None:
        return f"_of_new_{st.session_state.get(_EDITION, 0)}"
    return f"_of_{plan.id}_{plan.version}"


@writes
def _planned(
    store: Store, who: Person, plan: Plan | None, ideas_: Mapping[int | None, Idea]
) -> None:
    made = _typed(store, who, plan)
    if made is None:
        tell("A campaign needs a first and a last day.")
        return
    workspace = _workspace(store)
    idea = ideas_.get(st.session_state.get(f"idea{_key(plan)}"))

    if not _taken(
        lambda: keep(workspace, store.agreement, made, idea), "The campaign was not planned"
    ):
        return
    if open_ends := " ".join(_open_ends(store, made)):
        tell(f"It is on the calendar. {open_ends}")
    if plan is None:
        # The form is empty for the next one.
        st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1


def _open_ends(store: Store, plan: Plan) -> Iterator[str]:
    """What of a plan nobody can be held to: no promise, an owner whom no source knows."""
    if not promises(plan):
        yield "It promises nothing yet, so that nobody can say later whether it kept its word."
    known = {name for name, _ in ask(store, members, store.agreement)}
    owners = dict.fromkeys((plan.marketing_owner, plan.sales_owner))
    if known and (strange := [owner for owner in owners if owner not in known]):
        are = "is nobody" if len(strange) == 1 else "are nobody"
        yield (
            f"{' and '.join(strange)} {are} whom the sources know as a member of a team; a name "
            "is known when it is written as there."
        )


def _typed(store: Store, who: Person, plan: Plan | None) -> Plan | None:
    """The plan as it was typed in; none without its days."""
    of, scale = _key(plan), 10**store.engine.minor_digits
    names = ("name", "channel", "persona", "marketing", "sales", "aliases")
    name, channel, persona, marketing, sales, aliases = (
        str(st.session_state[f"{one}{of}"] or "").strip() for one in names
    )
    starts, ends, by = (st.session_state[f"{one}{of}"] for one in ("starts", "ends", "by"))
    if starts is None or ends is None:
        return None
    budget, leads, mqls, pipeline = (
        st.session_state[f"{one}{of}"] for one in ("budget", "leads", "mqls", "pipeline")
    )
    lines: Sequence[str] = [line.strip() for line in aliases.splitlines() if line.strip()]
    fields = {
        "name": name, "channel": channel, "persona": persona, "starts_on": starts,
        "ends_on": ends, "budget": _minor(budget, scale), "currency": store.engine.currency,
        "marketing_owner": marketing, "sales_owner": sales, "promised_leads": leads,
        "promised_mqls": mqls, "promised_pipeline": _minor(pipeline, scale),
        "promised_by": by or ends, "aliases": "\n".join(lines) or utm_names(name, starts),
    }  # fmt: skip
    if plan is not None:
        return replace(plan, **fields)
    return Plan(**fields, created_by=who.name, created_at=now())


@writes
def _dropped(store: Store, plan: Plan) -> None:
    _taken(lambda: drop(_workspace(store), plan), "The plan was not taken off")


def _minor(amount: float | None, scale: int) -> int | None:
    return None if amount is None else round(amount * scale)


def _taken(act: Callable[[], object], otherwise: str) -> bool:
    """Do what was asked; what fails is said where the page begins."""
    try:
        act()
    except SmarketingError as error:
        tell(f"{otherwise}. {error}")
        return False
    return True


def _workspace(store: Store) -> Workspace:
    return read_workspace(store.home, store.access)
