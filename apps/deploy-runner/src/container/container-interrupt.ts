import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerCli } from "./container-cli.ts";
import { catchesInterrupts, findTerraform, signalProcess } from "./terraform-processes.ts";

export interface Interrupter {
  /** Each call is one more interrupt for every Terraform process of the container. */
  interrupt(): void;
  end(): void;
}

const LOOK_MS = 100;

/**
 * Interrupts Terraform in a container. A program around it, such as a shell as the container's first process, hears
 * nothing: it could end before Terraform has stored its state. And it may start Terraform once more, to try again: every
 * Terraform that comes up after an interrupt gets it as well.
 */
export function createInterrupter(cli: ContainerCli, name: string, closed: Promise<unknown>): Interrupter {
  /** How many interrupts each process has had. */
  const had = new Map<number, number>();
  let wanted = 0;
  let over = false;
  let watching = false;

  async function watch(): Promise<void> {
    const init = await waitForInit();
    while (!over && init !== null) {
      for (const id of await findTerraform(init)) await deliver(id);
      await sleep(LOOK_MS);
    }
  }

  async function deliver(id: number): Promise<void> {
    const before = had.get(id) ?? 0;
    if (before >= wanted || !(await catchesInterrupts(id))) return;
    // One at a time: two at once would be one for it.
    had.set(id, before + 1);
    signalProcess(id, "SIGINT");
  }

  /** The host's id of the container's first process, once it has one. */
  async function waitForInit(): Promise<number | null> {
    while (!over) {
      const { code, stdout } = await cli.call(["container", "inspect", "--format", "{{.State.Pid}}", name]);
      const id = code === 0 ? Number(stdout.trim()) : 0;
      if (id > 0) return id;
      await sleep(LOOK_MS);
    }
    return null;
  }

  function end(): void {
    over = true;
  }

  void closed.then(end);
  return {
    interrupt() {
      wanted += 1;
      if (watching) return;
      watching = true;
      // What the engine can not tell now, the kill after the time of grace does not need.
      watch().catch(end);
    },
    end,
  };
}
