import { LookalikeError } from "../../../core/index.ts";
import type { Template } from "../types.ts";
import { arrangementOf, type OwnLayout } from "./arrange.ts";
import { type Attributes, TAGS, type TagName } from "./schema.ts";
import { readTags, type Tag } from "./tags.ts";

/**
 * Templates as tags: `<template>` contains `<layout>`s, each with one `<photo>`, one `<copy>` and at most one
 * `<ground>`. A template is data: nothing of it is run.
 *
 * @throws ERR_TEMPLATE_INVALID with the line
 */
export function readMarkup(text: string, path: string): Template {
  const refuse: Refuse = (tag, problem) =>
    invalid(path, tag === null ? problem : `line ${tag.line}, <${tag.name}>: ${problem}`);
  const tags = readTags(text, (line, problem) => invalid(path, `line ${line}: ${problem}`));
  const [root, ...inner] = tags;
  if (root?.name !== "template") throw refuse(root ?? null, "expected <template> first");
  const { id, voice } = attributesOf(root, "template", refuse);
  const layouts = groupLayouts(inner, refuse).map((group) => readLayout(group, refuse));
  if (layouts.length === 0) throw refuse(root, "expected at least one <layout>");
  return { id, voice, arrange: (canvas) => layouts.flatMap((layout) => arrangementOf(layout, canvas)) };
}

type Refuse = (tag: Tag | null, problem: string) => LookalikeError;

interface Group {
  readonly layout: Tag;
  readonly parts: Map<string, Tag>;
}

/** Each layout with the tags inside of it. */
function groupLayouts(tags: readonly Tag[], refuse: Refuse): readonly Group[] {
  const groups: Group[] = [];
  for (const tag of tags) {
    if (tag.name === "layout") {
      groups.push({ layout: tag, parts: new Map() });
      continue;
    }
    const open = groups.at(-1);
    if (open === undefined) throw refuse(tag, "expected inside a <layout>");
    if (!Object.hasOwn(TAGS, tag.name) || tag.name === "template") {
      throw refuse(tag, `expected one of ${Object.keys(TAGS).slice(1).join(", ")}`);
    }
    if (open.parts.has(tag.name)) throw refuse(tag, "expected once in a <layout>");
    open.parts.set(tag.name, tag);
  }
  return groups;
}

function readLayout({ layout, parts }: Group, refuse: Refuse): OwnLayout {
  const [photo, ground, copy] = [parts.get("photo"), parts.get("ground"), parts.get("copy")];
  if (photo === undefined || copy === undefined) throw refuse(layout, "expected one <photo> and one <copy>");
  return {
    layout: attributesOf(layout, "layout", refuse),
    photo: attributesOf(photo, "photo", refuse),
    ground: ground === undefined ? null : attributesOf(ground, "ground", refuse),
    copy: attributesOf(copy, "copy", refuse),
  };
}

function attributesOf<Name extends TagName>(tag: Tag, name: Name, refuse: Refuse): Attributes<Name> {
  const parsed = TAGS[name].safeParse(Object.fromEntries(tag.attributes));
  if (parsed.success) return parsed.data as Attributes<Name>;
  const [issue] = parsed.error.issues;
  const [attribute] = issue?.path ?? [];
  const value = attribute === undefined ? null : tag.attributes.get(String(attribute));
  const received = value == null ? "" : ` but received "${value}"`;
  throw refuse(tag, `${attribute === undefined ? "" : `${String(attribute)}: `}${issue?.message}${received}`);
}

/** @param problem where it is, and what is wrong */
export function invalid(path: string, problem: string): LookalikeError {
  return new LookalikeError("ERR_TEMPLATE_INVALID", `Expected a template in ${path}: ${problem}`, {
    hint: "See docs/templates.md for the tags and attributes of a template.",
  });
}
