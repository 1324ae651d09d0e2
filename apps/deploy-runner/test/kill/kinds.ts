import { setTimeout as wait } from "node:timers/promises";
import { CONTAINER_HOST } from "@windlass/containers";
import { ACCOUNT, REGION } from "../support/records.ts";
import { type Instance, signalRunner } from "./instances.ts";
import type { KillArea } from "./kill-area.ts";
import { cutNetwork } from "./network-loss.ts";
import type { Random } from "./random.ts";

/** What strikes. */
export const KINDS = ["machine", "runner", "sigterm", "network-while", "network"] as const;
export type Kind = (typeof KINDS)[number];

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  machine: "SIGKILL of everything",
  runner: "SIGKILL of the runner",
  sigterm: "SIGTERM",
  "network-while": "no network for a while",
  network: "no network any more",
};

export interface Strike {
  readonly area: KillArea;
  readonly instance: Instance;
  readonly random: Random;
}

/** Strikes, and resolves once time may pass for AWS. Whoever comes too late finds nothing to strike. */
export async function strike(kind: Kind, { area, instance, random }: Strike): Promise<void> {
  if (area.instances.on() !== instance) return;
  switch (kind) {
    case "machine":
      instance.silent = true;
      area.instances.machine.powerOff();
      // Either the hardware is gone, which EC2 notices, or the system hangs, which only the lease tells.
      if (random.chance(0.5)) area.sandbox.account(ACCOUNT).ec2(REGION).interrupt(instance.id);
      return;
    case "runner":
      instance.silent = true;
      signalRunner(instance, "SIGKILL");
      await wait(random.between(0, 2_000));
      return;
    case "sigterm":
      signalRunner(instance, "SIGTERM");
      return;
    case "network-while": {
      const restore = cutNetwork(CONTAINER_HOST, area.port);
      instance.atEnd.push(restore);
      await wait(random.between(300, 4_000));
      restore();
      return;
    }
    case "network": {
      instance.atEnd.push(cutNetwork(CONTAINER_HOST, area.port));
      await wait(random.between(0, 5_000));
      instance.silent = true;
    }
  }
}
