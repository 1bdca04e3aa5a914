"""What is remembered of an import, and the file of rows to mend."""

from collections.abc import Mapping, Sequence
from typing import Any

from aftercare.domain.csvfile import TableRow, write_table
from aftercare.flows.import_check import Review

PERSONAL = ("refused", "stays", "warnings", "columns")
"""The parts of a report that name people or repeat their rows: forgotten after a day, counts stay."""


def report_of(
    columns: Sequence[str], fields: Mapping[str, str], rows: Sequence[TableRow], found: Review
) -> dict[str, Any]:
    """As JSON: counts, who stays unsubscribed, warnings, and the refused rows with the chosen cells only."""
    kept = list(fields.values())
    places = [columns.index(name) for name in kept]
    by_number = {row.number: row for row in rows}
    refused = [
        {
            "row": each.row,
            "column": each.column,
            "error": str(each),
            "cells": [by_number[each.row].cells[place] for place in places],
        }
        for each in found.refused
    ]
    return {
        "total": found.total,
        "counts": found.counts(),
        "columns": kept,
        "refused": refused,
        "stays": [{"row": person.row, "email": person.email} for person in found.staying_out()],
        "warnings": [str(each) for each in found.warnings],
    }


def with_part(report: Mapping[str, Any], part: Review, carried: int) -> dict[str, Any]:
    """The report once these people are in too, `carried` in all."""
    stays = [{"row": person.row, "email": person.email} for person in part.staying_out()]
    return {
        **report,
        "carried": carried,
        "counts": {fate: count + report["counts"][fate] for fate, count in part.counts().items()},
        "stays": report["stays"] + stays,
        "warnings": report["warnings"] + [str(each) for each in part.warnings],
    }


def refused_csv(report: Mapping[str, Any]) -> str:
    """The rows that stayed outside, with an `error` column, as CSV to mend and bring in again. Once they were
    forgotten only the header is left."""
    columns = [*report.get("columns", ()), "error"]
    return write_table(columns, ([*each["cells"], each["error"]] for each in report.get("refused", ())))


def without_people(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report once nobody needs its rows any more."""
    return {name: value for name, value in report.items() if name not in PERSONAL}
