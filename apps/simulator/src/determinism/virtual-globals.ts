/**
 * Takes the machine's clock, timers and randomness away from everything in this process: what asks for them gets those of
 * the simulation under way. Imported before anything else, since some modules keep what they find when they are loaded.
 */
import crypto, { type KeyObject } from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import timersPromises from "node:timers/promises";

/** The simulation's time and chance. */
export interface VirtualTime {
  now(): number;
  schedule(delayMs: number, fn: () => void): () => void;
  random(): number;
}

const RealDate = globalThis.Date;
let current: VirtualTime = { now: () => 0, schedule: () => () => {}, random: () => 0.5 };
let installed = false;

/** Whatever is asked for from now on is of this simulation. */
export function useVirtualTime(time: VirtualTime): void {
  current = time;
}

/** Milliseconds of the machine, for measuring speed only. */
export function machineNow(): number {
  return RealDate.now();
}

export function installVirtualGlobals(): void {
  if (installed) return;
  installed = true;
  globalThis.Date = virtualDate();
  installTimers();
  installRandomness();
  // An SDK client reads the machine's AWS configuration with its first call: there is none here, and no file is waited for.
  fs.promises.readFile = (() =>
    Promise.reject(Object.assign(new Error("ENOENT"), { code: "ENOENT" }))) as typeof fs.promises.readFile;
  syncBuiltinESMExports();
}

function virtualDate(): DateConstructor {
  function VirtualDate(...args: readonly unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(current.now()).toString();
    const moment = args.length === 0 ? [current.now()] : args;
    return Reflect.construct(RealDate, moment, new.target === Virtual ? RealDate : new.target) as Date;
  }
  const Virtual = VirtualDate as unknown as DateConstructor;
  Object.defineProperty(Virtual, "prototype", { value: RealDate.prototype });
  return Object.assign(Virtual, { now: () => current.now(), parse: RealDate.parse, UTC: RealDate.UTC });
}

function installTimers(): void {
  const setTimer = (fn: (...args: readonly unknown[]) => void, ms = 0, ...args: readonly unknown[]) =>
    handleOf(current.schedule(Math.max(0, Number(ms) || 0), () => fn(...args)));
  globalThis.setTimeout = setTimer as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((handle: { cancel?: () => void } | undefined) =>
    handle?.cancel?.()) as typeof clearTimeout;
  // Only libraries' own housekeeping repeats itself: between two invocations a function does not even run.
  globalThis.setInterval = (() => handleOf(() => {})) as unknown as typeof setInterval;
  globalThis.clearInterval = (() => {}) as typeof clearInterval;
  timersPromises.setTimeout = waitVirtually as typeof timersPromises.setTimeout;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    current.schedule(ms, () => controller.abort(new DOMException("The operation timed out", "TimeoutError")));
    return controller.signal;
  };
}

function handleOf(cancel: () => void) {
  const handle = {
    cancel,
    ref: () => handle,
    unref: () => handle,
    hasRef: () => false,
    refresh: () => handle,
    close: cancel,
    [Symbol.dispose ?? Symbol.for("dispose")]: cancel,
  };
  return handle;
}

function waitVirtually<T>(ms = 0, value?: T, options: { readonly signal?: AbortSignal } = {}): Promise<T> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const fail = () => reject(Object.assign(new Error("The operation was aborted"), { name: "AbortError" }));
    if (signal?.aborted) return fail();
    const cancel = current.schedule(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve(value as T);
    });
    function abort(): void {
      cancel();
      fail();
    }
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function installRandomness(): void {
  Math.random = () => current.random();
  const randomUUID = () => uuidFrom(() => current.random());
  crypto.randomUUID = randomUUID as typeof crypto.randomUUID;
  Object.defineProperty(Object.getPrototypeOf(globalThis.crypto), "randomUUID", { value: randomUUID });
  Object.defineProperty(Object.getPrototypeOf(globalThis.crypto), "getRandomValues", {
    value: <T extends Uint8Array>(into: T): T => into.fill(Math.floor(current.random() * 256)),
  });
  installSigning();
}

function uuidFrom(random: () => number): string {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

type Key = Parameters<typeof crypto.KeyObject.from>[0];

/** Web Crypto works in threads, whose end no queue can order: the same is done here at once. */
function installSigning(): void {
  const prototype = Object.getPrototypeOf(globalThis.crypto.subtle) as object;
  const opened = new WeakMap<Key, KeyObject>();
  function open(key: Key): KeyObject {
    const known = opened.get(key) ?? crypto.KeyObject.from(key);
    opened.set(key, known);
    return known;
  }
  Object.defineProperty(prototype, "sign", {
    value: async (_algorithm: unknown, key: Key, data: Uint8Array) => crypto.sign("sha256", data, open(key)),
  });
  Object.defineProperty(prototype, "verify", {
    value: async (_algorithm: unknown, key: Key, signature: Uint8Array, data: Uint8Array) =>
      crypto.verify("sha256", data, open(key), signature),
  });
}
