// What is looked for in a page, each as a function that gives a list of complaints: none is good.
(() => {
  // Without contentVisibilityAuto: what was unfolded is called hidden by it until a frame is drawn.
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();
  const name = (element) =>
    `${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""} '${words(element).slice(0, 60)}'`;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isHiddenByIntent = (element) => element.offsetWidth <= 1 || element.offsetHeight <= 1;
  const scrolls = (value) => value === "auto" || value === "scroll";
  const cuts = (value) => value === "hidden" || value === "clip";

  const overflowing = () => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= innerWidth) return [];
    const isHeld = (element) => {
      for (let above = element.parentElement; above; above = above.parentElement)
        if (above !== document.body && getComputedStyle(above).overflowX !== "visible") return true;
      return false;
    };
    const beyond = all("body *").filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1 && !isHeld(element));
    return [`page of ${wide} px in ${innerWidth} px: ${beyond.slice(0, 3).map(name).join("; ")}`];
  };

  // Text that is there and cannot be seen whole, and no bar to scroll to it.
  const cut = (isSpaced = false) => {
    const found = [];
    for (const element of all("body *")) {
      if (element.closest("svg") || !shown(element) || isHiddenByIntent(element) || !words(element)) continue;
      const style = getComputedStyle(element);
      if (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut at the side: ${name(element)}`);
      if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        found.push(`cut below: ${name(element)}`);
    }
    for (const drawing of all("svg").filter(shown)) {
      // What runs over the edge is lost where that cuts, or at the edge of the window.
      const frame = isSpaced && !cuts(getComputedStyle(drawing).overflowX)
        ? document.documentElement.getBoundingClientRect() : drawing.getBoundingClientRect();
      for (const text of drawing.querySelectorAll("text")) {
        const box = text.getBoundingClientRect();
        // A line's box is taller than its letters.
        if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
            box.top < frame.top - 4 || box.bottom > frame.bottom + 4)
          found.push(`cut by the edge of the drawing: ${name(text)}`);
      }
    }
    return found;
  };

  const small = (least) => {
    const found = [];
    for (const text of all("svg text").filter(shown)) {
      const turned = text.getScreenCTM();
      const size = parseFloat(getComputedStyle(text).fontSize) *
        Math.sqrt(Math.abs(turned.a * turned.d - turned.b * turned.c));
      if (size < least - 0.05) found.push(`${size.toFixed(1)} px: ${name(text)}`);
    }
    return found;
  };

  const rgba = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    return [...numbers.slice(0, 3), numbers.length > 3 ? numbers[3] : 1];
  };
  const over = (top, below) => below.map((part, place) => top[place] * top[3] + part * (1 - top[3]));
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const canvas = () => matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3] > 0) layers.unshift(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduce((below, top) => over(top, below), canvas());
  };

  // Of text outside drawings, every piece against what lies behind it, none left undecided.
  const contrast = () => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest("svg, style, script") || !shown(element)) continue;
      const style = getComputedStyle(element);
      const behind = ground(element);
      if (behind === null) { found.add(`over a picture: ${name(element)}`); continue; }
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const has = ratio(over(rgba(style.color), behind), behind);
      if (has < (isLarge ? 3 : 4.5)) found.add(`contrast of ${has.toFixed(2)}: ${name(element)}`);
    }
    return [...found];
  };

  const DEFAULT = /^(an? )?(image|picture|chart|figure|graph|plot|diagram|svg|untitled|title|description)( ?\d*| of.{0,12})$/i;

  const alternatives = () => {
    const found = [];
    const seen = new Map();
    for (const picture of all("svg, img, canvas").filter(shown)) {
      if (picture.parentElement.closest("svg") || picture.getAttribute("aria-hidden") === "true") continue;
      if (picture.tagName !== "svg") {
        if (!picture.getAttribute("alt")) found.push(`no words: ${name(picture)}`);
        continue;
      }
      const spoken = ["aria-labelledby", "aria-describedby"]
        .flatMap((kind) => (picture.getAttribute(kind) || "").split(/\s+/)).filter(Boolean);
      // A narrow drawing is described where the wide one is, of which it takes the place.
      const part = (tag) => picture.querySelector(`:scope > ${tag}`) ||
        spoken.map((id) => document.getElementById(id)).find((it) => it?.tagName === tag);
      const title = part("title"), told = part("desc");
      const where = picture.closest("figure")?.id || "a drawing";
      if (picture.getAttribute("role") !== "img") found.push(`not an image to a screen reader: ${where}`);
      for (const [kind, part] of [["name", title], ["description", told]]) {
        const text = part ? words(part) : "";
        if (!text) found.push(`no ${kind}: ${where}`);
        else if (DEFAULT.test(text)) found.push(`a ${kind} that says nothing, '${text}': ${where}`);
        else if (seen.has(kind + text)) found.push(`the ${kind} of ${seen.get(kind + text)}: ${where}`);
        if (part && !spoken.includes(part.id)) found.push(`a ${kind} that is not read out: ${where}`);
        if (text) seen.set(kind + text, where);
      }
      if (told && title && words(told) === words(title)) found.push(`described by its title: ${where}`);
      if (told && words(told).split(" ").length < 8) found.push(`described in few words: ${where}`);
    }
    return found;
  };

  const tables = () => {
    const found = [];
    for (const table of all("table").filter(shown)) {
      const where = table.closest("figure")?.id || name(table);
      const head = [...table.querySelectorAll("thead th")];
      if (!table.caption || !words(table.caption)) found.push(`no caption: ${where}`);
      if (!head.length || head.some((cell) => cell.scope !== "col" || !words(cell)))
        found.push(`a column without its head: ${where}`);
      if ([...table.tBodies[0].rows].some((row) => row.cells[0].scope !== "row" || !words(row.cells[0])))
        found.push(`a row without its head: ${where}`);
      const frame = table.closest(".csp-scroll, .scroll");
      const beyond = (element) => {
        const text = document.createRange();
        text.selectNodeContents(element);
        return frame && text.getBoundingClientRect().right > frame.getBoundingClientRect().left + frame.clientWidth + 1;
      };
      if (table.caption && beyond(table.caption)) found.push(`a caption out of sight: ${where}`);
      // Numbers may be scrolled to; who has to scroll for each line of a sentence cannot read it.
      const sentence = [...table.querySelectorAll("td")].find((cell) => words(cell).length > 60 && beyond(cell));
      if (sentence) found.push(`a sentence out of sight: ${where}: ${words(sentence).slice(0, 60)}`);
      const marks = new Set([...table.querySelectorAll("td")].map(words).filter((text) => /^\[\w+\]$/.test(text)));
      const around = words(table.closest("figure, section, body")).replace(words(table), "");
      for (const mark of marks)
        if (!around.includes(`${mark} =`)) found.push(`${mark} without its meaning: ${where}`);
    }
    return found;
  };

  const moving = () => {
    const found = all("*").filter((element) => {
      const style = getComputedStyle(element);
      const lasts = (text) => text.split(",").some((part) => parseFloat(part) > 0);
      return lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration));
    }).map((element) => `moves: ${name(element)}`);
    if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") found.push("scrolls smoothly");
    return found;
  };

  // On A4 upright there are 680 px between the margins, on A4 turned 1,009.
  const printedBeyondPaper = () => all("table").filter(shown).flatMap((table) => {
    const isTurned = getComputedStyle(table.closest("figure") || table).page === "turned";
    return table.offsetWidth > (isTurned ? 1010 : 681) ? [`${table.offsetWidth} px wide: ${name(table)}`] : [];
  });

  const paper = () => {
    const found = [];
    const isMissing = (selector) => !all(selector).some(shown);
    if (isMissing(".csp-key-findings")) found.push("no key findings");
    if (isMissing(".csp-key-findings .csp-certainty")) found.push("nothing of how sure they are");
    for (const selector of [".csp-skip", "nav", ".csp-download", "summary", ".csp-code"])
      if (!isMissing(selector)) found.push(`prints ${selector}`);
    return [...found, ...printedBeyondPaper()];
  };

  const SELECTOR = "a[href], area[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";
  // A link that only shows itself when the keyboard is on it is a stop too.
  const stops = () => all(SELECTOR).filter(
    (element) => element.tabIndex >= 0 && !element.disabled &&
      element.checkVisibility({ visibilityProperty: true }));
  const begin = () => { window.stopsOfPage = stops(); return window.stopsOfPage.length; };
  const here = () => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const behind = ground(element.parentElement || element) || canvas();
    const isSeen = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    return {
      place: window.stopsOfPage.indexOf(element),
      isNone: element === document.body || element === document.documentElement,
      name: name(element),
      href: element.getAttribute("href") || "",
      isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
        ratio(over(rgba(style.outlineColor), behind), behind) >= 3,
      isInView: isSeen && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  };
  const headings = () => all("main h2, main h3")
    .filter((heading) => shown(heading) && !isHiddenByIntent(heading) && !heading.closest("nav"))
    .map((heading) => ({ id: heading.id, name: name(heading) }));

  const figures = () => all("figure").filter((figure) => figure.querySelector("a[download]")).map((figure) => {
    const rows = [...figure.querySelector("table").rows];
    return { id: figure.id, rows: rows.map((row) => [...row.cells].map(words)) };
  });

  return { overflowing, cut, small, contrast, alternatives, tables, moving, paper, begin, here, headings, figures };
})()
