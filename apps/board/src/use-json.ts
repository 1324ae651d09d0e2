import { useCallback, useEffect, useState } from "preact/hooks";
import { type Answer, getJson } from "./api-client.ts";

interface Loaded<Value> {
  /** Null until the first answer; the last one stays while the next is on its way. */
  readonly answer: Answer<Value> | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** What the server says to a path, asked again when the path changes, or `version` does. */
export function useJson<Value>(path: string, version: unknown = null): Loaded<Value> {
  const [answer, setAnswer] = useState<Answer<Value> | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    const leaving = new AbortController();
    setLoading(true);
    void getJson<Value>(path, leaving.signal).then((next) => {
      if (leaving.signal.aborted) return;
      setAnswer(next);
      setLoading(false);
    });
    return () => leaving.abort();
  }, [path, version, round]);
  return { answer, isLoading, reload };
}
