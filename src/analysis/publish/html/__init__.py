"""The HTML report: exporter and template."""
