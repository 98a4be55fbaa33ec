// Something happened, or a door stayed shut: few taps on one screen, sent before all else; details after.
import type { AnyNode, SelectNode } from "@getodk/xforms-engine";
import { useEffect, useState } from "preact/hooks";
import { useForm } from "../form/open.ts";
import { follows } from "../form/Label.tsx";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { knownOf, leaves, nameOf } from "../form/tree.ts";
import { Keep } from "../parts/frame.tsx";
import { KINDS } from "../parts/kinds.tsx";
import { PlaceList } from "../parts/PlaceList.tsx";
import { useStored } from "../parts/stored.ts";
import { Tiles, type Tile } from "../parts/Tiles.tsx";
import { Top } from "../parts/Top.tsx";
import { Lost } from "../parts/Lost.tsx";
import { useFinishing } from "../parts/finishing.ts";
import { go } from "../route.ts";
import { remove } from "../store/database.ts";
import { isHere, readDay, type Day } from "../store/day.ts";
import { notice, positionOf, visitAt } from "../store/noticing.ts";
import { isQuick, URGENT } from "../store/urgent.ts";
import { link } from "../sync/keeper.ts";
import { clock, t } from "../words.ts";
import { leave } from "./Form.tsx";

export function Urgent({ checklist, draft }: { checklist: string; draft: string | undefined }) {
  const day = useStored(readDay);
  const begun = day !== undefined && draft === undefined;
  useEffect(() => {
    if (begun) void goOn(day, checklist);
  }, [begun]);
  if (!day || !draft) return null;
  return <Opening key={draft} id={draft} day={day} />;
}

/** Go on with what was begun and not sent, or begin. */
async function goOn(day: Day, checklist: string, anew = false): Promise<void> {
  const begun = anew ? undefined : day.drafts.find((each) => isQuick(each) && each.checklist === checklist);
  const { id } = begun ?? (await notice(day, checklist));
  go({ name: "urgent", checklist, draft: id }, true);
}

function Opening({ id, day }: { id: string; day: Day }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost error={form} id={id} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Asking form={form} day={day} />;
}

interface Asked {
  form: FormSession;
  nodes: Map<string, AnyNode>;
}

function Asking({ form, day }: { form: FormSession; day: Day }) {
  follows(form);
  const { busy, unkept, complete } = useFinishing(form);
  const [placing, setPlacing] = useState(false);
  const [resumed] = useState(!form.draft.untouched);
  const incident = form.draft.checklist === "incident";
  const nodes = new Map([...leaves(form.root)].map((node) => [nameOf(node), node]));
  const lacking = (incident ? ["nature", "danger"] : ["refused_by"]).filter((name) => isLacking(nodes, name));
  const send = async () => {
    if (lacking[0]) return document.getElementById(`ask-${lacking[0]}`)?.focus();
    const position = await positionOf(form.draft.id);
    await remove("self", `noticed-${form.draft.id}`);
    if (position && form.draft.noticed) form.draft = { ...form.draft, noticed: { ...form.draft.noticed, position } };
    await complete({ name: "report", report: form.draft.id });
  };
  return (
    <div class="form urgent">
      <Top title={incident ? t("Incident") : t("Access denied")} under={incident ? t("3 taps; details after") : t("2 taps; details after")} back={() => void leave(form)} alarm={false} />
      <main>
        {resumed && (
          <p class="resumed" role="status">
            {t("You began this at {time}. It is not sent.", { time: clock(form.draft.noticed?.at ?? form.draft.savedAt) })}{" "}
            <button class="link" onClick={() => void form.settled().then(() => goOn(day, form.draft.checklist, true))}>
              {t("Begin another")}
            </button>
          </p>
        )}
        <Where form={form} day={day} placing={placing} change={() => setPlacing(!placing)} />
        {placing ? (
          <PlaceList
            day={day}
            choose={(place) => {
              form.change(() => (form.draft = { ...form.draft, ...place, visit: visitAt(day, place) }));
              setPlacing(false);
            }}
          />
        ) : incident ? (
          <Incident form={form} nodes={nodes} telephone={day.me?.coordinator_telephone ?? ""} />
        ) : (
          <Denied form={form} nodes={nodes} />
        )}
        {unkept && (
          <p class="check" role="alert">
            {t("The phone has no room to finish this report. The draft is kept. Make room, then try again.")}
          </p>
        )}
      </main>
      <footer>
        <p class="saved">
          <Keep state="" />
          <span>{link.value === "offline" ? t("No network. Once you tap Send it is kept, and goes first.") : t("Sends before all else.")}</span>
        </p>
        <button class="btn main wide" disabled={busy} onClick={() => void send()}>
          {lacking.length > 0 ? lackingWords(incident, lacking) : incident ? <Numbered number={3} /> : <Numbered number={2} />}
        </button>
      </footer>
    </div>
  );
}

const Numbered = ({ number }: { number: number }) => (
  <span>
    <span class="number">{number}</span> {t("Send")}
  </span>
);

function lackingWords(incident: boolean, lacking: string[]): string {
  if (!incident) return t("Choose who refused, or what it was");
  if (lacking.length > 1) return t("Choose 1 and 2");
  return lacking[0] === "nature" ? t("Choose 1: what is it?") : t("Choose 2: is anyone in danger?");
}

/** Whether a question that comes first is asked and has no answer. Who refused is not asked where nobody did. */
function isLacking(nodes: Map<string, AnyNode>, name: string): boolean {
  const chosen = (each: string) => (nodes.get(each)?.currentState as { value?: readonly string[] } | undefined)?.value?.length;
  if (name === "refused_by" && chosen("access")) return false;
  return nodes.has(name) && !chosen(name);
}

interface WhereOf {
  form: FormSession;
  day: Day;
  placing: boolean;
  change: () => void;
}

function Where({ form, day, placing, change }: WhereOf) {
  const { station, noticed } = form.draft;
  const here = day.stops.some((stop) => isHere(stop) && stop.station?.code === station.code);
  const time = clock(noticed?.at ?? form.draft.savedAt);
  return (
    <div class="where">
      <span>
        {station.code === "" ? (
          t("Where? You may leave this.")
        ) : (
          <>
            {!here && `${t("Near")} `}
            <bdi class="code">{station.code}</bdi> <bdi>{station.name}</bdi>
          </>
        )}
        {" · "}
        {t("now ({time})", { time })}
      </span>
      <button class="link" aria-expanded={placing} onClick={change}>
        {t("Change")}
      </button>
    </div>
  );
}

function Ask({ id, number, words }: { id: string; number: number; words: string }) {
  return (
    <h2 class="ask" id={`ask-${id}`} tabIndex={-1}>
      <span class="number">{number}</span>
      <span>{words}</span>
    </h2>
  );
}

/** The options of a question as tiles: those that have plain words of the app first, in their order. */
function kindsOf(node: SelectNode): Tile[] {
  const options = node.currentState.valueOptions;
  const known = Object.keys(KINDS).filter((value) => options.some((each) => each.value === value));
  const others = options.filter((each) => !(each.value in KINDS));
  return [
    ...known.map((value) => ({ value, words: KINDS[value]!.words(), picture: KINDS[value]!.picture() })),
    ...others.map(({ value, label }) => ({ value, words: label.asString })),
  ];
}

const optionsOf = (node: SelectNode): Tile[] => node.currentState.valueOptions.map(({ value, label }) => ({ value, words: label.asString }));

function Incident({ form, nodes, telephone }: Asked & { telephone: string }) {
  const [nature, danger] = [nodes.get("nature") as SelectNode | undefined, nodes.get("danger") as SelectNode | undefined];
  if (nature?.nodeType !== "select" || danger?.nodeType !== "select") return <FirstQuestions form={form} nodes={nodes} />;
  return (
    <>
      <Ask id="nature" number={1} words={t("What is it?")} />
      <Tiles node={nature} form={form} label="ask-nature" tiles={kindsOf(nature)} />
      <Ask id="danger" number={2} words={t("Is anyone in danger now?")} />
      <div class="danger">
        <Tiles node={danger} form={form} label="ask-danger" tiles={optionsOf(danger)} />
      </div>
      {danger.isSelected("yes") && (
        <div class="far" role="status">
          <span>{t("First get to a safe place. Sending can wait.")}</span>
          {telephone && (
            <a class="btn" href={`tel:${telephone.replace(/[^\d+]/g, "")}`}>
              {t("Call")}
            </a>
          )}
        </div>
      )}
    </>
  );
}

/** Who says that somebody refused says that the door stayed shut, unless it was otherwise. */
function Denied({ form, nodes }: Asked) {
  const [by, access] = [nodes.get("refused_by") as SelectNode | undefined, nodes.get("access") as SelectNode | undefined];
  if (by?.nodeType !== "select" || access?.nodeType !== "select") return <FirstQuestions form={form} nodes={nodes} />;
  const refused = (value: string) => {
    by.selectValue(value);
    if (access.currentState.value.length === 0) access.selectValue("denied");
  };
  const ways = optionsOf(access).filter((each) => each.value !== "not_observed");
  const sorted = [...ways].sort((a, b) => Number(b.value === "denied") - Number(a.value === "denied"));
  return (
    <>
      <Ask id="refused_by" number={1} words={t("Who did not let you in?")} />
      <Tiles node={by} form={form} label="ask-refused_by" tiles={optionsOf(by)} choose={refused} />
      <h2 class="ask" id="ask-access">
        {t("If it was otherwise")}
      </h2>
      <Tiles node={access} form={form} label="ask-access" tiles={sorted} />
    </>
  );
}

/** Of a checklist of the mission's own: the questions that come first in it. */
function FirstQuestions({ form, nodes }: Asked) {
  const names = (URGENT[form.draft.checklist] ?? []).flatMap((name) => [name, knownOf(name)]);
  const first = names.flatMap((name) => nodes.get(name) ?? []);
  return <Questions nodes={first.length > 0 ? first : (form.sections[0]?.nodes ?? [])} form={form} />;
}
