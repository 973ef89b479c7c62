import type { ComponentChildren } from "preact";
import type { PhotoView } from "../review/schemas.ts";

/** A photo with the boxes and landmarks of its faces drawn over it. */
export function PhotoWithFaces({
  photo,
  leading = null,
  children,
}: {
  readonly photo: PhotoView;
  /** Index of the leading face; null: none is chosen. */
  readonly leading?: number | null;
  readonly children?: ComponentChildren;
}) {
  const { width, height, faces } = photo;
  const line = Math.max(width, height) / 300;
  return (
    <div class="photo">
      <img src={photo.image} alt={`${photo.name}, ${faces.length} faces`} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {faces.map(({ box, landmarks }, index) => (
          <g key={`${box.x} ${box.y}`}>
            <rect
              {...{ x: box.x, y: box.y, width: box.width, height: box.height }}
              stroke-width={index === leading ? line * 3 : line}
              class={index === leading ? "box leads" : "box"}
              data-face={index}
            />
            {landmarks.map(([x, y]) => (
              <circle key={`${x} ${y}`} cx={x} cy={y} r={line * 0.8} class="dot" />
            ))}
          </g>
        ))}
      </svg>
      {children}
    </div>
  );
}

/** Index of the face at a pointer; -1: none. The target of a captured pointer is another element. */
export function faceAtPointer({ clientX, clientY }: PointerEvent): number {
  const box = document.elementFromPoint(clientX, clientY)?.closest("[data-face]");
  return Number(box?.getAttribute("data-face") ?? -1);
}
