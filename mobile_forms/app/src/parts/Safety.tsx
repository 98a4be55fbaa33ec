// The desk asks whether I am safe: that stands before everything else, and one tap answers.
import { useEffect } from "preact/hooks";
import { screen } from "../route.ts";
import { answerSafety, noteSeen, readCalls, readDesk, type ShownMessage } from "../store/desk.ts";
import { recount, sync } from "../sync/keeper.ts";
import { clock, t } from "../words.ts";
import { useStored } from "./stored.ts";

/** `quiet`: without the desk's words, for the locked screen. */
export function Safety({ quiet = false }: { quiet?: boolean }) {
  const calls = (useStored(quiet ? readCalls : readMessages) ?? []).filter((each) => each.kind === "safety");
  const open = calls.filter((each) => each.said === null);
  const answered = screen.value.name === "day" && !quiet && open.length === 0 ? calls.filter((each) => each.said !== null).slice(0, 1) : [];
  const unseen = calls.filter((each) => each.seen_at === null).map((each) => each.id);
  useEffect(() => {
    if (calls.length > 0) void noteSeen("messages", calls).then((noted) => noted && void sync());
  }, [unseen.join()]);
  return (
    <>
      {open.map((each) => (
        <Call key={each.id} call={each} />
      ))}
      {answered.map((each) => (
        <Answered key={each.id} call={each} />
      ))}
    </>
  );
}

const readMessages = async () => (await readDesk()).messages;

async function answer(call: ShownMessage, said: "safe" | "help"): Promise<void> {
  await answerSafety(call.id, said);
  await recount();
  void sync();
}

function Call({ call }: { call: ShownMessage }) {
  return (
    <section class="safety" role="alert">
      <h2>{t("Are you safe?")}</h2>
      {call.text && <p dir="auto">{call.text}</p>}
      <p class="under">{t("Call for safety from the desk, {time}", { time: clock(call.sent_at) })}</p>
      <div class="pair">
        <button class="btn main" onClick={() => void answer(call, "safe")}>
          {t("I am safe")}
        </button>
        <button class="btn help" onClick={() => void answer(call, "help")}>
          {t("I need help")}
        </button>
      </div>
    </section>
  );
}

function Answered({ call }: { call: ShownMessage }) {
  const said = call.said!;
  const safe = said.answer === "safe";
  const time = clock(said.at);
  return (
    <section class="safety answered" role="status">
      <p>
        <b>{safe ? t("You said at {time}: I am safe.", { time }) : t("You asked for help at {time}.", { time })}</b>{" "}
        {said.sent ? t("The desk has it.") : t("It is sent first when there is network.")}
        {!safe && <> {t("If you can, call your coordinator.")}</>}
      </p>
      <button class="btn" onClick={() => void answer(call, safe ? "help" : "safe")}>
        {safe ? t("I need help") : t("I am safe now")}
      </button>
    </section>
  );
}
