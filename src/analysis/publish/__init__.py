"""Executing notebooks, making reports and keeping the ledger."""
