// Reading what is stored, again whenever it changed.
import { useEffect, useState } from "preact/hooks";
import { changed, unlessLocked } from "../sync/keeper.ts";

export function useStored<T>(read: () => Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  const count = changed.value;
  useEffect(() => {
    let current = true;
    void read().then((found) => current && setValue(found), unlessLocked);
    return () => {
      current = false;
    };
  }, [count]);
  return value;
}
