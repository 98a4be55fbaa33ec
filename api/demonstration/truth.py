"""The demonstration's true rates: where each irregularity happens, how each station votes.

An estimate made from the reports can be held against it, because nobody but this file knows.
"""

from dataclasses import dataclass

import numpy as np

from analytics.survey.design import Floats, Ints
from api.demonstration.country import Country

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

RATES = {
    "AC-OBS": 0.02, "AC-AGENT": 0.03, "AC-CIT": 0.02, "VO-UNAUTH": 0.06, "VO-ACCESS": 0.31,
    "VO-ASREF": 0.02, "VO-ASSIST": 0.04, "VO-ID": 0.04, "VO-INK": 0.05, "VO-ROLL": 0.03,
    "VO-INEL": 0.02, "VO-SIG": 0.01, "VO-PROXY": 0.02, "VO-SHORT": 0.01, "VO-TECH": 0.05,
    "VO-SUSP": 0.02, "OP-SEC": 0.08, "VO-OPEN": 0.06, "VO-GROUP": 0.12, "VO-PHOTO": 0.02,
    "VO-CROWD": 0.10, "VO-CAMP": 0.05, "VO-INTIM": 0.015, "VO-VIOL": 0.005, "VO-BUY": 0.01,
    "VO-STUFF": 0.0, "VO-CAROUSEL": 0.0, "DR-REFUSE": 0.1, "CL-EARLY": 0.01, "CL-QUEUE": 0.02,
    "OP-QUORUM": 0.02, "CO-UNUSED": 0.08, "CO-SEAL": 0.004, "CO-TRANSP": 0.05,
    "CO-INVALID": 0.04, "CO-DELAY": 0.06, "CO-ARITH": 0.05, "CO-FALS": 0.0, "CO-PRESIGN": 0.03,
    "CO-NOPOST": 0.15, "CO-NOCOPY": 0.07, "CO-TRANSMIT": 0.03,
}  # fmt: skip
"""The part of stations where an irregularity happens, before regions differ."""

CANDIDATES = (
    ("A", "Candidate A, Lantern Movement"),
    ("B", "Candidate B, Harbour Alliance"),
    ("C", "Candidate C, Orchard Party"),
    ("D", "Candidate D, Free Bridges"),
)
SUPPORT = np.array([0.495, 0.335, 0.105, 0.065])
LEADING = 0.497
"""The first candidate's share: close to one half, so that a run-off is in doubt."""


@dataclass(frozen=True)
class Truth:
    """What is true at each station: arrays with a row a station."""

    codes: tuple[str, ...]
    irregular: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"
    voted: Ints
    invalid: Ints
    votes: Ints

    def happened(self, code: str, station: int) -> bool:
        """Whether an irregularity happens at a station; what is not listed never does."""
        return code in self.codes and bool(self.irregular[station, self.codes.index(code)])

    def rate(self, code: str) -> float:
        """The part of all stations where an irregularity happens."""
        return float(self.irregular[:, self.codes.index(code)].mean())

    @property
    def shares(self) -> Floats:
        """Each candidate's share of all valid votes."""
        return np.asarray(self.votes.sum(axis=0) / self.votes.sum(), dtype=np.float64)


def make_truth(country: Country, seed: int) -> Truth:
    """What happens at every station; the same for the same seed."""
    chance = np.random.default_rng([seed, 2])
    region = np.array([each.region for each in country.stations])
    rural = np.array([each.rural for each in country.stations])
    registered = np.array([each.registered for each in country.stations])
    base = np.array(list(RATES.values()))
    tilt = chance.gamma(6.0, 1 / 6.0, (len(country.regions), len(base)))
    rates = np.clip(base * tilt[region] * np.where(rural, 1.25, 0.85)[:, None], 0, 0.9)
    irregular = chance.random(rates.shape) < rates
    voted = chance.binomial(
        registered, np.clip(0.62 + chance.normal(0, 0.06, len(region)), 0.2, 0.95)
    )
    invalid = chance.binomial(voted, 0.018)
    leaning = chance.normal(0, 0.35, (len(country.regions), len(SUPPORT)))
    local = np.log(SUPPORT) + leaning[region] + chance.normal(0, 0.2, (len(region), len(SUPPORT)))
    votes = chance.multinomial(voted - invalid, _shares(local, voted - invalid))
    return Truth(
        tuple(RATES),
        irregular,
        voted.astype(np.int64),
        invalid.astype(np.int64),
        votes.astype(np.int64),
    )


def _shares(local: Matrix, valid: Ints) -> Matrix:
    """Each station's shares from its leanings, moved alike until the first leads by so much.

    ``local`` are logarithms, a row a station; ``valid`` are the votes that weigh it.
    """
    low, high = -3.0, 3.0
    shares = local
    for _ in range(40):
        moved = local.copy()
        moved[:, 0] += (low + high) / 2
        shares = np.exp(moved) / np.exp(moved).sum(axis=1, keepdims=True)
        if np.average(shares[:, 0], weights=valid) < LEADING:
            low = (low + high) / 2
        else:
            high = (low + high) / 2
    return shares
