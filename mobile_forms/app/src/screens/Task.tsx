// The desk asks about a report of mine: is it right?
import { useEffect } from "preact/hooks";
import { Top } from "../parts/Top.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { noteSeen, readDesk } from "../store/desk.ts";
import { sync } from "../sync/keeper.ts";
import { t } from "../words.ts";
import { Report } from "./Report.tsx";

export function Task({ id }: { id: string }) {
  const desk = useStored(readDesk);
  const task = desk?.tasks.find((each) => each.id === id);
  useEffect(() => {
    if (task) void noteSeen("tasks", [task]).then((noted) => noted && void sync());
  }, [task?.id]);
  if (!desk) return null;
  if (task) return <Report key={task.report} id={task.report} asked={id} />;
  return (
    <div class="form">
      <Top title={t("A question from the desk")} under="" back={() => go({ name: "day" })} />
      <main>
        <p class="empty">{t("This question is answered or closed. Nothing more to do here.")}</p>
      </main>
    </div>
  );
}
