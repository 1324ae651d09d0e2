import { isDeepStrictEqual } from "node:util";
import { type DeploymentId, deploymentId, type Instant, toInstant } from "./identifiers.ts";
import type { Deployment, ImageRecord, Ledger, Request } from "./ledger.ts";
import type { Action, Note } from "./plan.ts";

const NEW_IMAGE: ImageRecord = {
  head: null,
  live: null,
  previous: null,
  hold: null,
  block: null,
  attempts: null,
  disturbed: null,
  dead: [],
  leaving: [],
  deployNow: null,
  shown: null,
};

/** The ledger while one tick is being planned: changes gather here, the ledger that was read stays as it is. */
export interface Draft {
  /** The image's record; an empty one where the ledger has none. */
  readonly image: (name: string) => ImageRecord;
  /** Of all images that the ledger knows. */
  readonly images: () => readonly (readonly [name: string, record: ImageRecord])[];
  readonly updateImage: (name: string, change: Partial<ImageRecord>) => void;
  readonly deployments: () => readonly Deployment[];
  /** The image's deployment that has not ended. */
  readonly activeOf: (image: string) => Deployment | undefined;
  readonly updateDeployment: (id: DeploymentId, change: Partial<Deployment>) => Deployment;
  /** Hands out the next epoch. */
  readonly addDeployment: (deployment: Omit<Deployment, "id" | "epoch">) => Deployment;
  readonly appliedControls: () => Ledger["appliedControls"];
  readonly setAppliedControls: (applied: Ledger["appliedControls"]) => void;
  readonly strays: () => Ledger["strays"];
  readonly setStrays: (strays: Ledger["strays"]) => void;
  readonly launchFailureSeen: () => Instant | null;
  readonly setLaunchFailureSeen: (at: Instant) => void;
  readonly pause: () => Request | null;
  readonly setPause: (pause: Request | null) => void;
  readonly act: (action: Action) => void;
  readonly actions: () => readonly Action[];
  readonly note: (code: string, image: string | null, message: string) => void;
  readonly notes: () => readonly Note[];
  /** The ledger to commit: the very one that was read where nothing changed and nothing is to be done. */
  readonly close: () => Ledger;
}

export function isActive(deployment: Deployment): boolean {
  return isWaiting(deployment) || isStarted(deployment);
}

export function isWaiting(deployment: Deployment): boolean {
  return deployment.state === "waiting";
}

/** Launched, and not ended. */
export function isStarted(deployment: Deployment): boolean {
  return deployment.state === "launching" || deployment.state === "running";
}

/** When a started deployment was started; what has not been counts from when it began to wait. */
export function startOf(deployment: Deployment): Instant {
  return deployment.launchedAt ?? deployment.waitingSince;
}

export function openDraft(ledger: Ledger, now: Date): Draft {
  const images = new Map(Object.entries(ledger.images));
  const deployments = new Map(Object.entries(ledger.deployments));
  const activeByImage = new Map([...deployments.values()].filter(isActive).map((one) => [one.image, one.id]));
  const actions: Action[] = [];
  const notes: Note[] = [];
  let { epoch, appliedControls, strays, launchFailureSeen, pause } = ledger;
  let changed = false;

  function store(deployment: Deployment): Deployment {
    deployments.set(deployment.id, deployment);
    if (isActive(deployment)) activeByImage.set(deployment.image, deployment.id);
    else activeByImage.delete(deployment.image);
    changed = true;
    return deployment;
  }

  function stored(id: DeploymentId): Deployment {
    const deployment = deployments.get(id);
    if (deployment === undefined) throw new TypeError(`no deployment ${id} in the ledger`);
    return deployment;
  }

  return {
    image: (name) => images.get(name) ?? NEW_IMAGE,
    images: () => [...images],
    updateImage(name, change) {
      const before = images.get(name) ?? NEW_IMAGE;
      const after = { ...before, ...change };
      if (isDeepStrictEqual(before, after)) return;
      images.set(name, after);
      changed = true;
    },
    deployments: () => [...deployments.values()],
    activeOf(image) {
      const id = activeByImage.get(image);
      return id === undefined ? undefined : stored(id);
    },
    updateDeployment(id, change) {
      const before = stored(id);
      const after = { ...before, ...change };
      return isDeepStrictEqual(before, after) ? before : store(after);
    },
    addDeployment(fields) {
      epoch += 1;
      return store({ id: deploymentId(now, epoch), epoch, ...fields });
    },
    appliedControls: () => appliedControls,
    setAppliedControls(applied) {
      if (isDeepStrictEqual(appliedControls, applied)) return;
      appliedControls = applied;
      changed = true;
    },
    strays: () => strays,
    setStrays(found) {
      if (isDeepStrictEqual(strays, found)) return;
      strays = found;
      changed = true;
    },
    launchFailureSeen: () => launchFailureSeen,
    setLaunchFailureSeen(at) {
      launchFailureSeen = at;
      changed = true;
    },
    pause: () => pause,
    setPause(request) {
      pause = request;
      changed = true;
    },
    act: (action) => void actions.push(action),
    actions: () => actions,
    note: (code, image, message) => void notes.push({ code, image, message }),
    notes: () => notes,
    // Whoever acts commits first, even when nothing else changed: an overlapping tick that read an older ledger loses
    // that commit, and so can not act on what is no longer true.
    close() {
      if (!changed && actions.length === 0) return ledger;
      return {
        ...ledger,
        epoch,
        images: Object.fromEntries(images),
        deployments: Object.fromEntries(deployments),
        appliedControls,
        strays,
        launchFailureSeen,
        pause,
        updatedAt: toInstant(now),
      };
    },
  };
}
