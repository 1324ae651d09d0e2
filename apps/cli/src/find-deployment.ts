import type { AccountMapping } from "@windlass/account-mapping";
import { type Deployment, type DeploymentId, deploymentIdSchema, type Ledger } from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { type OpenArea, openArea } from "./open-area.ts";
import { newest } from "./read-history.ts";
import { chooseAreas, unknownName } from "./require-name.ts";

/** A deployment and the area that it is of. */
export interface FoundDeployment {
  readonly open: OpenArea;
  readonly deployment: Deployment;
  readonly ledger: Ledger;
}

export interface DeploymentToFind {
  readonly mapping: AccountMapping;
  /** A deployment's id; or an image: its newest deployment. */
  readonly text: string;
  readonly options: AreaOptions & { readonly area?: string };
}

/**
 * Finds a deployment in the area that is named, or in all of them. Throws `unknown-deployment`, which says what there is, and
 * `options-wrong` where several areas have one.
 */
export async function findDeployment(world: CliWorld, wanted: DeploymentToFind): Promise<FoundDeployment> {
  const { mapping, text, options } = wanted;
  const areas = chooseAreas(mapping, options.area);
  const searched = await Promise.all(areas.map(({ name }) => search(world, wanted, name)));
  const found = searched.flatMap(({ hit }) => (hit === null ? [] : [hit]));
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw unknownDeployment(text, mapping, searched);
  throw new CliError({
    code: "options-wrong",
    message: "several areas have such a deployment",
    expected: "--area <area>",
    found: `${text} in ${found.map(({ open }) => open.name).join(", ")}`,
  });
}

interface Searched {
  readonly hit: FoundDeployment | null;
  /** Deployments that the area's ledger speaks of. */
  readonly known: readonly DeploymentId[];
}

async function search(world: CliWorld, { mapping, text, options }: DeploymentToFind, area: string): Promise<Searched> {
  return searchArea(await openArea(world, { mapping, name: area, options }), text);
}

/** Finds a deployment in an area that is open. Throws `unknown-deployment`. */
export async function findInArea(open: OpenArea, text: string): Promise<FoundDeployment> {
  const searched = await searchArea(open, text);
  if (searched.hit !== null) return searched.hit;
  throw unknownDeployment(text, open.slice, [searched]);
}

async function searchArea(open: OpenArea, text: string): Promise<Searched> {
  const { store, scope, attempt, slice } = open;
  const read = await attempt(() => store.readLedger(scope));
  if (read.kind === "missing") return { hit: null, known: [] };
  const { ledger } = read;
  const id = Object.hasOwn(slice.images, text) ? newestOf(ledger, text) : asId(text);
  const known = knownIds(ledger);
  if (id === null) return { hit: null, known };
  const deployment = ledger.deployments[id] ?? (await attempt(() => store.readHistory(id)));
  return { hit: deployment === null ? null : { open, deployment, ledger }, known };
}

function asId(text: string): DeploymentId | null {
  const parsed = deploymentIdSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}

/** Whatever the ledger knows of the image last: what runs or waits, what failed, what is live. */
function newestOf(ledger: Ledger, image: string): DeploymentId | null {
  const { live, previous, block, attempts, disturbed } = ledger.images[image] ?? {};
  const recorded = [
    live?.deployment,
    previous?.deployment,
    block?.deployment,
    attempts?.last.deployment,
    disturbed?.deployment,
  ];
  const own = Object.values(ledger.deployments).filter((one) => one.image === image);
  return newest([...own.map(({ id }) => id), ...recorded.filter((id) => id !== undefined)]) ?? null;
}

function knownIds(ledger: Ledger): readonly DeploymentId[] {
  const images = Object.keys(ledger.images).flatMap((image) => newestOf(ledger, image) ?? []);
  return [...new Set([...Object.values(ledger.deployments).map(({ id }) => id), ...images])];
}

function unknownDeployment(text: string, { images }: AccountMapping, searched: readonly Searched[]): CliError {
  const known = [
    ...searched
      .flatMap((one) => one.known)
      .toSorted()
      .toReversed(),
    ...Object.keys(images),
  ];
  return unknownName({ code: "unknown-deployment", what: "deployment, and no image with one,", name: text, known });
}
