import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../../../schemas/design/tokens.css";
import "./app.css";
import { fetchEngine, isFormOpen } from "./form/open.ts";
import { screen, type Screen } from "./route.ts";
import { Declaration } from "./screens/Declaration.tsx";
import { Day } from "./screens/Day.tsx";
import { Drafts } from "./screens/Drafts.tsx";
import { Enrol } from "./screens/Enrol.tsx";
import { Locked } from "./screens/Locked.tsx";
import { Finish } from "./screens/Finish.tsx";
import { Form } from "./screens/Form.tsx";
import { Pledge } from "./screens/Pledge.tsx";
import { More } from "./screens/More.tsx";
import { Preview } from "./screens/Preview.tsx";
import { Outbox } from "./screens/Outbox.tsx";
import { Task } from "./screens/Task.tsx";
import { Report } from "./screens/Report.tsx";
import { SetPassphrase } from "./screens/SetPassphrase.tsx";
import { Urgent } from "./screens/Urgent.tsx";
import { VaultLocked } from "./screens/VaultLocked.tsx";
import { Wrong } from "./screens/Wrong.tsx";
import { has } from "./store/database.ts";
import { vault } from "./store/keys.ts";
import { readVault, wanted } from "./store/vault.ts";
import { Safety } from "./parts/Safety.tsx";
import { watchInstall } from "./install.ts";
import { locked, watchIdle } from "./lock.ts";
import { leaveBehind, takeUp } from "./store/keeping.ts";
import { keep } from "./sync/keeper.ts";
import { applyLanguage, language, loadWords, t } from "./words.ts";
import { applySize } from "./size.ts";
import { ignoreSecondTaps } from "./taps.ts";
import { sayUnfilled } from "./unfilled.ts";
import { install } from "./update.ts";

function App() {
  const [enrolled, setEnrolled] = useState<boolean>();
  const [keeps, setKeeps] = useState(isSecureContext);
  const shown = screen.value;
  language.value;
  useEffect(() => {
    has("self", "token").then(
      (there) => setEnrolled(there),
      () => setKeeps(false),
    );
  }, [shown]);
  if (!keeps) return <Nowhere />;
  if (shown.name === "preview") return <Preview key={shown.path} path={shown.path} />;
  if (enrolled === undefined) return null;
  if (vault.value === "locked") {
    return (
      <>
        <Safety quiet />
        <VaultLocked />
      </>
    );
  }
  if (shown.name === "enrol" || !enrolled) return <Enrol key={codeIn(shown)} code={codeIn(shown)} />;
  if (locked.value) {
    return (
      <>
        <Safety quiet />
        <Locked />
      </>
    );
  }
  if (wanted.value) return <SetPassphrase />;
  return (
    <>
      <Safety />
      <Shown shown={shown} />
    </>
  );
}

function Shown({ shown }: { shown: Screen }) {
  if (shown.name === "task") return <Task key={shown.task} id={shown.task} />;
  if (shown.name === "form") return <Form key={shown.draft} id={shown.draft} />;
  if (shown.name === "finish") return <Finish key={shown.draft} id={shown.draft} />;
  if (shown.name === "urgent") return <Urgent key={shown.checklist} checklist={shown.checklist} draft={shown.draft} />;
  if (shown.name === "report") return <Report key={shown.report} id={shown.report} />;
  if (shown.name === "wrong") return <Wrong key={shown.visit} id={shown.visit} />;
  if (shown.name === "drafts") return <Drafts />;
  if (shown.name === "outbox") return <Outbox />;
  if (shown.name === "receipts") return <Outbox key={shown.address} receipts={shown.address} />;
  if (shown.name === "more") return <More />;
  if (shown.name === "pledge") return <Pledge />;
  if (shown.name === "declaration") return <Declaration />;
  return <Day />;
}

const codeIn = (shown: Screen) => (shown.name === "enrol" ? shown.code : undefined);

/** Without a place to keep reports, and hashes to prove them, the app does not pretend. */
function Nowhere() {
  return (
    <main class="enrol">
      <h1>Indelible</h1>
      <p>{t("This browser cannot keep reports here. Open the address with https, and not in a private window.")}</p>
    </main>
  );
}

/** The page goes: what is being typed becomes an answer, and what is not stored is left behind. */
function leave(): void {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  leaveBehind();
}

addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave();
});
applyLanguage();
applySize();
ignoreSecondTaps();
sayUnfilled();
watchIdle();
watchInstall();
void Promise.allSettled([readVault().then(takeUp), loadWords()])
  .then(() => render(<App />, document.getElementById("app")!))
  .then(keep);
// The first visit brings the engine at once, and then all else that works offline; later ones have it, and read it
// once the day is drawn.
if (navigator.serviceWorker?.controller) {
  setTimeout(() => void fetchEngine(), 1500);
  void install();
} else void fetchEngine().then(install);
