"""Statements: composed from findings, bound to a snapshot, held against the house's rules."""

from analytics.statements.blocks import Block, Bound, plain
from analytics.statements.choices import Choice, Proposal
from analytics.statements.compose import Composed, compose_statement
from analytics.statements.facts import (
    ChecklistFacts,
    ContestCount,
    Incidents,
    MissionFacts,
    ObserverFacts,
    SampleFacts,
)
from analytics.statements.kinds import CorrectedNumber, LeftOut
from analytics.statements.ledger import as_data
from analytics.statements.lint import LintInput, Problem, draft_problems, lint_statement
from analytics.statements.proposing import propose
from analytics.statements.registers import MissionRegisters, NotedCondition, StatedDeparture
from analytics.statements.snapshot import (
    MovedNumber,
    Snapshot,
    canonical,
    draw,
    freeze,
    holds,
    number_of,
)

__all__ = [
    "Block",
    "Bound",
    "ChecklistFacts",
    "Choice",
    "Composed",
    "ContestCount",
    "CorrectedNumber",
    "Incidents",
    "LeftOut",
    "LintInput",
    "MissionFacts",
    "MissionRegisters",
    "MovedNumber",
    "NotedCondition",
    "ObserverFacts",
    "Problem",
    "Proposal",
    "SampleFacts",
    "Snapshot",
    "StatedDeparture",
    "as_data",
    "canonical",
    "compose_statement",
    "draft_problems",
    "draw",
    "freeze",
    "holds",
    "lint_statement",
    "number_of",
    "plain",
    "propose",
]
