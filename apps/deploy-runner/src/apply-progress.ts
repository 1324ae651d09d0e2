/** One line for each resource that apply has finished with, e.g. `aws_vpc.main: Creation complete after 3s [id=...]`. */
const DONE = /^\S.*: (?:Creation|Modifications|Destruction) complete after \d/;

/** Counts the resources that apply has finished with; data sources are not among them, as in a plan's counts. */
export interface ApplyProgress {
  /** Whole lines. */
  push(text: string): void;
  /** e.g. `12/40`; null where the total is not known. */
  describe(): string | null;
}

export function createApplyProgress(total: number | null): ApplyProgress {
  let done = 0;
  return {
    push(text) {
      done += text.split("\n").filter((line) => DONE.test(line)).length;
    },
    describe: () => (total === null ? null : `${Math.min(done, total)}/${total}`),
  };
}
