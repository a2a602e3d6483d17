"""The desk on which files are put: dropped, looked at, settled, imported."""

from __future__ import annotations

import secrets
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from smarketing.access import Access
from smarketing.build import import_files
from smarketing.build.importing.own_sources import own_names, sources_folder
from smarketing.build.importing.preview import Preview, preview
from smarketing.build.importing.staging import Said
from smarketing.build.templates import zipped
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.sources import builtin_sources
from smarketing.store import uploads
from smarketing.store.landing import read_manifests
from smarketing.ui.gate import handing
from smarketing.ui.sections.importing import outcome, own_source
from smarketing.ui.sections.importing.progress import shown_by
from smarketing.ui.states import failed
from smarketing.ui.transfers import take_files

_TOKEN, _EDITION = "_upload", "_upload_edition"
_MOST_MB = 2048
_BY_HEADERS = "as their headers say"
_DECIMALS = {"": "as the files say", ",": "a comma: 12,50", ".": "a point: 12.50"}
_ORDERS = {
    "": "as the files say",
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "ymd": "year, month, day",
}
#: Of files that are not UTF-8 and whose words do not say it.
_ENCODINGS = {
    "": "as the files say",
    "cp1252": "Western Europe (Windows-1252)",
    "cp1250": "Central Europe (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "cp949": "Korean (CP949)",
    "mac_roman": "Mac Roman",
}
_GONE = (
    "The files that lay here are gone: somebody was erased meanwhile, who may stand in them, or a "
    "day has passed. Drop them again."
)
_MODES = {"add": "add to what is there", "full": "replace all earlier files of their source"}


def lede(home: Path) -> str:
    """What is there to be added to, in a sentence."""
    imports = len(read_manifests(home))
    if not imports:
        return "Nothing has been imported yet: drop exports of your CRM and your ad platforms here."
    many = fmt.many(imports, "import")
    return f"{many} so far. Drop exports here: nothing counts before you have seen what they give."


def desk(home: Path, access: Access) -> None:
    """Take files, show what they would give, and import them when told to."""
    token = _token(home)
    _take(home, token)
    files = uploads.received(home, token)
    if not files:
        if st.session_state.pop("_preview", None) is not None:
            st.info(_GONE, icon=":material/info:")
        _offer_templates()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        size = sum(path.stat().st_size for path in files)
        names = ", ".join(path.name for path in files[:6]) + (" …" if len(files) > 6 else "")
        st.markdown(f"**{markdown(names)}** ({_size(size)})", width="stretch")
        if st.button("Throw these away", icon=":material/delete:", type="tertiary"):
            uploads.discard(home, token)
            st.session_state.pop("_preview", None)
            st.rerun()
    said, mode = _settled(home, files)
    _look(home, files, said)
    own_source.form(home, files)
    if st.button("Import", type="primary", icon=":material/download_done:"):
        _import(home, files, said, mode, access)


def _offer_templates() -> None:
    """Hand out our own tables, for whoever has a sheet and no export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        text = "No export at hand? Fill our tables: each says what its columns take."
        st.caption(text, width="content")
        st.download_button(
            "Templates",
            handing(zipped),
            file_name="templates.zip",
            mime="application/zip",
            icon=":material/table:",
            type="tertiary",
            key="templates",
            on_click="ignore",
        )


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count / 1e3:,.1f} kB"


def _token(home: Path) -> str:
    """The name under which this session's files are kept."""
    if _TOKEN not in st.session_state:
        uploads.discard_left(home)
        st.session_state[_TOKEN] = secrets.token_hex(16)
    return str(st.session_state[_TOKEN])


def _take(home: Path, token: str) -> None:
    """Write what was dropped to the home, and let the server's memory go."""
    context = get_script_run_ctx()
    if context is not None:
        take_files(context.session_id)
    edition = int(st.session_state.get(_EDITION, 0))
    dropped = st.file_uploader(
        "Exports: CSV, Excel, JSON, Parquet, or a zip of them",
        accept_multiple_files=True,
        key=f"drop_{edition}",
        max_upload_size=_MOST_MB,
    )
    if not dropped:
        return
    try:
        for file in dropped:
            uploads.receive(home, token, file.name, file)
    except SmarketingError as error:
        failed(error, "The file could not be taken")
        return
    outcome.forget_last()
    st.session_state[_EDITION] = edition + 1
    st.rerun()


def _settled(home: Path, files: list[Path]) -> tuple[Said, str]:
    """What whoever imports says of the files, where they do not say it themselves."""
    own = own_names(home)
    sources = [_BY_HEADERS, *sorted(builtin_sources()), *sorted(own)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox("Read as", sources, key="import_source", width=220)
        decimal = st.selectbox(
            "Decimal sign",
            list(_DECIMALS),
            format_func=_DECIMALS.__getitem__,
            key="import_decimal",
            width=200,
        )
        order = st.selectbox(
            "Dates", list(_ORDERS), format_func=_ORDERS.__getitem__, key="import_order", width=200
        )
        encoding = st.selectbox(
            "Encoding",
            list(_ENCODINGS),
            format_func=_ENCODINGS.__getitem__,
            key="import_encoding",
            width=280,
        )
        mode = st.selectbox(
            "Then", list(_MODES), format_func=_MODES.__getitem__, key="import_mode", width=320
        )
    if len(files) > 1:
        st.caption("What is chosen here is said of all files: drop others by themselves.")
    folder = sources_folder(home) / source
    named = None if source == _BY_HEADERS else folder if source in own else source
    return Said(named, None, decimal or None, order or None, encoding or None), mode


def _look(home: Path, files: list[Path], said: Said) -> None:
    """Show what the files were taken for, and the first rows of what they would give."""
    stamp = tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    key = (stamp, said)
    kept = st.session_state.get("_preview")
    if kept is None or kept[0] != key:
        with st.spinner("Looking at the first rows …"):
            kept = (key, _looked(home, files, said))
        st.session_state["_preview"] = kept
    found = kept[1]
    if isinstance(found, SmarketingError):
        failed(found, "These cannot be imported as they are")
        st.caption("Choose above how they are written or what they are, or correct the files.")
        return
    _show(found)


def _looked(home: Path, files: list[Path], said: Said) -> Preview | SmarketingError:
    try:
        return preview(home, files, said)
    except SmarketingError as error:
        return error


def _show(found: Preview) -> None:
    st.subheader("What they were taken for")
    if found.cut:
        names = ", ".join(found.cut)
        st.caption(markdown(f"Of {names} only the beginning was looked at; the import reads all."))
    outcome.files_table(found.report, "preview_files")
    outcome.sentences(found.report, "add")
    if found.tables:
        st.subheader("The first rows that they give")
        parts = st.tabs([f"{name} ({len(frame)})" for name, frame in found.tables.items()])
        for part, (name, frame) in zip(parts, found.tables.items(), strict=True):
            with part:
                st.dataframe(frame, hide_index=True, key=f"preview_{name}", height="content")


def _import(home: Path, files: list[Path], said: Said, mode: str, access: Access) -> None:
    """Import as the command line does; the report waits above the desk."""
    bar = st.progress(0.0, "Reading …")
    try:
        report = import_files(
            home,
            files,
            source=said.source,
            mode=mode,
            decimal=said.decimal,
            date_order=said.date_order,
            encoding=said.encoding,
            by=access.email or access.name,
            progress=shown_by(bar.progress, access),
        )
    except SmarketingError as error:
        bar.empty()
        failed(error, "Nothing was imported")
        return
    uploads.discard(home, str(st.session_state.pop(_TOKEN)))
    st.session_state.pop("_preview", None)
    outcome.keep(report, mode)
    st.rerun()
