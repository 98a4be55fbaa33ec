// A form that cannot be opened here: why, and the way on.
import { OpenElsewhere } from "../form/holding.ts";
import { takeOver } from "../form/open.ts";
import { go } from "../route.ts";
import { t } from "../words.ts";

export function Lost({ error, id }: { error: Error; id: string }) {
  if (error instanceof OpenElsewhere) return <Elsewhere id={id} />;
  const gone = error.name === "Gone";
  return (
    <main class="enrol">
      <h1>{gone ? t("This draft is not here any more") : t("This form cannot be opened")}</h1>
      <p>{gone ? t("It was sent or deleted, perhaps in another window. What was sent stands on the day and in the outbox.") : t("What was answered is still on this phone.")}</p>
      {!gone && (
        <p class="hint" dir="ltr">
          {error.message}
        </p>
      )}
      <BackToDay main />
    </main>
  );
}

function Elsewhere({ id }: { id: string }) {
  return (
    <main class="enrol">
      <h1>{t("This draft is open in another window")}</h1>
      <p>{t("Go on there, or here: then nothing more is written there. What was answered so far is kept.")}</p>
      <button class="btn main" onClick={() => takeOver(id)}>
        {t("Go on here")}
      </button>
      <BackToDay />
    </main>
  );
}

const BackToDay = ({ main = false }: { main?: boolean }) => (
  <button class={main ? "btn main" : "btn"} onClick={() => go({ name: "day" })}>
    {t("Back to the day")}
  </button>
);
