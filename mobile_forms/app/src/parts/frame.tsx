// What stands around every screen but the form: who, the network, the way to the others.
import type { ComponentChildren } from "preact";
import { go, screen } from "../route.ts";
import { link, unsent } from "../sync/keeper.ts";
import type { Me } from "../store/nouns.ts";
import { day, t } from "../words.ts";
import { Alarms } from "./Alarms.tsx";
import { LockButton } from "./LockButton.tsx";
import { Bars, House, Mark, Sending, Sheet } from "./icons.tsx";

export type KeepState = "none" | "draft" | "" | "half" | "full";

/** The mark of keeping. The word beside it says the same. */
export const Keep = ({ state }: { state: KeepState }) => <span class={`keep ${state}`} aria-hidden="true" />;

export function Network() {
  return link.value === "offline" ? <span class="net">{t("No network")}</span> : null;
}

export function Head({ me, team = [] }: { me: Me | undefined; team?: string[] }) {
  return (
    <header>
      <Mark />
      <div>
        <div class="who">
          {me?.pseudonym ? t("Observer {name}", { name: me.pseudonym }) : "Indelible"}
        </div>
        <div class="under">
          {team.length > 0 && `${t("With {names}", { names: team.join(", ") })}. `}
          {me ? pledged(me) : ""}
        </div>
        {me?.accreditation?.number && (
          <div class="under">
            {t("Accreditation")} <bdi>{me.accreditation.number}</bdi>
          </div>
        )}
      </div>
      <Network />
      <LockButton />
    </header>
  );
}

function pledged(me: Me): string {
  if (!me.pledged_at) return t("Pledge not signed yet");
  return t("Pledge signed {day}", { day: day(me.pledged_at) });
}

export function Tabs({ drafts }: { drafts: number }) {
  const tab = (name: "day" | "drafts" | "outbox" | "more", word: string, icon: ComponentChildren, count = 0) => (
    <a
      href={`#${name}`}
      aria-current={screen.value.name === name ? "page" : undefined}
      onClick={(event) => {
        event.preventDefault();
        go({ name });
      }}
    >
      {icon}
      {word}
      {count > 0 && <b>{count}</b>}
    </a>
  );
  return (
    <>
      <Alarms />
      <nav class="tabs" aria-label={t("Pages")}>
        {tab("day", t("Day"), <House />)}
        {tab("drafts", t("Drafts"), <Sheet />, drafts)}
        {tab("outbox", t("Outbox"), <Sending />, unsent.value)}
        {tab("more", t("More"), <Bars />)}
      </nav>
    </>
  );
}
