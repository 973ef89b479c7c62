import type { AttributePattern, LanguageRules } from "./pattern.ts";

const BELIEFS = "christian|catholic|protestant|muslim|jewish|hindu|sikh|buddhist|atheist";
const ORIGINS = "black|white|asian|african|arab|hispanic|latina|latino|indigenous|immigrant|refugee";
const ORIENTATIONS = "gay|lesbian|bisexual|queer|trans|transgender|non-binary|straight";
const HEALTH =
  "disabled|diabetic|depressed|anxious|obese|overweight|pregnant|infertile|addicted|autistic|deaf|blind";
const FINANCES = "broke|bankrupt|in debt|unemployed|jobless|homeless|on benefits|struggling financially";
const RECORDS = "a felon|convicted|an ex-convict|a union member|a trade unionist";
const AGES = "old|elderly|retired|a pensioner|a senior|a teenager|middle-aged|\\d{2}(?: years old)?";

/** "you are", "are you" and the like, in front of an attribute. */
const ADDRESS = "(?:are you|you are|you['’]re|as an?|for|fellow|meet(?: other)?|other)(?: an?)?";

const addressed = (words: string) => new RegExp(`\\b${ADDRESS} (?:${words})\\b`, "i");

const ATTRIBUTES: readonly AttributePattern[] = [
  { attribute: "the reader's age", pattern: /\b(?:at|for|because of) your age\b|\byour (?:age|birthday)\b/i },
  {
    attribute: "the reader's age",
    pattern:
      /\b(?:in|into) your (?:teens|[2-9]0['’]?s|twenties|thirties|forties|fifties|sixties|seventies)\b/i,
  },
  { attribute: "the reader's age", pattern: /\bjust turned \d{2}\b/i },
  {
    attribute: "the reader's age",
    pattern: new RegExp(`\\b(?:are you|you are|you['’]re)(?: an?)? (?:${AGES})\\b(?! ?%)`, "i"),
  },
  { attribute: "the reader's belief", pattern: addressed(BELIEFS) },
  {
    attribute: "the reader's origin",
    pattern: new RegExp(
      `\\b(?:are you|you are|you['’]re|meet(?: other)?|fellow)(?: an?)? (?:${ORIGINS})\\b`,
      "i",
    ),
  },
  { attribute: "the reader's sexual orientation", pattern: addressed(ORIENTATIONS) },
  { attribute: "the reader's health", pattern: addressed(HEALTH) },
  {
    attribute: "the reader's health",
    pattern:
      /\byour (?:disability|illness|condition|diabetes|depression|anxiety|weight problem|pregnancy|infertility|addiction|hearing loss)\b/i,
  },
  { attribute: "the reader's finances", pattern: addressed(FINANCES) },
  {
    attribute: "the reader's finances",
    pattern: /\byour (?:debts?|bankruptcy|bad credit|poor credit|money problems)\b/i,
  },
  { attribute: "the reader's record or membership", pattern: addressed(RECORDS) },
  {
    attribute: "the reader's record or membership",
    pattern: /\byour (?:criminal record|conviction|union membership|vote)\b/i,
  },
  {
    attribute: "the reader's looks",
    pattern:
      /\byour (?:face|look-?alike|doppelg[aä]nger|twin|skin colou?r)\b|\blooks? (?:just |exactly |a lot )?like you\b/i,
  },
];

const SUSPECTS: readonly AttributePattern[] = [
  { attribute: "something about the reader", pattern: /\bbecause you(?:['’]re| are)\b/i },
  {
    attribute: "something about the reader",
    pattern: /\b(?:people|women|men|parents|customers) like you\b/i,
  },
  { attribute: "something about the reader", pattern: /\bwe know (?:that )?you(?:['’]re| are| have)?\b/i },
];

export const ENGLISH: LanguageRules = { language: "en", attributes: ATTRIBUTES, suspects: SUSPECTS };
