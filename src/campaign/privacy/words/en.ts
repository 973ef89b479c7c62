import type { Texts } from "../../../reports/index.ts";

/** The English texts of `why` and `notice`; the other languages have the same keys. Values are in braces. */
export const ENGLISH = {
  why_title: "Why you see this ad ({campaign})",
  why_rights:
    "You can object to advertising of this kind, withdraw your consent, or ask for what is kept about you to be erased, at any time and without giving a reason.",
  why_models: "Made by: {models}.",
  why_taken_down:
    "The ad itself was taken down: the photo in it was erased. You are shown no ad until a new one is made.",
  why_own_default:
    "You are shown no ad: the photo that customers without a look-alike see is your own picture.",
  offer_holdout:
    "You are shown no ad: a random share of all customers is left out so that the campaign's effect can be measured.",
  offer_explore:
    "The offer {offer} was drawn at random among those that you may be shown: a share of all customers gets such an offer, so that we learn which offer is useful to whom.",
  offer_none: "You are shown no ad: none of the offers was expected to be useful to you.",
  offer_single: "The offer {offer} was chosen because it did best in an earlier test.",
  offer_personal: "The offer {offer} was chosen from what we know of your contract and use.",
  offer_lift:
    "The offer {offer} was chosen because customers who use what you use often choose it next. That is a pattern, not proof that the ad changes anything.",
  offer_lift_factor:
    "The offer {offer} was chosen because customers who use what you use often choose it next ({factor} times as often as customers overall). That is a pattern, not proof that the ad changes anything.",
  whom_all: "customers",
  whom_like_you: "customers like you",
  effect_spent_more:
    "In an earlier test, {whom} who were shown it spent {amount} more than those who were not.",
  effect_spent_less:
    "In an earlier test, {whom} who were shown it spent {amount} less than those who were not.",
  effect_bought_more:
    "In an earlier test, {whom} who were shown it bought {amount} percentage points more often than those who were not.",
  effect_bought_less:
    "In an earlier test, {whom} who were shown it bought {amount} percentage points less often than those who were not.",
  photo_lookalike:
    "You agreed that your photo may be compared with the photos of our models. The picture shows a model whose face resembles yours{distance}. The comparison was made in memory for this one ad; no measurement of your face was kept. Your own photo is not shown to anyone.",
  photo_distance: " (distance {distance})",
  photo_drawn:
    "You agreed that your photo may be compared with the photos of our models. There was one that resembles you, but a random share of these customers is shown another photo, so that we can measure whether resemblance matters. The comparison was made in memory for this one ad; no measurement of your face was kept.",
  photo_network:
    "You agreed that your photo may be compared with the photos of our models, and that we may look at whom you are in touch with. The model in the picture was chosen by way of people you are in touch with. No measurement of a face was kept.",
  photo_default: "The picture is the one that everybody sees: {reason}.",
  reason_unknown: "no photo was chosen for you",
  reason_no_consent: "you have not agreed to face matching, so your photo was not opened",
  reason_consent_unreadable:
    "your consent to face matching is recorded without a date, so your photo was not opened",
  reason_consent_in_future: "your consent to face matching begins later, so your photo was not opened",
  reason_consent_expired: "your consent to face matching has ended, so your photo was not opened",
  reason_consent_withdrawn: "you withdrew your consent to face matching, so your photo was not opened",
  reason_consent_insufficient:
    "your consent to face matching is not recorded as the law where you live requires, so your photo was not opened",
  reason_minor: "we do not compare the faces of young people, so your photo was not opened",
  reason_age_unknown:
    "we do not know your age and do not compare the faces of young people, so your photo was not opened",
  reason_excluded_from_matching:
    "you belong to a group whose faces we do not compare, so your photo was not opened",
  reason_no_photo: "we have no photo of you",
  reason_photo_unreadable: "your photo could not be read",
  reason_no_face: "no face was found on your photo",
  reason_face_too_small: "the face on your photo is too small",
  reason_face_unclear: "the face on your photo is not clear enough",
  reason_ambiguous: "your photo shows several people",
  reason_too_dissimilar: "no model resembles you closely enough",
  reason_too_similar: "the only model found resembles you too closely",
  reason_no_releasable_photo: "no model's photo may be shown at this time and place",
  reason_drawn: "a random share of customers is shown it so that we can measure whether resemblance matters",
  reason_inventory_photo_unreadable: "the photo that was chosen could not be read",
  notice_title: "How we use your photo: {campaign}",
  notice_controller:
    "{brand} [legal name and address of the controller; contact of the data protection officer]",
  notice_what: "What we do, if you agree",
  notice_matching:
    "We compare the face on the photo that you gave us with photos of models who gave us permission, and show you our ad with a model whose face resembles yours. To do so, a computer turns your face into numbers (biometric data) and estimates your age, sex, hair colour and whether you smile. All of this is made in memory, used for this one comparison and then forgotten: it is not stored, not passed on, and not used to identify you. We do not derive your origin, health, religion or any other trait from your face. Your own photo is never shown.",
  notice_without:
    "Without your consent your photo stays closed, and you see the same ad with another picture. Nothing else depends on it.",
  notice_holdout:
    "A random {share} of all customers is shown no ad, so that we can measure the effect of the campaign.",
  notice_faces:
    "Of the customers for whom a similar photo is found, a random share sees another photo, so that we can measure whether resemblance matters.",
  notice_network: "Calls and messages, if you agree",
  notice_network_text:
    "If you agree to this as well, we read with whom you call and write, how often, and which handsets you and they bought and when. We never read what is said or written. We do this only between two people who both agreed; of calls and messages with anyone else we keep nothing. For a share of customers, drawn by lot, the model in the ad was chosen by way of people they are in touch with. Nobody learns who that is. Legal ground: your consent [Directive 2002/58/EC, Article 6(3)]. You may withdraw this consent alone, at any time.",
  notice_excluded: "Who is left out",
  notice_minimum_age: "People younger than {age}.",
  notice_groups: "People younger than {age}, and the groups that our rules exclude.",
  notice_ground: "Legal ground",
  notice_consent:
    "Your consent [{source}]. You may withdraw it at any time, as easily as you gave it: [address]. From that moment no comparison is made any more; what was done before stays lawful.",
  notice_retention: "How long we keep what",
  notice_rights: "Your rights",
  notice_rights_text:
    "You may ask what we keep about you, have it corrected or erased, take it with you, object to advertising, and complain to [supervisory authority]. Erasure removes your consents, decisions and the pictures made only for you; a code remains by which we recognise that you must not be included again.",
  notice_version: "Version [notice version, as consents record it]",
  table_head: "| data | what it is | kept |",
  table_until_erased: "until erased",
  table_permanently: "permanently",
  table_days: "{days} days from {start}",
  class_decisions: "which offer and which model's photo you were shown, and why",
  from_decisions: "the end of the campaign's run",
  class_creatives: "finished pictures that no decision names any more",
  from_creatives: "the day they were made",
  class_consents: "your consent and its withdrawal",
  from_consents: "the day it ended",
  class_releases: "photos of models and the measurements of their faces",
  from_releases: "the end of the model's release",
  class_audit: "a log of what was done, which knows you by a code only",
  from_audit: "the day of the entry",
} as const;

export type PrivacyWord = keyof typeof ENGLISH;

export type PrivacyWords = Texts<PrivacyWord>;
