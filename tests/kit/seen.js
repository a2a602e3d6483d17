// What of a page's text cannot be read: cut off, covered by another text, or outside the screen.
// One line each; an empty list is a page that can be read.
() => {
  const found = [];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const compare = (boxes, high) => {
    boxes.forEach(([one, p, first], i) => boxes.slice(i + 1).forEach(([other, q, second]) => {
      if (first.contains(second) || second.contains(first)) return;
      const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (width > 2 && height > high) found.push(`overlap: ${one} | ${other}`);
    }));
  };
  // The part of an element that is not scrolled away.
  const seen = (element) => {
    let { left, right, top, bottom } = element.getBoundingClientRect();
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (!around.matches(".sm-read, [role=tablist]")) continue;
      const edge = around.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };
  const boxed = (elements) =>
    elements.map((e) => [e.textContent.trim().slice(0, 50), seen(e), e]);
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const edge = plot.getBoundingClientRect();
    const boxes = boxed([...plot.querySelectorAll(".main-svg text")].filter(
      (t) => t.textContent.trim() && shown(t) && !t.closest(".hoverlayer, .modebar")));
    for (const [words, box, text] of boxes) {
      const inside = box.left >= edge.left - 1 && box.right <= edge.right + 1 &&
        box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1;
      if (!inside || text.textContent.trim().endsWith("…")) found.push(`cut: ${words}`);
    }
    compare(boxes, 3);
  }
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const skipped = ".js-plotly-plot, .stDataFrame, [data-testid=stIconMaterial], pre, svg, style";
  const texts = [...document.querySelectorAll(".stMain *")].filter(
    (e) => own(e) && shown(e) && !e.closest(skipped));
  for (const e of texts) {
    const words = e.textContent.trim().slice(0, 50), box = seen(e);
    if (box.right > innerWidth + 1) found.push(`outside: ${words}`);
    for (let clip = e; clip && clip.clientWidth && !clip.matches(".stMain"); clip = clip.parentElement) {
      const style = getComputedStyle(clip), edge = clip.getBoundingClientRect();
      if (style.display === "inline" || style.overflowX !== "hidden") continue;
      if (clip === e ? e.scrollWidth > e.clientWidth + 2 : box.right > edge.right + 2)
        found.push(`cut: ${words}`);
    }
  }
  compare(boxed(texts.filter((e) => getComputedStyle(e).display !== "inline")), 4);
  for (const table of document.querySelectorAll(".stDataFrame .dvn-scroller")) {
    const cut = table.scrollWidth - table.clientWidth;
    if (innerWidth >= 1280 && cut > 2)
      found.push(`table cut by ${cut}: ${table.closest("[class*=st-key-]")?.className.match(/st-key-(\S+)/)[1]}`);
  }
  return found;
}
