import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { ActionPreview } from "./action-preview.tsx";
import { COMMAND_MEANINGS, COMMAND_WORDS } from "./allowed-commands.ts";
import type { ActView, BoardWish } from "./api.ts";
import { type Answer, previewWish, sendWish } from "./api-client.ts";
import { type ActionTarget, useBoardContext } from "./board-context.ts";
import { HoldFields } from "./hold-fields.tsx";
import { type HoldAt, makeWish, type WishInput } from "./make-wish.ts";
import { Modal } from "./modal.tsx";
import type { SentControl } from "./track-control.ts";

interface ActionDialogProps {
  readonly target: ActionTarget;
  /** With what was sent; null where nothing was. */
  readonly onDone: (sent: SentControl | null) => void;
}

/** What an action would do, why, and in guarded areas whether it is really meant. */
export function ActionDialog({ target, onDone }: ActionDialogProps): VNode {
  const { board } = useBoardContext();
  const { area, image, command } = target;
  // The same wish sent twice acts once.
  const id = useMemo(() => crypto.randomUUID(), []);
  const [at, setAt] = useState<HoldAt>({
    kind: target.digest === undefined ? "live" : "digest",
    text: target.digest ?? "",
  });
  const [reason, setReason] = useState("");
  const [confirmed, setConfirmed] = useState("");
  const { answer, failure, isSending, send } = useSending({ target, at, id }, onDone);
  const isGuarded = board.guarded.includes(area);
  const isAllowed = !isGuarded || confirmed.trim() === area;
  const hasEffect = answer?.kind === "value" && answer.value.kind === "planned";
  const submit = (event: Event) => {
    event.preventDefault();
    if (isAllowed && hasEffect && reason.trim() !== "") send(reason.trim());
  };
  return (
    <Modal title={`${COMMAND_WORDS[command].replace("…", "")}: ${image ?? area}`} onClose={() => onDone(null)}>
      <form class="action" onSubmit={submit}>
        <p>
          {image !== null && (
            <>
              In <strong>{area}</strong>.{" "}
            </>
          )}
          {COMMAND_MEANINGS[command]}
        </p>
        {command === "hold" && <HoldFields at={at} onAt={setAt} />}
        <ActionPreview answer={answer} />
        <label>
          <span>Reason</span>
          <textarea
            required
            rows={2}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
            aria-describedby="reason-note"
          />
          <span id="reason-note" class="quiet">
            Kept with who you are, for everybody who looks at this later.
          </span>
        </label>
        {isGuarded && (
          <label>
            <span>
              {area} is guarded: type <strong>{area}</strong> to go on
            </span>
            <input
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={confirmed}
              onInput={({ currentTarget }) => setConfirmed(currentTarget.value)}
            />
          </label>
        )}
        {failure !== null && (
          <p class="note is-bad" role="alert">
            {failure}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={() => onDone(null)}>
            Leave it
          </button>
          <button
            type="submit"
            class="primary"
            disabled={!isAllowed || !hasEffect || isSending || reason.trim() === ""}
          >
            {COMMAND_WORDS[command].replace("…", "")}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface Sending {
  /** What the wish would do; null while that is being asked. */
  readonly answer: Answer<ActView> | null;
  readonly failure: string | null;
  readonly isSending: boolean;
  readonly send: (reason: string) => void;
}

function useSending(input: Omit<WishInput, "reason">, onDone: ActionDialogProps["onDone"]): Sending {
  const [answer, setAnswer] = useState<Answer<ActView> | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const { at, target } = input;
  useEffect(() => {
    let isCurrent = true;
    setAnswer(null);
    // Nobody has said why yet, and nothing is sent.
    const wish = makeWish({ ...input, reason: "preview" });
    if (wish !== null) void previewWish(wish).then((next) => isCurrent && setAnswer(next));
    return () => {
      isCurrent = false;
    };
  }, [target, at.kind, at.text]);

  async function sendNow(wish: BoardWish): Promise<void> {
    setSending(true);
    const sent = await sendWish(wish);
    setSending(false);
    if (sent.kind === "failure") return setFailure(sent.error.text);
    if (sent.value.kind === "nothing-to-do") return setFailure(sent.value.because ?? "It would change nothing.");
    onDone(sentControl(wish, sent.value));
  }

  const send = (reason: string) => {
    const wish = makeWish({ ...input, reason });
    if (wish !== null) void sendNow(wish);
  };
  return { answer, failure, isSending, send };
}

function sentControl({ command, image, area }: BoardWish, { control }: ActView): SentControl {
  const title = image === null ? `${command} ${area}` : `${command} ${image} in ${area}`;
  return { id: control.id, area, title, at: control.at, progress: "sent" };
}
