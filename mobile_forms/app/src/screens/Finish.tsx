// Is it complete? Then it becomes bytes, once, and goes to the outbox.
import type { AnyNode } from "@getodk/xforms-engine";
import { useForm } from "../form/open.ts";
import type { FormSession } from "../form/session.ts";
import { Back } from "../parts/icons.tsx";
import { knownOf, leavesOf, nameOf } from "../form/tree.ts";
import { useFinishing } from "../parts/finishing.ts";
import { go } from "../route.ts";
import { t, whereOf } from "../words.ts";
import { Lost, Saved } from "./Form.tsx";

export function Finish({ id }: { id: string }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost reason={form.message} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Summary form={form} />;
}

interface Open {
  node: string;
  section: number;
  label: string;
  message: string;
  needed: boolean;
}

function Summary({ form }: { form: FormSession }) {
  const { busy, unkept, complete } = useFinishing(form);
  const [answered, asked] = form.progress;
  const open = violations(form);
  return (
    <div class="form">
      <header>
        <button class="ic" aria-label={t("Back")} onClick={() => go({ name: "form", draft: form.draft.id })}>
          <Back />
        </button>
        <div>
          <h1 class="who">{t("Finish the report")}</h1>
          <div class="under">
            {whereOf(form.draft.station)}
          </div>
        </div>
      </header>
      <main>
        <h2 class="title">{t("{answered} of {asked} questions answered", { answered, asked })}</h2>
        <p>{t("A question without an answer is sent as that. Nothing is filled in for you.")}</p>
        {open.length > 0 && (
          <>
            <p class="lead">{t("Please look at these. What is right as it stands may be sent.")}</p>
            <ul class="list">
              {open.map((each) => (
                <li key={each.node}>
                  <button
                    class="row"
                    onClick={() => {
                      form.goTo(each.section);
                      form.wanted = each.node;
                      go({ name: "form", draft: form.draft.id });
                    }}
                  >
                    <span>
                      <b>{each.label}</b>
                      <i>{each.message}</i>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {unkept && (
          <p class="check" role="alert">
            {t("The phone has no room to finish this report. The draft is kept. Make room, then try again.")}
          </p>
        )}
      </main>
      <footer>
        <Saved form={form} />
        <div>
          <button class="btn" onClick={() => go({ name: "form", draft: form.draft.id })}>
            {t("Back")}
          </button>
          <button class="btn main" disabled={busy || open.some((each) => each.needed)} onClick={() => void complete()}>
            {t("Finish and send")}
          </button>
        </div>
      </footer>
    </div>
  );
}

/** A question's words; those of a follow-up after the question that it follows. */
function wordsOf(leaf: AnyNode, all: AnyNode[]): string {
  const followed = all.find((each) => knownOf(nameOf(each)) === nameOf(leaf));
  return [followed, leaf].flatMap((each) => each?.currentState.label?.asString ?? []).join(" · ");
}

function violations(form: FormSession): Open[] {
  return form.sections.flatMap((section, place) => {
    const all = [...leavesOf(section)];
    return all.flatMap((leaf) => {
      if (!leaf.currentState.relevant || !("violation" in leaf.validationState)) return [];
      const violation = leaf.validationState.violation;
      if (!violation) return [];
      const needed = violation.condition === "required";
      const message = violation.message?.asString ?? (needed ? t("An answer is needed.") : t("Please check this answer."));
      return [{ node: leaf.nodeId, section: place, label: wordsOf(leaf, all), message, needed }];
    });
  });
}
