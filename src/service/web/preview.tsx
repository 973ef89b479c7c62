import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { readAd, status } from "./api.tsx";
import type { Edit } from "./focus-edit.tsx";
import { newest } from "./order.ts";

/** An ad with an unsaved edit, drawn by the renderer of the run. */

interface PreviewProps {
  readonly hash: string;
  readonly offer: string;
  readonly adHash: string;
  readonly edit: Edit;
}

/** The same for all photos. */
const channel = signal("");
const channels = signal<readonly string[]>([]);
const loadChannels = newest(readAd, ({ creatives }) => {
  channels.value = creatives.map((creative) => creative.channel);
  if (!channels.value.includes(channel.value)) channel.value = channels.value[0] ?? "";
});

export function Preview({ hash, offer, adHash, edit }: PreviewProps) {
  useEffect(() => {
    loadChannels(adHash).catch((error: Error) => {
      status.value = error.message;
    });
  }, [adHash]);
  if (channel.value === "") return null;
  const query = new URLSearchParams({ offer, channel: channel.value });
  for (const [prefix, point] of [
    ["", edit.focus],
    ["lead_", edit.lead?.point ?? null],
  ] as const) {
    if (point === null) continue;
    query.set(`${prefix}x`, String(point[0]));
    query.set(`${prefix}y`, String(point[1]));
  }
  return (
    <figure>
      <label>
        Channel{" "}
        <select
          value={channel.value}
          onChange={(event) => {
            channel.value = event.currentTarget.value;
          }}
        >
          {channels.value.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <img
        class="preview"
        src={`/review/preview/${hash}?${query}`}
        alt="The ad with this focal point and leading face"
      />
    </figure>
  );
}
