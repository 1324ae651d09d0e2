/** The clock of a sandbox machine: the computer's own, moved by an offset that may change while it runs. */
export interface ShiftedDate {
  setOffset(milliseconds: number): void;
}

/**
 * Replaces this process's `Date` by one that is off by so many milliseconds. For processes that play a machine of the
 * sandbox: the programs in them are the real ones and know of no other clock.
 */
export function installShiftedDate(offsetMs: number): ShiftedDate {
  const RealDate = globalThis.Date;
  let offset = offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct(target, args, newTarget) {
      const moment = args.length === 0 ? [target.now() + offset] : args;
      return Reflect.construct(target, moment, newTarget === globalThis.Date ? target : newTarget);
    },
    apply: (target) => new target(target.now() + offset).toString(),
    get: (target, key, receiver) =>
      key === "now"
        ? () => target.now() + offset
        : Reflect.get(target, key, receiver === globalThis.Date ? target : receiver),
  });
  return {
    setOffset(milliseconds) {
      offset = milliseconds;
    },
  };
}
