"""The versions of a home's agreement: the one on file, those proposed, and who signed which.

A version is named by the hash of its content. A proposal is made from a version; it comes into
force, and onto file, when marketing and sales have both signed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from smarketing.agreement import Agreement, agreement_yaml, load_home_agreement, parse_agreement
from smarketing.agreement.loading import FILE_NAME
from smarketing.errors import UsageError
from smarketing.periods import moment_words
from smarketing.store.home import disk_errors, write_atomic
from smarketing.store.lock import alone
from smarketing.workspace import Signature, Workspace, open_workspace
from smarketing.workspace.database import queue
from smarketing.workspace.records import Proposal
from smarketing.workspace.store import TEAMS, now

SHORT = 8
"""As many characters of a hash name a version to people."""
_WHOLE = 64
_LOCK = ".agreed"


@dataclass(frozen=True)
class Version:
    """One version: its content, where it came from, and the signatures under it, newest first.

    `proposal` is None for the version on file that nobody proposed. `is_signed_known` is not set
    where the workspace, which holds the signatures, could not be read.
    """

    hash: str
    content: str
    is_on_file: bool
    signatures: tuple[Signature, ...]
    proposal: Proposal | None = None
    is_signed_known: bool = True

    @cached_property
    def agreement(self) -> Agreement:
        """Return the version, ready to compute by; AgreementError if this program cannot."""
        return _read(self.content, self.hash)

    @property
    def signed_by(self) -> dict[str, Signature]:
        """Return the standing signature of each team that has signed."""
        return {s.team: s for s in reversed(self.signatures) if s.withdrawn_at is None}

    @property
    def proposed_by(self) -> str:
        """Return who proposed it; blank for one that was on file before anything was."""
        made = self.proposal
        return made.proposed_by if made is not None and made.based_on else ""

    @property
    def state(self) -> str:
        """Return in force, proposed, or replaced (it was on file, and no longer is)."""
        if not self.is_signed_known:
            return "signatures not known"
        if not self.is_on_file and not self.proposed_by:
            return "replaced"
        if len(self.signed_by) < len(TEAMS):
            return "proposed"
        return "in force" if self.is_on_file else "replaced"

    @property
    def stamp(self) -> str:
        """Return the state and who signed for which team when, as it stands under the document."""
        signed = "; ".join(
            f"{s.name} for {team} on {s.signed_at.day} {s.signed_at:%b %Y}"
            for team, s in self.signed_by.items()
        )
        return f"{self.state}{f', signed by {signed}' if signed else ''}"


class OvertakenError(UsageError):
    """Another version came between; `theirs` and `yours` are both there to be compared.

    `what` says what came between, without how to go on.
    """

    def __init__(self, what: str, theirs: Agreement, yours: Agreement) -> None:
        """Say what came between and how to go on; nothing was written."""
        short = theirs.hash[:SHORT]
        super().__init__(
            f"{what}, and nothing was overwritten. Compare it with yours (smarketing agreement "
            f"diff {short} FILE), then propose yours from it: --from {short}."
        )
        self.what = what
        self.theirs = theirs
        self.yours = yours


@dataclass(frozen=True)
class Agreed:
    """The agreement of a home in all its versions."""

    home: Path
    workspace: Workspace

    def on_file(self) -> Version:
        """Return the version that figures follow: `agreement.yaml`, else the packaged one."""
        agreement = load_home_agreement(self.home)
        found = next((p for p in self._proposals() if p.agreement_hash == agreement.hash), None)
        signed = tuple(self.workspace.signatures(agreement.hash))
        return Version(agreement.hash, _written(agreement), True, signed, found)

    def as_filed(self) -> Version:
        """Return the version that figures follow without who signed it: no workspace is read."""
        agreement = load_home_agreement(self.home)
        return Version(agreement.hash, _written(agreement), True, (), is_signed_known=False)

    def versions(self) -> list[Version]:
        """Return every version there is, the one on file first, then from the newest."""
        first = self.on_file()
        signed = self.workspace.signatures()
        others = {p.agreement_hash: p for p in self._proposals()}
        return [first] + [
            Version(name, p.content, False, tuple(s for s in signed if s.agreement_hash == name), p)
            for name, p in reversed(others.items())
            if name != first.hash
        ]

    def version(self, name: str) -> Version:
        """Return a version by its hash or the start of one; UsageError lists those there are."""
        have = self.versions()
        fits = [v for v in have if len(name) >= 4 and v.hash.startswith(name.lower())]
        if len(fits) == 1:
            return fits[0]
        names = ", ".join(f"{v.hash[:SHORT]} ({v.state})" for v in have[:6])
        raise UsageError(f"There is no one version '{name}' of the agreement. There are: {names}.")

    def kept(self, name: str) -> Agreement:
        """Return what the version of a whole hash says; UsageError lists the versions there are.

        One that is kept is found without reading what is on file.
        """
        for proposal in self.workspace.of(Proposal).all(agreement_hash=name):
            return _read(proposal.content, name)
        return self.version(name).agreement

    def tip(self) -> str:
        """Return the hash that a new proposal is made from: the newest open one, else the file's.

        A proposal is open while the way back from it leads to the version on file.
        """
        return self._tip(self._proposals())

    def propose(self, text: str, by: str, note: str = "", made_from: str | None = None) -> Version:
        """Put a version up for signature; it changes no figure until both teams have signed it.

        `made_from` is the version that was edited, the one on file where it is not said. Raises
        AgreementError for a text that is no agreement, UsageError where it says nothing new,
        OvertakenError where somebody else's proposal came between.
        """
        if not by.strip():
            raise UsageError("A proposal needs the name of the person who makes it.")
        yours = parse_agreement(text)
        known = {v.hash for v in self.versions()}
        base = self._base(made_from)
        if yours.hash in known:
            raise UsageError(
                f"This says exactly what version {yours.hash[:SHORT]} says (comments and order of "
                "keys are no change), so there is nothing to propose."
            )
        made = Proposal(
            agreement_hash=yours.hash,
            content=agreement_yaml(yours),
            based_on=base,
            note=note.strip(),
            proposed_by=by.strip(),
            proposed_at=now(),
        )
        records = self.workspace.of(Proposal)
        self._make_home()
        with self.workspace.database.writing() as connection:
            queue(connection)
            have = records.within(connection)
            if self._tip(have) != base:
                raise self._overtaken(have, yours)
            made = records.put(connection, made)
        return Version(made.agreement_hash, made.content, False, (), made)

    def sign(
        self, name: str, team: str, who: str, *, email: str = "", verified: bool = False
    ) -> Version:
        """Sign a version for a team; returns it, on file where both have signed now.

        Raises UsageError for a proposal that was made from a version which is no longer on file,
        also where that has just come about: of two versions that are signed at once one is filed.
        """
        self._make_home()
        with alone(self.home / _LOCK):
            return self._sign(name, team, who, email=email, verified=verified)

    def _sign(self, name: str, team: str, who: str, *, email: str, verified: bool) -> Version:
        version = self.version(name)
        for kpi in version.agreement.kpis:
            if kpi.fault is not None:
                raise UsageError(f"Nobody signs what cannot be asked for. {kpi.fault}")
        if not version.is_on_file:
            self._check_base(version)
        self.keep(version, who)
        self.workspace.sign(team, who, version.hash, email=email, verified=verified)
        if self.workspace.in_force(version.hash) and not version.is_on_file:
            # What was on file until now stays to be compared, signed or not.
            self.keep(self.on_file(), who)
            with disk_errors(self.home):
                write_atomic(self.home / FILE_NAME, version.content)
        return self.version(version.hash)

    def withdraw(self, name: str, team: str, *, by: str = "") -> Version:
        """Take a team's signature under a version back; it stays in the history.

        `by` is who takes it back, where that is known: the log says it.
        """
        self._make_home()
        with alone(self.home / _LOCK):
            version = self.version(name)
            if team not in version.signed_by:
                raise UsageError(
                    f"Nobody has signed version {version.hash[:SHORT]} for '{team}', so there is "
                    "nothing to withdraw."
                )
            self.workspace.withdraw(version.signed_by[team], by=by)
            return self.version(version.hash)

    def _make_home(self) -> None:
        with disk_errors(self.home):
            self.home.mkdir(parents=True, exist_ok=True)

    def _check_base(self, version: Version) -> None:
        proposals = self._proposals()
        on_file = self.on_file().hash
        if not _leads_to(version.hash, on_file, proposals):
            base = version.proposal.based_on[:SHORT] if version.proposal else ""
            was = f"was proposed as a change of {base}" if base else "was on file"
            raise UsageError(
                f"Version {version.hash[:SHORT]} {was}, and the "
                f"agreement on file is {on_file[:SHORT]} meanwhile. See what differs between the "
                "two, and propose it again."
            )

    def keep(self, version: Version, who: str) -> None:
        """Keep the content of a version that nobody proposed, so that it can be shown later."""
        if version.proposal is not None:
            return
        kept = Proposal(
            agreement_hash=version.hash,
            content=version.content,
            note="On file before anything was proposed.",
            proposed_by=who,
            proposed_at=now(),
        )
        records = self.workspace.of(Proposal)
        with self.workspace.database.writing() as connection:
            queue(connection)
            if not records.within(connection, agreement_hash=version.hash):
                records.put(connection, kept)

    def _proposals(self) -> list[Proposal]:
        return self.workspace.of(Proposal).all()

    def _tip(self, proposals: Sequence[Proposal]) -> str:
        on_file = load_home_agreement(self.home).hash
        for proposal in reversed(proposals):
            if _leads_to(proposal.agreement_hash, on_file, proposals):
                return proposal.agreement_hash
        return on_file

    def _base(self, made_from: str | None) -> str:
        """Return the hash a proposal is made from; a whole hash may be one no longer known."""
        if not made_from:
            return self.on_file().hash
        return made_from if len(made_from) == _WHOLE else self.version(made_from).hash

    def _overtaken(self, proposals: Sequence[Proposal], yours: Agreement) -> OvertakenError:
        tip = self._tip(proposals)
        for one in reversed(proposals):
            if one.agreement_hash == tip and one.based_on:
                theirs = _read(one.content, tip)
                when = f"{moment_words(one.proposed_at)} UTC"
                what = f"{one.proposed_by} proposed version {tip[:SHORT]} on {when} meanwhile"
                return OvertakenError(what, theirs, yours)
        what = f"The agreement on file was changed meanwhile (it is version {tip[:SHORT]} now)"
        return OvertakenError(what, load_home_agreement(self.home), yours)


#: Versions as YAML by hash: what a hash names never changes, and takes a while to write.
_YAML: dict[str, str] = {}


def _written(agreement: Agreement) -> str:
    """Return a version as it is kept."""
    if agreement.hash not in _YAML:
        _YAML[agreement.hash] = agreement_yaml(agreement)
    return _YAML[agreement.hash]


@lru_cache(maxsize=16)
def _read(content: str, name: str) -> Agreement:
    """Read a version that is kept; one that was on file may hold a KPI with a fault."""
    return parse_agreement(content, f"agreement {name[:SHORT]}", is_kept=True)


def _leads_to(name: str, base: str, proposals: Sequence[Proposal]) -> bool:
    """Return whether a version was made from `base`, directly or by way of other proposals."""
    before = {p.agreement_hash: p.based_on for p in proposals}
    seen: set[str] = set()
    while name not in seen:
        if name == base:
            return True
        seen.add(name)
        name = before.get(name, "")
    return False


def agreed(home: Path, workspace: Workspace | None = None) -> Agreed:
    """Return the versions of a home's agreement, as whoever's `workspace` it is reads them."""
    return Agreed(home, workspace or open_workspace(home))
