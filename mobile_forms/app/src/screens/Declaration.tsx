// Is there anything that could sway me, or seem to? Four questions, once.
import { useEffect, useState } from "preact/hooks";
import { Head } from "../parts/frame.tsx";
import { go } from "../route.ts";
import { get } from "../store/database.ts";
import { asksDeclaration } from "../store/gates.ts";
import type { Me } from "../store/nouns.ts";
import { declare, QUESTIONS, refreshMe, type Question } from "../sync/gates.ts";
import { t } from "../words.ts";

export function Declaration() {
  const [told, setTold] = useState<Partial<Record<Question, string>>>({});
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const something = QUESTIONS.some((each) => told[each]?.trim());

  useEffect(() => {
    const look = (me: Me | undefined) => {
      if (asksDeclaration(me?.gates)) setAsked(true);
      else go({ name: "day" }, true);
    };
    // What is stored may be of before it was accepted; without a network it is all there is.
    get<Me>("self", "me")
      .then((me) => (asksDeclaration(me?.gates) ? refreshMe().catch(() => me) : me))
      .then(look, () => setAsked(true));
  }, []);

  async function send(): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      await declare(told);
      go({ name: "day" });
    } catch {
      setProblem(t("Not sent. Try again when there is network."));
      setBusy(false);
    }
  }

  if (!asked) return <Head me={undefined} />;
  return (
    <>
      <Head me={undefined} />
      <main class="enrol">
        <h1>{t("Declaration of interests")}</h1>
        <p>{t("Write beneath a question only if there is something to say. What could seem to sway you is enough.")}</p>
        {problem && (
          <p class="check" role="alert">
            {problem}
          </p>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {QUESTIONS.map((each) => (
            <label class="field" key={each}>
              <span>{wording(each)}</span>
              <textarea
                class="text"
                dir="auto"
                maxLength={4000}
                value={told[each] ?? ""}
                onInput={(event) => setTold({ ...told, [each]: event.currentTarget.value })}
              />
            </label>
          ))}
          <button class="btn main" disabled={busy}>
            {busy ? t("One moment") : something ? t("Declare this") : t("I have nothing to declare")}
          </button>
        </form>
        <p>
          <a class="link" href="#day">{t("Later")}</a>
        </p>
        <p class="q">{t("Somebody reads it. Meanwhile your reports are kept, and counted once it is accepted.")}</p>
      </main>
    </>
  );
}

function wording(question: Question): string {
  if (question === "benefit") return t("Do you have any economic benefit from a party, a candidate or a donor?");
  if (question === "ties") return t("Are you a close relative of a contestant, or do you depend on one?");
  if (question === "sponsored") return t("Have you observed before, paid for by somebody with a stake in the result?");
  return t("Were you ever excluded from observing?");
}
