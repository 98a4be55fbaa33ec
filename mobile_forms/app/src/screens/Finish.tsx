// Is it complete, and if not, why? Then it becomes bytes, once, and goes to the outbox.
import { useEffect, useRef, useState } from "preact/hooks";
import { isPicture, megabytes } from "../form/attached.ts";
import { focusOnHeading } from "../form/focus.ts";
import { follows } from "../form/Label.tsx";
import { changesOf } from "../form/changes.ts";
import { missingOf, type Lack, type Missing } from "../form/missing.ts";
import { useForm } from "../form/open.ts";
import { remark, remarked, remarksOf } from "../form/remarks.ts";
import type { FormSession } from "../form/session.ts";
import { Keep, Network } from "../parts/frame.tsx";
import { Back } from "../parts/icons.tsx";
import { Changes } from "../parts/Changes.tsx";
import { Lost } from "../parts/Lost.tsx";
import { useFinishing } from "../parts/finishing.ts";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { checklistOf } from "../store/drafts.ts";
import { inLanguage, t, whereOf } from "../words.ts";
import { leave, Saved } from "./Form.tsx";

export function Finish({ id }: { id: string }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost error={form} id={id} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Summary form={form} />;
}

function Summary({ form }: { form: FormSession }) {
  follows(form);
  const { busy, unkept, complete } = useFinishing(form);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => focusOnHeading(heading.current), [form]);
  const missing = missingOf(form);
  const of = (lack: Lack) => missing.filter((each) => each.lack === lack);
  const [needed, checks] = [of("needed"), of("check")];
  const [answered, asked] = form.progress;
  const seek = (found: Missing) => {
    for (const each of missing) form.marked.add(each.node);
    form.seek(found, true);
    go({ name: "form", draft: form.draft.id });
  };
  const first = needed[0];
  const { corrects } = form.draft;
  const changes = corrects ? changesOf(form) : null;
  const same = changes?.length === 0 && !corrects?.untaken;
  return (
    <div class="form finish">
      <Head form={form} />
      <main>
        <h2 class="title" ref={heading}>
          {same ? t("Nothing is different") : reason(needed.length, checks.length)}
        </h2>
        <p class="under">
          {t("{answered} of {asked} answered.", { answered, asked })} {t("All is saved; you may also finish later.")}
        </p>
        {changes && <Changes changes={changes} seek={(at) => (form.seek(at, true), go({ name: "form", draft: form.draft.id }))} />}
        <Group title={t("Needed: {count}", { count: needed.length })} found={needed} seek={seek} />
        <Group title={t("Please check: {count}", { count: checks.length })} found={checks} seek={seek}>
          {(each) => <Why form={form} found={each} />}
        </Group>
        <Folded title={t("Not answered: {count}. May stay open", { count: of("open").length })} found={of("open")} seek={seek} />
        <Folded title={t("Answered as not observed: {count}. That is sent too", { count: of("unobserved").length })} found={of("unobserved")} seek={seek} />
        <Files form={form} />
        {unkept && (
          <p class="check" role="alert">
            {t("The phone has no room to finish this report. The draft is kept. Make room, then try again.")}
          </p>
        )}
      </main>
      <footer>
        <Saved form={form} />
        <div>
          {checks[0] && !first ? (
            <button class="btn" onClick={() => seek(checks[0]!)}>
              {t("Look again")}
            </button>
          ) : (
            <button class="btn" onClick={() => void leave(form)}>
              {t("Later")}
            </button>
          )}
          {first ? (
            <button class="btn main" onClick={() => seek(first)}>
              {answerWords(needed)}
            </button>
          ) : same ? (
            <button class="btn main" onClick={() => go({ name: "form", draft: form.draft.id })}>
              {t("Back to the answers")}
            </button>
          ) : (
            <button class="btn main" aria-busy={busy} onClick={() => !busy && void complete()}>
              {busy ? t("One moment") : t("Send")}
            </button>
          )}
        </div>
      </footer>
    </div>
  );
}

function Head({ form }: { form: FormSession }) {
  const checklist = useStored(() => checklistOf(form.draft));
  return (
    <header>
      <button class="ic" aria-label={t("Back")} onClick={() => go({ name: "form", draft: form.draft.id })}>
        <Back />
      </button>
      <div>
        <h1 class="who">{t("Finish the report")}</h1>
        <div class="under">{[checklist ? inLanguage(checklist.title) : "", whereOf(form.draft.station)].filter(Boolean).join(". ")}</div>
      </div>
      <Network />
    </header>
  );
}

/** Why it cannot be sent yet, or that it can. */
function reason(needed: number, checks: number): string {
  if (needed === 1) return t("1 answer is needed before it can be sent");
  if (needed > 1) return t("{count} answers are needed before it can be sent", { count: needed });
  if (checks > 0) return t("Please check, then send it. What is right as it stands may be sent.");
  return t("The report can be sent");
}

function answerWords(needed: Missing[]): string {
  const [first, second] = [...new Set(needed.map((each) => each.number))];
  if (first === undefined) return t("Answer what is needed");
  return second === undefined ? t("Answer {first}", { first }) : t("Answer {first}, then {second}", { first, second });
}

interface Listed {
  title: string;
  found: Missing[];
  seek: (found: Missing) => void;
}

function Group({ title, found, seek, children }: Listed & { children?: (found: Missing) => preact.ComponentChildren }) {
  if (found.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <Rows found={found} seek={seek} children={children} />
    </section>
  );
}

function Folded({ title, found, seek }: Listed) {
  if (found.length === 0) return null;
  return (
    <details class="folded">
      <summary>{title}</summary>
      <Rows found={found} seek={seek} />
    </details>
  );
}

function Rows({ found, seek, children }: Omit<Listed, "title"> & { children?: ((found: Missing) => preact.ComponentChildren) | undefined }) {
  return (
    <ul class="list">
      {found.map((each) => (
        <li key={each.node}>
          <button class="row" onClick={() => seek(each)}>
            {each.number !== undefined && <span class="number">{each.number}</span>}
            <span>
              <b>{each.label}</b>
              {each.message && <i>{each.message}</i>}
            </span>
          </button>
          {children?.(each)}
        </li>
      ))}
    </ul>
  );
}

/** An answer that is right as it stands: why, in the observer's words, into the remarks of the report. */
function Why({ form, found }: { form: FormSession; found: Missing }) {
  follows(form);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const said = remarked(form, found.label);
  if (said) return <p class="kept">{t("You said: {why}", { why: said })}</p>;
  if (!remarksOf(form)) return null;
  if (!open) {
    return (
      <button class="btn so" onClick={() => setOpen(true)}>
        {t("It is so. Say why")}
      </button>
    );
  }
  return (
    <form
      class="so"
      onSubmit={(event) => {
        event.preventDefault();
        remark(form, found.label, text);
      }}
    >
      <label class="field">
        <span>{t("Why is it so?")}</span>
        <textarea class="text" rows={2} dir="auto" required value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button class="btn">{t("Save")}</button>
    </form>
  );
}

function Files({ form }: { form: FormSession }) {
  follows(form);
  const files = form.attached;
  if (files.length === 0) return null;
  const size = megabytes(files.reduce((sum, each) => sum + each.size, 0));
  return (
    <p class="follows">
      <Keep state="draft" />
      <span>{filesWords(files, size)}</span>
    </p>
  );
}

function filesWords(files: File[], size: string): string {
  const count = files.length;
  return files.every(isPicture) ? t("Photos that go after the report: {count}, {size} MB", { count, size }) : t("Files that go after the report: {count}, {size} MB", { count, size });
}
