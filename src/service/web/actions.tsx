import { act, type Subject } from "./api.tsx";
import { question } from "./dialog.tsx";
import type { List } from "./list.tsx";

/** What a reviewer does to ads and photos: to one, or to all that a list shows. */

interface Item {
  readonly hash: string;
}

type Listed = Pick<List<Item>, "shown" | "keep">;

export interface Actions {
  approve(item: Item): void;
  reject(item: Item): void;
  undo(item: Item): void;
  comment(item: Item): void;
  assign(item: Item): void;
  /** The filters of the list are the rule. */
  approveAll(): void;
  assignAll(): void;
  undoAll(): void;
}

/** @param noun plural of the items */
export function createActions(subject: Subject, noun: string, list: Listed): Actions {
  const allShown = () => list.shown.value.map(({ hash }) => hash);
  const askAssignee = (title: string, hashes: string[]) => {
    question.value = {
      title,
      label: "Name of the reviewer, as on their key",
      button: "Assign",
      onText: (assignee) => void act(subject, { action: "assign", hashes, assignee }),
    };
  };
  return {
    approve({ hash }) {
      list.keep(hash);
      void act(subject, { action: "approve", hashes: [hash] });
    },
    reject({ hash }) {
      question.value = {
        title: "Request changes",
        label: "What must change?",
        button: "Request changes",
        onText: (text) => {
          list.keep(hash);
          void act(subject, { action: "reject", hashes: [hash], text });
        },
      };
    },
    undo: ({ hash }) => void act(subject, { action: "undo", hashes: [hash] }),
    comment({ hash }) {
      question.value = {
        title: "Comment",
        label: "Comment",
        button: "Add",
        onText: (text) => void act(subject, { action: "comment", hashes: [hash], text }),
      };
    },
    assign: ({ hash }) => askAssignee("Assign", [hash]),
    approveAll() {
      const hashes = allShown();
      if (hashes.length === 0) return;
      question.value = {
        title: `Approve ${hashes.length} ${noun}`,
        label: "Why may all of these be published?",
        button: `Approve ${hashes.length}`,
        onText: (text) => void act(subject, { action: "approve", hashes, text }),
      };
    },
    assignAll() {
      const hashes = allShown();
      if (hashes.length > 0) askAssignee(`Assign ${hashes.length} ${noun}`, hashes);
    },
    undoAll() {
      const hashes = allShown();
      if (hashes.length === 0) return;
      question.value = {
        title: `Undo the last change of ${hashes.length} ${noun}`,
        label: "Why?",
        button: "Undo",
        onText: (text) => void act(subject, { action: "undo", hashes, text }),
      };
    },
  };
}

/** Buttons that act on all items of a list. */
export function BulkButtons({ actions, isEmpty }: { readonly actions: Actions; readonly isEmpty: boolean }) {
  return (
    <>
      <button type="button" onClick={actions.approveAll} disabled={isEmpty}>
        Approve all shown
      </button>
      <button type="button" onClick={actions.assignAll} disabled={isEmpty}>
        Assign all shown
      </button>
      <button type="button" onClick={actions.undoAll} disabled={isEmpty}>
        Undo all shown
      </button>
    </>
  );
}
