// What a form holds, to go to a part of it: its sections; of a correction every answer as it was sent.
import { answerWords } from "../form/changes.ts";
import { follows } from "../form/Label.tsx";
import type { FormSession } from "../form/session.ts";
import { questionsOf, titleOf } from "../form/tree.ts";
import { t } from "../words.ts";

export function SectionList({ form, at, turn }: { form: FormSession; at: number; turn: (to: number) => void }) {
  follows(form);
  return (
    <ul class="list">
      {form.sections.map((each, place) => {
        const [answered, asked] = form.progressIn([each]);
        return (
          <li key={each.id}>
            <button class="row" aria-current={place === at ? "step" : undefined} onClick={() => turn(place)}>
              <span>
                <b>{titleOf(each)}</b>
              </span>
              {asked > 0 && <em dir="ltr">{`${answered}/${asked}`}</em>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

export function AnswerList({ form, seek }: { form: FormSession; seek: (found: { node: string; section: number }) => void }) {
  follows(form);
  return (
    <div class="answers">
      <p class="lead">{t("Tap the answer that was different.")}</p>
      {form.sections.map((section, place) => (
        <section key={section.id}>
          <h3>{titleOf(section)}</h3>
          <ul class="list">
            {questionsOf(section).map((node) => (
              <li key={node.nodeId}>
                <button class="row" onClick={() => seek({ node: node.nodeId, section: place })}>
                  <span class="number">{form.numbers.get(node.nodeId)}</span>
                  <span>
                    {node.currentState.label?.asString}
                    <Answer words={answerWords(form, node)} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const Answer = ({ words }: { words: string }) => (words ? <b dir="auto">{words}</b> : <i>{t("no answer")}</i>);
