"use strict";
(() => {
  const box = document.getElementById("search");
  if (!box) return;
  const words = document.getElementById("search-words");
  const told = document.getElementById("search-told");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll("li[data-report]")];
  const reports = entries.filter((entry) => entry.dataset.area).map((entry) => {
    const more = entry.querySelector("details");
    const sections = (entry.dataset.sections || "").split("\n");
    const line = document.createElement("p");
    line.hidden = true;
    // What stands in sight, what opens, and what only the report itself says.
    const shown = `${entry.dataset.area} ${entry.dataset.report.replaceAll("_", " ")} ${entry.textContent}`;
    const report = {
      key: entry.dataset.report,
      first: plain(shown.replace(more ? more.textContent : "", "")),
      shown: plain(shown),
      text: plain(`${shown} ${sections.join(" ")}`),
      more,
      sections,
      line,
    };
    entry.insertBefore(line, more);
    return report;
  });
  const groups = [...document.querySelectorAll(".csp-group")];
  const map = document.getElementById("map-of-london");
  const sections = [...document.querySelectorAll("section:has(> .csp-group)")];
  const bare = [...document.querySelectorAll(".csp-tile-inert .csp-tile-name")].map((name) => name.textContent.trim());
  // Burglaries finds burglary, targets finds target.
  const stem = (word) => (word.length > 4 ? word.replace(/(ies|y|s)$/, "") : word);
  const nothing = (asked) => {
    const missing = bare.find((name) => asked.every((word) => plain(name).includes(word)));
    return missing ? ` ${missing} has no report here yet.` : " Try one word: a borough, a theme or a kind of crime.";
  };
  let saying = 0;
  const find = () => {
    const asked = plain(words.value).split(/\s+/).filter(Boolean).map(stem);
    const found = new Set();
    for (const report of reports) {
      const has = (text) => asked.every((word) => text.includes(word));
      if (has(report.text)) found.add(report.key);
      const isDeep = has(report.text) && !has(report.shown);
      const says = (heading) => asked.some((word) => plain(heading).includes(word) && !report.shown.includes(word));
      report.line.hidden = !isDeep;
      report.line.textContent = isDeep ? `One of its sections: ${report.sections.find(says)}` : "";
      if (report.more) report.more.open = has(report.shown) && !has(report.first);
    }
    for (const entry of entries) entry.hidden = !found.has(entry.dataset.report);
    for (const group of groups) group.hidden = !group.querySelector("li[data-report]:not([hidden])");
    for (const section of sections) section.hidden = found.size === 0;
    // What was found stands right below the box, not below the map.
    map.hidden = asked.length > 0;
    map.parentElement.querySelector(".csp-on-page").hidden = asked.length > 0;
    const count = found.size === 1 ? "1 report matches" : `${found.size} reports match`;
    clearTimeout(saying);
    saying = setTimeout(() => { told.textContent = asked.length ? `${count}, of ${reports.length}.${found.size ? "" : nothing(asked)}` : ""; }, 300);
  };
  words.addEventListener("input", find);
  box.hidden = false;
  if (words.value) find();
})();
