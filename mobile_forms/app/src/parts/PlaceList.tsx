// The places of the day to choose from, and one that is in no list.
import { useState } from "preact/hooks";
import type { Day } from "../store/day.ts";
import type { Deployment } from "../store/nouns.ts";
import { elsewhere, placesOf, type Place } from "../store/places.ts";
import { t } from "../words.ts";

interface Shown {
  day: Day;
  choose: (place: Place) => void;
  /** The code of a station that is not offered. */
  except?: string;
  /** The team that is there, where a visit is moved. */
  team?: Deployment;
}

export function PlaceList({ day, choose, except, team }: Shown) {
  const [code, setCode] = useState("");
  const places = placesOf(day).filter((place) => place.station.code !== except);
  return (
    <>
      <ul class="list">
        {places.map((place) => (
          <li key={place.deployment.id + place.station.code}>
            <button class="row" onClick={() => choose(place)}>
              <span>
                <b>
                  <bdi class="code">{place.station.code}</bdi> <bdi>{place.station.name}</bdi>
                </b>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <form
        class="st"
        onSubmit={(event) => {
          event.preventDefault();
          const typed = code.trim();
          const known = placesOf(day).find((place) => place.station.code === typed);
          if (typed && typed !== except) choose(known ?? elsewhere(day, typed, team));
        }}
      >
        <label class="field">
          <span>{t("Somewhere else: the code of the polling station")}</span>
          <input class="text" dir="ltr" required autocomplete="off" value={code} onInput={(event) => setCode(event.currentTarget.value)} />
        </label>
        <button class="btn">{t("Go on")}</button>
      </form>
    </>
  );
}
