// A form as phones will show it, for its author. Nothing is kept and nothing is sent.
import { useEffect, useState } from "preact/hooks";
import { follows } from "../form/Label.tsx";
import { filesAsked, type Files } from "../form/files.ts";
import { asked, type Lists } from "../form/lists.ts";
import { isOwnPath } from "../form/path.ts";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { titleOf } from "../form/tree.ts";
import { t } from "../words.ts";
import { Lost } from "../parts/Lost.tsx";

export function Preview({ path }: { path: string }) {
  const [form, setForm] = useState<FormSession | Error>();
  useEffect(() => {
    void read(path).then(setForm, (error: Error) => setForm(error));
  }, [path]);
  if (form instanceof Error) return <Lost error={form} id="" />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Shown form={form} />;
}

async function read(path: string): Promise<FormSession> {
  if (!isOwnPath(path)) throw new Error(path);
  const [response, { FormSession }] = await Promise.all([
    fetch(path, { credentials: "same-origin", redirect: "error" }),
    import("../form/session.ts"),
  ]);
  if (!response.ok) throw new Error(`${response.status}`);
  const xform = await response.text();
  const files = await filesOf(xform, path);
  return FormSession.preview(xform, await listsOf(xform, path), files);
}

/** The form's own files, as far as they are there. */
async function filesOf(xform: string, path: string): Promise<Files> {
  const [, , mission, , name, version] = path.split("/");
  const place = `/api/v1/missions/${mission}/checklists/${name}/versions/${version}/media`;
  const found = filesAsked(xform).map(async (file) => {
    const response = await fetch(`${place}/${file}`, { credentials: "same-origin" });
    return response.ok ? [[file, await response.blob()] as const] : [];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

/** The lists that the form asks for, as the mission has them now. */
async function listsOf(xform: string, path: string): Promise<Lists> {
  const mission = path.split("/")[2] ?? "";
  const found = asked(xform).map(async (name) => {
    const response = await fetch(`/api/v1/missions/${mission}/lists/${name}`, { credentials: "same-origin" });
    return response.ok ? [[name, await response.text()] as const] : [];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

function Shown({ form }: { form: FormSession }) {
  follows(form);
  return (
    <div class="form preview">
      <p class="say" role="status">
        {t("Preview: nothing is kept and nothing is sent.")}
      </p>
      <main>
        {form.sections.map((section) => (
          <section key={section.id}>
            <h2 class="title">{titleOf(section)}</h2>
            <Questions nodes={section.nodes} form={form} />
          </section>
        ))}
      </main>
    </div>
  );
}
