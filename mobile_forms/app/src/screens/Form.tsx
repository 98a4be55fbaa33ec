// What did I see? One section a page.
import { useEffect, useState } from "preact/hooks";
import { Keep, Network } from "../parts/frame.tsx";
import { Back, Warning } from "../parts/icons.tsx";
import { close, useForm } from "../form/open.ts";
import { progressOf } from "../form/answers.ts";
import { follows } from "../form/Label.tsx";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { titleOf, type Section } from "../form/tree.ts";
import { go, type Screen } from "../route.ts";
import { recount } from "../sync/keeper.ts";
import { useStored } from "../parts/stored.ts";
import { readUrgent } from "../store/day.ts";
import { checklistOf } from "../store/drafts.ts";
import { isUrgent } from "../store/urgent.ts";
import { clock, inLanguage, t, whereOf } from "../words.ts";

export function Form({ id }: { id: string }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost reason={form.message} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Open form={form} />;
}

export function Lost({ reason }: { reason: string }) {
  return (
    <main class="enrol">
      <h1>{t("This form cannot be opened")}</h1>
      <p>{t("What was answered is still on this phone.")}</p>
      <p class="hint" dir="ltr">{reason}</p>
      <button class="btn main" onClick={() => go({ name: "day" })}>
        {t("Back to the day")}
      </button>
    </main>
  );
}

function Open({ form }: { form: FormSession }) {
  follows(form);
  const [listed, setListed] = useState(false);
  const sections = form.sections;
  const at = Math.min(form.draft.section, sections.length - 1);
  const section = sections[at];
  useEffect(() => {
    if (form.wanted) document.getElementById(form.wanted)?.scrollIntoView();
    form.wanted = null;
  }, [form]);
  const turn = (to: number) => {
    setListed(false);
    if (to < 0) void leave(form);
    else if (to >= sections.length) go({ name: "finish", draft: form.draft.id });
    else form.goTo(to);
    scrollTo(0, 0);
  };
  return (
    <div class="form">
      <Head form={form} />
      <Progress form={form} sections={sections} at={at} />
      <nav class="sec" aria-label={t("All sections")}>
        <span>
          {t("Section {at} of {count}: {name}", { at: at + 1, count: sections.length, name: section ? titleOf(section) : "" })}
        </span>
        <button class="link" aria-expanded={listed} onClick={() => setListed(!listed)}>
          {t("All sections")}
        </button>
      </nav>
      <main>
        {listed ? (
          <ul class="list">
            {sections.map((each, place) => (
              <li key={each.id}>
                <button class="row" aria-current={place === at ? "step" : undefined} onClick={() => turn(place)}>
                  <span>
                    <b>{titleOf(each)}</b>
                  </span>
                  <em dir="ltr">{progressOf([each]).join("/")}</em>
                </button>
              </li>
            ))}
          </ul>
        ) : (
          section && <Questions key={section.id} nodes={section.nodes} form={form} />
        )}
      </main>
      <footer>
        <Saved form={form} />
        <div>
          <button class="btn" onClick={() => turn(at - 1)}>
            {t("Back")}
          </button>
          <button class="btn main" onClick={() => turn(at + 1)}>
            {at + 1 < sections.length ? t("Next") : t("To the end")}
          </button>
        </div>
      </footer>
    </div>
  );
}

function Head({ form }: { form: FormSession }) {
  const checklist = useStored(() => checklistOf(form.draft));
  const urgent = useStored(readUrgent)?.includes("incident") && !isUrgent(form.draft.checklist);
  return (
    <header>
      <button class="ic" aria-label={t("Back to the day")} onClick={() => void leave(form)}>
        <Back />
      </button>
      <div>
        <h1 class="who">{checklist ? inLanguage(checklist.title) : ""}</h1>
        <div class="under">
          {form.draft.corrects && `${t("A correction")}. `}
          {whereOf(form.draft.station)}
        </div>
      </div>
      <Network />
      {urgent && (
        <button class="ic alarm" aria-label={t("Incident")} onClick={() => void leave(form, { name: "urgent", checklist: "incident" })}>
          <Warning />
        </button>
      )}
    </header>
  );
}

function Progress({ form, sections, at }: { form: FormSession; sections: Section[]; at: number }) {
  follows(form);
  return (
    <div class="prog" aria-hidden="true">
      {sections.map((section, place) => {
        const [answered, all] = progressOf([section]);
        const state = all > 0 && answered === all ? "d" : answered > 0 || place === at ? "h" : "";
        return <i key={section.id} class={state} />;
      })}
    </div>
  );
}

export function Saved({ form }: { form: FormSession }) {
  const { savedAt, unkept } = form.keeping;
  const at = savedAt.value ?? form.draft.savedAt;
  if (unkept.value) {
    return (
      <p class="saved" role="alert">
        <b>{unkept.value === "no room" ? t("Not saved: the phone has no room. Make room, then change any answer.") : t("Finished in another window. Changes made here are not kept.")}</b>
      </p>
    );
  }
  if (form.saving) {
    return (
      <p class="saved">
        <Keep state="none" />
        <span>{t("Saving")}</span>
      </p>
    );
  }
  return (
    <p class="saved">
      <Keep state="draft" />
      <span>{t("Saved on this phone, {time}", { time: clock(at, true) })}</span>
    </p>
  );
}

export async function leave(form: FormSession, to: Screen = { name: "day" }): Promise<void> {
  await form.settled();
  close();
  await recount();
  go(to);
}
