// Rules of html-validate for the reports and the site. All that is recommended, all of the
// rules for whole documents and all of those for accessibility, but for:
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    // A table that scrolls is a region by its role: a <section> is a section of the report, to
    // the styles and to what reads a page back.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    // Seventy letters are what search engines show. A title is the borough and its question.
    "long-title": "off",
    // An anchor may begin with a digit, as a finding does: "21 boroughs of 32 have ...".
    "valid-id": ["error", { relaxed: true }],
  },
};
