// What a correction changes, before it is sent.
import type { Change } from "../form/changes.ts";
import { t } from "../words.ts";

interface Shown {
  changes: Change[];
  seek: (at: { node: string; section: number }) => void;
}

export function Changes({ changes, seek }: Shown) {
  if (changes.length === 0) return <p class="lead">{t("A correction without a change is not sent. Change an answer, or leave it: the report stays as it is.")}</p>;
  return (
    <section>
      <h3>{t("What changes: {count}", { count: changes.length })}</h3>
      <ul class="list changes">
        {changes.map((each) => (
          <li key={each.name}>{each.at ? <button class="row" onClick={() => seek(each.at!)}>{wordsOf(each)}</button> : <div class="row">{wordsOf(each)}</div>}</li>
        ))}
      </ul>
    </section>
  );
}

const wordsOf = ({ number, label, before, after }: Change) => (
  <>
    {number !== undefined && <span class="number">{number}</span>}
    <span>
      {label}
      <i dir="auto">{t("You sent: {answer}", { answer: before })}</i>
      <b dir="auto">{t("Now: {answer}", { answer: after })}</b>
    </span>
  </>
);
