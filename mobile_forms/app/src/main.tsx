import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../../../schemas/design/tokens.css";
import "./app.css";
import { isOpen } from "./form/open.ts";
import { screen } from "./route.ts";
import { Day } from "./screens/Day.tsx";
import { Drafts } from "./screens/Drafts.tsx";
import { Enrol } from "./screens/Enrol.tsx";
import { Finish } from "./screens/Finish.tsx";
import { Form } from "./screens/Form.tsx";
import { More } from "./screens/More.tsx";
import { Outbox } from "./screens/Outbox.tsx";
import { get } from "./store/database.ts";
import { keep } from "./sync/keeper.ts";
import { applyLanguage, language } from "./words.ts";

function App() {
  const [enrolled, setEnrolled] = useState<boolean>();
  const shown = screen.value;
  language.value;
  useEffect(() => {
    void get("self", "token").then((token) => setEnrolled(token !== undefined));
  }, [shown]);
  if (enrolled === undefined) return null;
  if (shown.name === "enrol" || !enrolled) return <Enrol code={shown.name === "enrol" ? shown.code : undefined} />;
  if (shown.name === "form") return <Form key={shown.draft} id={shown.draft} />;
  if (shown.name === "finish") return <Finish key={shown.draft} id={shown.draft} />;
  if (shown.name === "drafts") return <Drafts />;
  if (shown.name === "outbox") return <Outbox />;
  if (shown.name === "more") return <More />;
  return <Day />;
}

/** A new version of the app takes over only while no form is open. */
async function install(): Promise<void> {
  const registration = await navigator.serviceWorker?.register("/field/sw.js", { scope: "/field/" });
  const offer = () => {
    if (registration?.waiting && !isOpen()) registration.waiting.postMessage("take over");
  };
  registration?.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  setInterval(offer, 60_000);
}

applyLanguage();
render(<App />, document.getElementById("app")!);
keep();
void install();
