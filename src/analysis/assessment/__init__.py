"""One borough at one cut: figures, measures, forecast and targets put together once."""

from analysis.assessment.assessment import Assessment, Period, year_before, year_to

__all__ = ["Assessment", "Period", "year_before", "year_to"]
