// Is it complete? Then it becomes bytes, once, and goes to the outbox.
import { leaves } from "../form/engine.ts";
import { close, useForm } from "../form/open.ts";
import type { FormSession } from "../form/session.ts";
import { Back } from "../parts/icons.tsx";
import { useState } from "preact/hooks";
import { sha256 } from "../report/identity.ts";
import { makeReport } from "../report/report.ts";
import { go } from "../route.ts";
import { get } from "../store/database.ts";
import { finish, nextSequence } from "../store/day.ts";
import type { Me, Visit, Waiting } from "../store/nouns.ts";
import { recount, sync } from "../sync/keeper.ts";
import { t } from "../words.ts";
import { Saved } from "./Form.tsx";

export function Finish({ id }: { id: string }) {
  const form = useForm(id);
  if (!form || form instanceof Error) return <p class="empty">{t("Opening the form")}</p>;
  return <Summary form={form} />;
}

interface Open {
  section: number;
  label: string;
  message: string;
  needed: boolean;
}

function Summary({ form }: { form: FormSession }) {
  const [busy, setBusy] = useState(false);
  const [answered, asked] = form.progress;
  const open = violations(form);
  const complete = async () => {
    setBusy(true);
    await finalise(form);
    close();
    await recount();
    go({ name: "day" });
    void sync();
  };
  return (
    <div class="form">
      <header>
        <button class="ic" aria-label={t("Back")} onClick={() => go({ name: "form", draft: form.draft.id })}>
          <Back />
        </button>
        <div>
          <div class="who">{t("Finish the report")}</div>
          <div class="under">
            {t("Station")} <bdi>{form.draft.station.code}</bdi>, <bdi>{form.draft.station.name}</bdi>
          </div>
        </div>
      </header>
      <main>
        <h1>{t("{answered} of {asked} questions answered", { answered, asked })}</h1>
        <p>{t("A question without an answer is sent as that. Nothing is filled in for you.")}</p>
        {open.length > 0 && (
          <>
            <p class="say">{t("Please look at these. What is right as it stands may be sent.")}</p>
            <ul class="list">
              {open.map((each) => (
                <li key={each.label}>
                  <button
                    class="row"
                    onClick={() => {
                      form.goTo(each.section);
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

function violations(form: FormSession): Open[] {
  return form.sections.flatMap((section, place) =>
    [...leaves(section)].flatMap((leaf) => {
      if (!leaf.currentState.relevant || !("violation" in leaf.validationState)) return [];
      const violation = leaf.validationState.violation;
      if (!violation) return [];
      const message = violation.message?.asString ?? (violation.condition === "required" ? t("An answer is needed.") : t("Please check this answer."));
      const needed = violation.condition === "required";
      return [{ section: place, label: leaf.currentState.label?.asString ?? "", message, needed }];
    }),
  );
}

async function finalise(form: FormSession): Promise<void> {
  await form.settled();
  const { draft } = form;
  const [me, visit, device] = await Promise.all([
    get<Me>("self", "me"),
    get<Visit>("visits", draft.visit),
    get<string>("self", "device"),
  ]);
  if (!me || !visit) throw new Error("who and where are not known");
  const at = new Date().toISOString();
  const sequence = await nextSequence();
  const body = makeReport(draft, visit, me, { id: device ?? "", sequence }, form.answers, at);
  const waiting: Waiting = {
    id: draft.id,
    body,
    sha256: await sha256(body),
    checklist: draft.checklist,
    station: draft.station.code,
    finalisedAt: at,
    photos: draft.photos.map((each) => each.name),
    refused: null,
  };
  await finish(draft, waiting);
}
