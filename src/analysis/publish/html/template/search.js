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
    return {
      key: entry.dataset.report,
      text: plain(`${entry.dataset.area} ${entry.textContent}`),
      first: plain(`${entry.dataset.area} ${entry.textContent.replace(more ? more.textContent : "", "")}`),
      more,
    };
  });
  const groups = [...document.querySelectorAll(".csp-group")];
  let saying = 0;
  const find = () => {
    const asked = plain(words.value).split(/\s+/).filter(Boolean);
    const found = new Set();
    for (const report of reports) {
      const has = (text) => asked.every((word) => text.includes(word));
      if (has(report.text)) found.add(report.key);
      if (report.more) report.more.open = asked.length > 0 && has(report.text) && !has(report.first);
    }
    for (const entry of entries) entry.hidden = !found.has(entry.dataset.report);
    for (const group of groups) group.hidden = !group.querySelector("li[data-report]:not([hidden])");
    const count = found.size === 1 ? "1 report matches" : `${found.size} reports match`;
    clearTimeout(saying);
    saying = setTimeout(() => { told.textContent = asked.length ? `${count}, of ${reports.length}.` : ""; }, 300);
  };
  words.addEventListener("input", find);
  box.hidden = false;
  if (words.value) find();
})();
