// What did I see? One section a page.
import { useEffect, useRef, useState } from "preact/hooks";
import { Keep, Network } from "../parts/frame.tsx";
import { AnswerList, SectionList } from "../parts/FormLists.tsx";
import { Back, Warning } from "../parts/icons.tsx";
import { LockButton } from "../parts/LockButton.tsx";
import { close, useForm } from "../form/open.ts";
import { focusOn, focusOnHeading } from "../form/focus.ts";
import { follows } from "../form/Label.tsx";
import { missingIn } from "../form/missing.ts";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { titleOf, type Section } from "../form/tree.ts";
import { go, type Screen } from "../route.ts";
import { Lost } from "../parts/Lost.tsx";
import { noteTurn, useSectionHistory } from "../parts/sectionHistory.ts";
import { recount } from "../sync/keeper.ts";
import { useStored } from "../parts/stored.ts";
import { readUrgent } from "../store/day.ts";
import { checklistOf } from "../store/drafts.ts";
import { isUrgent } from "../store/urgent.ts";
import { clock, inLanguage, t, whereOf } from "../words.ts";

export function Form({ id }: { id: string }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost error={form} id={id} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Open form={form} />;
}

function Open({ form }: { form: FormSession }) {
  follows(form);
  const correction = Boolean(form.draft.corrects?.reason);
  const [listed, setListed] = useState(correction && !form.sought);
  const heading = useRef<HTMLHeadingElement>(null);
  const sections = form.sections;
  const at = Math.min(form.draft.section, sections.length - 1);
  const section = sections[at];
  const { lacking, next } = useNext(form, at);
  useEffect(() => {
    if (form.sought) focusOn(form.sought, true);
    else focusOnHeading(heading.current);
  }, [form, section?.id]);
  const turn = (to: number) => {
    setListed(false);
    form.sought = null;
    form.fromTheEnd = false;
    if (to < 0) void leave(form);
    else if (to >= sections.length) go({ name: "finish", draft: form.draft.id });
    else if (!noteTurn(at, to)) form.goTo(to);
    scrollTo(0, 0);
  };
  useSectionHistory(at, (to) => {
    setListed(false);
    form.sought = null;
    if (to !== at) form.goTo(to);
    scrollTo(0, 0);
  });
  const toTheEnd = form.fromTheEnd || at + 1 >= sections.length || (listed && correction);
  const seek = (found: { node: string; section: number }) => {
    setListed(false);
    form.seek(found, true);
    focusOn(found.node, true);
  };
  const said = listed && correction ? t("What you sent") : sectionWords(at, sections);
  return (
    <div class="form">
      <Head form={form} />
      <Progress form={form} sections={sections} at={at} />
      <nav class="sec" aria-label={t("All sections")}>
        <h2 ref={heading}>{said}</h2>
        {(correction || sections.length > 1) && (
          <button class="link" aria-expanded={listed} onClick={() => setListed(!listed)}>
            {correction ? t("All answers") : t("All sections")}
          </button>
        )}
      </nav>
      <p class="sr" role="status">
        {said}
      </p>
      <main>
        {listed && correction ? (
          <AnswerList form={form} seek={seek} />
        ) : listed ? (
          <SectionList form={form} at={at} turn={turn} />
        ) : (
          section && <Questions key={section.id} nodes={section.nodes} form={form} />
        )}
      </main>
      <footer>
        <p class="lack" role="status">
          {lacking > 0 && t("Questions to look at on this page: {count}. Next goes on all the same.", { count: lacking })}
        </p>
        <Saved form={form} />
        <div>
          <button class="btn" onClick={() => turn(listed && correction ? -1 : at - 1)}>
            {t("Back")}
          </button>
          <button class="btn main" onClick={() => ((listed && correction) || next()) && turn(toTheEnd ? sections.length : at + 1)}>
            {toTheEnd ? t("To the end") : t("Next")}
          </button>
        </div>
      </footer>
    </div>
  );
}

function sectionWords(at: number, sections: Section[]): string {
  const name = sections[at] ? titleOf(sections[at]) : "";
  if (sections.length === 1) return name || t("All questions on one page");
  return name ? t("Section {at} of {count}: {name}", { at: at + 1, count: sections.length, name }) : t("Section {at} of {count}", { at: at + 1, count: sections.length });
}

/** Next marks what is missing and goes there; pressed once more, it goes on. */
function useNext(form: FormSession, at: number) {
  const [stopped, setStopped] = useState("");
  const missing = form.sections[at] ? missingIn(form, form.sections[at], at) : [];
  const first = missing.filter((each) => each.lack === "needed" || each.lack === "check");
  const key = [at, ...first.map((each) => each.node)].join(" ");
  const next = (): boolean => {
    for (const each of missing) form.marked.add(each.node);
    if (!first[0] || stopped === key) return true;
    setStopped(key);
    form.seek(first[0], form.fromTheEnd);
    focusOn(first[0].node, true);
    return false;
  };
  return { lacking: stopped === key ? first.length : 0, next };
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
          {form.draft.corrects && `${form.draft.corrects.reason ? t("A correction") : t("Adding details")}. `}
          {whereOf(form.draft.station)}
        </div>
      </div>
      <Network />
      <LockButton />
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
        const [answered, all] = form.progressIn([section]);
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
