"""The words for a share of polling stations, in the five languages with their station noun."""

from dataclasses import dataclass
from typing import Literal

from analytics.numbers import Estimate, ObservedCount
from analytics.wording import ENOUGH_FOR_SHARE
from schemas.station_noun import StationNoun

Band = Literal["isolated", "some", "many", "majority", "almost_all"]


@dataclass(frozen=True)
class BandRange:
    """A band of the scale in whole percent of stations, both ends in it."""

    band: Band
    low: int
    high: int


BANDS: tuple[BandRange, ...] = (
    BandRange("isolated", 0, 4),
    BandRange("some", 5, 19),
    BandRange("many", 20, 49),
    BandRange("majority", 50, 94),
    BandRange("almost_all", 95, 100),
)
"""The scale, from few to nearly all; nothing seen and all seen have no word of it."""

_WORDS: dict[str, dict[Band, str]] = {
    "en": {
        "isolated": "in isolated cases",
        "some": "at some {plural}",
        "many": "at many {plural}",
        "majority": "at the majority of {plural}",
        "almost_all": "at almost all {plural}",
    },
    "fr": {
        "isolated": "dans des cas isolés",
        "some": "dans certain{e}s {plural}",
        "many": "dans de nombreu{xses} {plural}",
        "majority": "dans la majorité {of}",
        "almost_all": "dans la quasi-totalité {of}",
    },
    "ar": {
        "isolated": "في حالات متفرقة",
        "some": "في بعض {the}",
        "many": "في العديد {of}",
        "majority": "في غالبية {the}",
        "almost_all": "في جميع {the} تقريبًا",
    },
    "es": {
        "isolated": "en casos aislados",
        "some": "en algun{oa}s {plural}",
        "many": "en much{oa}s {plural}",
        "majority": "en la mayoría {of}",
        "almost_all": "en casi tod{oa}s {the}",
    },
    "pt": {
        "isolated": "em casos isolados",
        "some": "em algu{nsmas} {plural}",
        "many": "em muit{oa}s {plural}",
        "majority": "na maioria {of}",
        "almost_all": "em quase tod{oa}s {the}",
    },
}


def quantity_words(band: Band, noun: StationNoun) -> str:
    """A band in words, with the mission's noun for stations: "dans certains bureaux de vote"."""
    feminine = noun.gender == "f"
    return _WORDS[noun.language][band].format(
        plural=noun.plural,
        the=noun.the_plural,
        of=noun.of_stations,
        e="e" if feminine else "",
        xses="ses" if feminine else "x",
        oa="a" if feminine else "o",
        nsmas="mas" if feminine else "ns",
    )


def band_of(number: Estimate | ObservedCount) -> Band | None:
    """The band of an estimate of all stations, by the percentages as they are printed.

    None for a count, which speaks of no other stations; where nothing was seen, or all was; where
    fewer than 100 stations answered; and where the interval crosses a border of the scale.
    """
    if not isinstance(number, Estimate) or number.n < ENOUGH_FOR_SHARE:
        return None
    if not 0 < number.value < 1:
        return None
    bands = {_band(each) for each in (number.low, number.value, number.high)}
    return bands.pop() if len(bands) == 1 else None


def _band(share: float) -> Band:
    shown = min(max(round(100 * share), 0), 100)
    return next(each.band for each in BANDS if shown <= each.high)
