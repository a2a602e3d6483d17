"""The few rules of style that Streamlit's theme has no setting for."""

from __future__ import annotations

import streamlit as st

from smarketing.charts.theme import Look, look

CSS = """
<style>
.stApp {{ font-variant-numeric: tabular-nums; font-feature-settings: "tnum", "cv11"; }}
.stMainBlockContainer {{ max-width: 1440px; padding-left: 2.5rem; padding-right: 2.5rem; }}
.st-key-filter_bar {{ border-bottom: 1px solid {hairline}; padding-bottom: 1rem; }}
.st-key-filter_bar label p, .sm-controls label p {{ font-size: .8125rem; color: {muted}; }}
[data-testid="stHeading"] h1 {{ padding: .25rem 0 0; letter-spacing: -.015em; }}
.sm-lede {{ font-size: 1.1875rem; color: {ink}; max-width: 62rem; margin: 0; line-height: 1.45; }}
[data-testid="stPageLink"] a {{ position: relative; left: -.5rem; }}
[class*="st-key-said_"] p {{ font-size: 1.25rem; line-height: 1.4; color: {ink};
  white-space: normal; }}
[class*="st-key-said_"] a {{ padding-left: 0; left: 0; height: auto;
  align-items: flex-start; }}
[class*="st-key-said_"] a * {{ white-space: normal; overflow: visible; }}
[class*="st-key-said_"] [data-testid="stIconMaterial"] {{ color: {muted}; font-size: 1.5rem;
  margin-top: .5625rem; }}
[class*="st-key-said_bad"] [data-testid="stIconMaterial"] {{ color: {bad}; }}
[class*="st-key-said_bad"] p {{ font-weight: 600; }}
[class*="st-key-said_good"] [data-testid="stIconMaterial"] {{ color: {good}; }}
.sm-promise, .sm-reading, .sm-state {{ overflow-wrap: anywhere; }}
.sm-written {{ display: inline-block; max-width: 100%; max-height: 15rem; overflow-y: auto;
  white-space: pre-line; vertical-align: top; }}
.sm-promise {{ border-left: 3px solid {shared}; padding-left: .75rem; margin: 0 0 .5rem;
  font-size: 1.0625rem; line-height: 1.5; }}
.sm-of-marketing {{ border-color: {marketing}; }} .sm-of-sales {{ border-color: {sales}; }}
.st-key-crumbs {{ gap: .25rem !important; }}
[class*="st-key-chip_"] button {{ min-height: 2rem; padding: .125rem .5rem; }}
.stMarkdown h2.sm-title, h2.sm-title {{ padding: 0; }}
.sm-title {{ font-size: 1.25rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em;
  margin: 0; color: {ink}; }}
.sm-reading {{ font-size: 1rem; color: {muted}; margin: .25rem 0 0; line-height: 1.45;
  max-width: 62rem; }}
.sm-foot {{ font-size: .8125rem; color: {muted}; margin: 0; line-height: 1.4; }}
[class*="st-key-cardhead_"] {{ border-top: 3px solid {shared}; padding-top: .25rem; }}
[class*="st-key-cardhead_marketing"] {{ border-color: {marketing}; }}
[class*="st-key-cardhead_sales"] {{ border-color: {sales}; }}
.sm-card img {{ display: block; margin-top: .5625rem; }}
.sm-value {{ font-size: 2.125rem; font-weight: 600; line-height: 1.15; letter-spacing: -.02em;
  color: {ink}; white-space: nowrap; }}
.sm-value small {{ font-size: .9375rem; font-weight: 400; color: {muted}; letter-spacing: 0; }}
.sm-line {{ font-size: .9375rem; line-height: 1.45; color: {muted}; min-height: 1.36rem;
  margin: 0; }}
.sm-status {{ font-weight: 600; }}
.sm-good {{ color: {good}; }} .sm-bad {{ color: {bad}; }} .sm-even {{ color: {muted}; }}
.sm-state {{ border-left: 3px solid {hairline}; padding: .5rem 0 .5rem 1rem; margin: .5rem 0;
  max-width: 52rem; }}
.sm-state p {{ margin: 0 0 .25rem; color: {muted}; font-size: 1rem; line-height: 1.5; }}
.sm-state p.sm-strong, .sm-state p.sm-named {{ color: {ink}; }}
.sm-state p.sm-named {{ font-size: 1.0625rem; font-weight: 600; }}
.sm-state p.sm-named.sm-bad {{ color: {bad}; }} .sm-state p.sm-named.sm-even {{ color: {muted}; }}
.sm-state code {{ font-size: .9375rem; }}
.sm-def {{ margin: 0 !important; padding: 0 !important; }}
.sm-def dt {{ font-size: .8125rem; font-weight: 400; color: {muted};
  margin: .5rem 0 0 !important; }}
.sm-def dd {{ margin: 0 !important; font-size: .9375rem; line-height: 1.45; }}
.sm-sum {{ font-size: .9375rem; margin: 0; }}
hr.sm-rule {{ border: 0; border-top: 1px solid {hairline}; margin: .25rem 0; }}
[class*="st-key-tools_"] button {{ min-height: 2rem; padding: .25rem .375rem; color: {muted}; }}
[class*="st-key-tools_"] button [data-testid="stIconMaterial"]:last-child:not(:first-child),
[class*="st-key-tools_"] button > div > div:last-child:not(:first-child),
[class*="st-key-cardhead_"] button > div > div:last-child:not(:first-child) {{ display: none; }}
[class*="st-key-cardhead_"] button p {{ font-size: .9375rem; color: {muted}; font-weight: 500;
  white-space: nowrap; }}
[class*="st-key-cardhead_"] button {{ padding-left: 0; min-height: 1.75rem;
  justify-content: flex-start; }}
[data-testid="stPageLink"] a *:not([data-testid="stIconMaterial"]) {{ white-space: normal;
  overflow: visible; }}
[data-testid="stPageLink"] a {{ height: auto; }}
@media (max-width: 640px) {{
  .stMainBlockContainer {{ padding-left: 1rem; padding-right: 1rem; }}
  .js-plotly-plot .annotation-text {{ font-size: 12px !important; }}
  .sm-title {{ font-size: 1.125rem; }} .sm-lede {{ font-size: 1.0625rem; line-height: 1.35; }}
  .sm-value {{ font-size: 1.75rem; white-space: normal; }}
  [class*="st-key-cardhead_"] button p {{ white-space: normal; text-align: left; }}
  .st-key-who {{ align-items: flex-start !important; }}
  .sm-read table {{ min-width: 42rem; }}
}}
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * {{
  color: {paper} !important; }}
[data-testid="stElementToolbar"] {{ top: .25rem; right: .25rem; }}
.st-key-goto {{ display: none; }}
@keyframes sm-wait {{ from {{ opacity: 0; }} to {{ opacity: 1; }} }}
.st-key-more {{ display: none; }}
[data-test-script-state="running"] .st-key-more {{ display: block; }}
[data-testid="stSkeleton"] {{ animation: sm-wait .3s ease-in .4s both; }}
[data-testid="stElementContainer"][data-stale="true"]:has(.js-plotly-plot, .stDataFrame, .sm-title,
  .sm-value) {{ position: relative; opacity: 1; }}
[data-testid="stElementContainer"][data-stale="true"]:has(.js-plotly-plot, .stDataFrame, .sm-title,
  .sm-value)::after {{ content: ""; position: absolute; inset: 0; background: {hairline};
  animation: sm-wait .3s ease-in .5s both; }}
.sm-paper {{ display: none; }}
.sm-read {{ overflow: auto; border: 1px solid {hairline}; }}
.sm-read table, .sm-paper table {{ border-collapse: collapse; width: 100%; font-size: .875rem; }}
.sm-read th, .sm-paper th {{ text-align: left; font-weight: 400; color: {muted}; }}
.sm-read th, .sm-read td, .sm-paper th, .sm-paper td {{ border: 0; padding: .5rem .625rem;
  border-bottom: 1px solid {hairline}; vertical-align: top; line-height: 1.4; min-width: 5rem; }}
.sm-read th {{ position: sticky; top: 0; background: {paper}; }}
.sm-read td {{ max-width: 26rem; overflow-wrap: break-word; }}
.sm-right {{ text-align: right !important; }}
@page {{ size: 1480px 2093px; margin: 24px; }}
@media print {{
  .stApp, .stMain, .stAppViewContainer, [data-testid="stAppViewContainer"],
  [data-testid="stAppScrollToBottomContainer"] {{ position: static !important;
    overflow: visible !important; height: auto !important; }}
  .stPlotlyChart, [class*="st-key-cardhead_"], tr, .sm-state {{ break-inside: avoid; }}
  h1, h2, h3 {{ break-after: avoid; }}
  .sm-paper {{ display: block; }} .sm-read {{ max-height: none !important; }}
  thead {{ display: table-header-group; }}
  .st-key-options, .st-key-more, .stAppToolbar, header, .st-key-filter_bar,
  [class*="st-key-tools_"],
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]),
  [data-testid="stElementContainer"]:has([data-testid="stButton"]),
  [data-testid="stElementContainer"]:has([data-testid="stDownloadButton"]),
  [data-testid="stFormSubmitButton"], [data-testid="stExpander"] details:not([open]),
  [data-testid="stTabs"] [role="tablist"],
  [data-testid="stPopover"]:not([class*="st-key-cardhead_"] *) {{ display: none !important; }}
}}
</style>
"""


def current_look() -> Look:
    """The look that goes with the reader's theme."""
    return look(st.context.theme.type)


def apply_style() -> None:
    """Write the style sheet of the current theme into the page."""
    now = current_look()
    st.html(
        CSS.format(
            **{
                name: getattr(now, name)
                for name in (
                    "ink",
                    "paper",
                    "muted",
                    "hairline",
                    "marketing",
                    "sales",
                    "shared",
                    "good",
                    "bad",
                )
            }
        )
    )
